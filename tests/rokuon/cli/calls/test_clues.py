"""Clues as they are typed."""

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
