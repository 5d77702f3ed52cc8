"""Recordings as calls."""

from typing import Any

from api.calls.call_summaries import UNKNOWN, CallLine, by_calls, label_of


def leg(side: str, name: str, number: str, agent: str = "") -> dict[str, Any]:
    """Who stayed."""
    return {
        "side": side,
        "name": name,
        "number": number,
        "numbers": [{"number": number}],
        "agent": {"name": agent} if agent else None,
    }


def recording(call: str, minute: int, *legs: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Two minutes of a call."""
    return {
        "conversation": call,
        "started_at": f"2026-10-29T17:{minute:02}:00+09:00",
        "ended_at": f"2026-10-29T17:{minute + 2:02}:00+09:00",
        "duration_ms": 120_000,
        "held_ms": 1_000,
        "direction": "inbound",
        "state": "complete",
        "legs": list(legs),
        **changed,
    }


def test_a_call_of_two_recordings_is_one_line_from_its_first_begin_to_its_last_end() -> None:
    """With what lies between."""
    line = CallLine([recording("a", 10), recording("a", 0)])

    assert line.duration_ms == 12 * 60_000
    assert (line.started_at.minute, line.held_ms) == (0, 2_000)


def test_everybody_is_named_once_and_by_the_best_name() -> None:
    """The table's name, what the call says, a number."""
    line = CallLine(
        [
            recording("a", 10, leg("agent", "x", "2001", "田中"), leg("customer", "", "7788")),
            recording("a", 0, leg("agent", "x", "2001", "田中")),
        ]
    )

    assert (line.parties("agent"), line.parties("customer")) == (["田中"], ["7788"])
    assert line.numbers == ["2001", "7788"]
    assert label_of(leg("agent", "x", "2001")) == "x"


def test_a_direction_that_one_recording_knows_is_that_of_the_call() -> None:
    """None is none."""
    known = recording("a", 0)
    unknown = recording("a", 10, direction=UNKNOWN)

    assert CallLine([unknown, known]).direction == "inbound"
    assert CallLine([unknown]).direction == UNKNOWN


def test_calls_are_counted_and_not_recordings() -> None:
    """A limit that counts recordings cuts a call in two."""
    rows = [recording("a", 10), recording("b", 5), recording("a", 0)]

    assert [len(call) for call in by_calls(rows, 2).calls] == [2, 1]
    assert (by_calls(rows, 1).is_more, by_calls(rows, 2).is_more) == (True, False)
