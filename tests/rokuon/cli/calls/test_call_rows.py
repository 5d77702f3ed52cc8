"""Calls as rows: what is known, what is a guess, what nobody knows."""

from datetime import UTC
from typing import Any

import pytest

from api.calls.call_summaries import Grouped
from rokuon.cli.calls.call_rows import lines_of, rows_of
from rokuon.cli.words.values import cell
from rokuon.messages import i18n


def leg(side: str, name: str, *, guessed: bool = False) -> dict[str, Any]:
    return {
        "side": side, "side_guessed": guessed, "party": None, "name": name, "number": "",
        "numbers": [], "agent": None,
    }  # fmt: skip


def found(*legs: dict[str, Any]) -> Grouped:
    recording = {
        "conversation": "c", "recording": "r", "source": "pbx", "state": "complete", "flags": [],
        "started_at": "2026-10-29T17:00:00+09:00", "ended_at": "2026-10-29T17:02:00+09:00",
        "duration_ms": 120_000, "held_ms": 0, "direction": "unknown", "direction_because": "",
        "limit": None, "legs": list(legs),
    }  # fmt: skip
    return Grouped(((recording,),), is_more=False)


@pytest.mark.parametrize(
    ("legs", "told"),
    [
        ((leg("customer", "花子"),), ("花子", "not known")),
        ((leg("customer", "花子", guessed=True),), ("花子 (a guess)", "not known")),
        ((leg("unknown", "花子"),), ("not known", "not known")),
        ((leg("customer", "花子"), leg("unknown", "x")), ("花子", "not known")),
        (
            (leg("agent", "田中"), leg("agent", "鈴木", guessed=True)),
            ("not known", "田中, 鈴木 (a guess)"),
        ),
    ],
)
def test_a_line_tells_known_guessed_and_unknown_apart(
    legs: tuple[dict[str, Any], ...], told: tuple[str, str]
) -> None:
    """By words: a terminal has no other way that everybody sees."""
    (line,) = lines_of(found(*legs), UTC)

    assert (line["customer"], line["agent"]) == told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "大野 守 (before the correction: 田中 真由, A18)"),
        ("ja", "大野 守 (訂正前: 田中 真由, A18)"),
    ],
)
def test_who_was_taken_for_the_agent_before_a_correction_stands_beside(
    language: str, told: str
) -> None:
    """As known now and as of then; whom the table does not name is told by the id."""
    agent = {
        "name": "大野 守",
        "former_ids": ["A17", "A18"],
        "former_names": ["田中 真由", ""],
    }
    call = found({**leg("agent", ""), "agent": agent})
    i18n.speak(language)
    try:
        (line,), (row,) = lines_of(call, UTC), rows_of(call, UTC)
    finally:
        i18n.speak("en")

    assert line["agent"] == told
    assert (row["agent"], row["agent_was"]) == ("大野 守", ["田中 真由", "A18"])


@pytest.mark.parametrize(
    ("language", "told"), [("en", "number withheld, payphone"), ("ja", "番号非通知, 公衆電話")]
)
def test_a_number_that_is_not_shown_is_told_in_words(language: str, told: str) -> None:
    """`payphone` is what a device writes; a program reads that."""
    legs = [leg("customer", each) for each in ("Anonymous", "payphone")]
    i18n.speak(language)
    try:
        (line,), (row,) = lines_of(found(*legs), UTC), rows_of(found(*legs), UTC)
        numbers = cell("numbers", ["anonymous", "payphone"])
    finally:
        i18n.speak("en")

    assert line["customer"] == numbers == told
    assert row["customer"] == "Anonymous, payphone"


def test_who_is_on_no_side_is_named_all_the_same() -> None:
    """That nobody knows the side is no reason to leave out who it was."""
    (line,) = lines_of(found(leg("unknown", "花子"), leg("agent", "田中")), UTC)
    (twice,) = lines_of(found(leg("unknown", "田中"), leg("agent", "田中")), UTC)

    assert (line["others"], twice["others"]) == (["花子"], [])


def test_a_program_finds_what_is_known_and_what_is_a_guess_apart() -> None:
    """Nobody who reads `agent` takes a guess for the agent."""
    (row,) = rows_of(found(leg("agent", "鈴木", guessed=True), leg("agent", "田中")), UTC)

    assert (row["agent"], row["agent_guess"]) == ("田中", "鈴木")
    assert (row["customer"], row["customer_guess"], row["caller"]) == ("", "", "")
