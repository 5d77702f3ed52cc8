"""Clues as they are typed."""

from rokuon.cli.calls.clues import LONGEST_CALL_MS, clues_of


def test_what_is_not_remembered_is_no_clue() -> None:
    """Several agents are one clue, of which any one is enough."""
    assert clues_of([], {"number": "", "tag": ""}, (0.0, None)) == []
    assert clues_of(["a"], {"tag": "vip"}, (0.0, None)) == [
        {"kind": "agent", "value": "a"},
        {"kind": "tag", "value": "vip"},
    ]
    assert clues_of(["a", "b"], {}, (1.5, None)) == [
        {"kind": "agents", "values": ["a", "b"]},
        {"kind": "duration", "min_ms": 1_500, "max_ms": LONGEST_CALL_MS},
    ]
