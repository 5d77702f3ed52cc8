"""Clues as they are typed."""

from inspect import signature

from archive.attributes import SOUGHT
from rokuon.cli.calls.clues import LONGEST_CALL_MS, read_clues


def test_what_is_not_remembered_is_no_clue() -> None:
    """Several agents are one clue, of which any one is enough."""
    assert read_clues() == []
    assert read_clues(["a"], tag="vip") == [
        {"kind": "agent", "value": "a"},
        {"kind": "tag", "value": "vip"},
    ]
    assert read_clues(["a", "b"], min_duration=1.5) == [
        {"kind": "agents", "values": ["a", "b"]},
        {"kind": "duration", "min_ms": 1_500, "max_ms": LONGEST_CALL_MS},
    ]


def test_each_mark_that_is_sought_is_an_option_and_a_clue() -> None:
    """One more is declared, not typed in again; its option stands behind that of ids."""
    options = list(signature(read_clues).parameters)
    behind = options.index("id_") + 1
    assert tuple(options[behind : behind + len(SOUGHT)]) == SOUGHT
    assert read_clues(**dict.fromkeys(SOUGHT, "x")) == [
        {"kind": kind, "value": "x"} for kind in SOUGHT
    ]
