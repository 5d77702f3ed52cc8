"""Recordings as calls."""

from typing import Any

from api.calls.call_summaries import UNKNOWN, CallLine, PartyLabel, by_calls, label_of


def leg(side: str, name: str, number: str, agent: str = "", **more: Any) -> dict[str, Any]:
    """Who stayed."""
    return {
        "side": side,
        "side_guessed": False,
        "party": None,
        "name": name,
        "number": number,
        "numbers": [{"number": number}],
        "agent": {"name": agent} if agent else None,
        **more,
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
        "flags": [],
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

    assert line.parties("agent") == [PartyLabel("田中", numbers=("2001",))]
    assert line.parties("customer") == [PartyLabel("7788")]
    assert line.numbers == ["2001", "7788"]
    assert label_of(leg("agent", "x", "2001")) == "x"


def test_who_is_on_a_side_by_a_guess_is_marked_and_comes_last() -> None:
    """Nobody takes a guess for known; who is known to be there is no guess."""
    guess = leg("agent", "鈴木", "2002", side_guessed=True)
    line = CallLine([recording("a", 0, guess, leg("agent", "田中", "2001"))])
    both = CallLine([recording("a", 0, guess, leg("agent", "鈴木", "2002"))])

    known, guessed = line.parties("agent")
    assert known == PartyLabel("田中", numbers=("2001",))
    assert guessed == PartyLabel("鈴木", is_guess=True, numbers=("2002",))
    assert both.parties("agent") == [PartyLabel("鈴木", numbers=("2002",))]


def test_who_called_whom_is_told_whatever_is_known_of_sides() -> None:
    """And nothing where nobody says it."""
    caller = leg("unknown", "", "7788", party={"end": "caller", "because": "invite"})
    callee = leg("unknown", "", "2001", party={"end": "callee", "because": "invite"})
    later = leg("unknown", "", "2002")

    ends = ([PartyLabel("7788")], [PartyLabel("2001")])
    assert CallLine([recording("a", 0, callee, caller, later)]).called() == ends
    assert CallLine([recording("a", 0, later)]).called() == ([], [])


def test_a_call_is_found_by_a_guess_where_none_of_its_recordings_is_known_to_fit() -> None:
    """One that is known puts the call among the known ones."""
    known, guessed = recording("a", 0, by_guess=False), recording("a", 5, by_guess=True)

    assert CallLine([guessed]).is_by_guess
    assert not CallLine([guessed, known]).is_by_guess


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


def test_that_nobody_is_heard_in_a_recording_stands_in_the_place_of_its_state() -> None:
    """Whoever looks for a call need not open it for that; of one that is gone it is moot."""
    silent = recording("a", 0, flags=["no_sound"])

    assert CallLine([silent, {**silent, "state": "side_missing"}]).states == ["no_sound"]
    assert CallLine([{**silent, "state": "destroyed"}, recording("a", 5)]).states == [
        "destroyed",
        "complete",
    ]
