"""What a request may say."""

from api.web.http.models import MAX_DURATION_MS, SearchBody
from archive.access.query import AgentClue, AnyAgentClue, DurationClue
from tests.api.examples import window


def test_several_agents_are_any_of_them() -> None:
    """As on the command line; two clues of one agent each want both in the call."""
    body = SearchBody.model_validate(
        {"window": window(), "clues": [{"kind": "agents", "values": ["田中", "大野"]}]}
    )

    assert body.query("").clues == (AnyAgentClue((AgentClue("田中"), AgentClue("大野"))),)


def test_a_duration_has_both_ends_or_one() -> None:
    """ "At least a minute" is a clue too."""
    body = SearchBody.model_validate(
        {"window": window(), "clues": [{"kind": "duration", "min_ms": 60_000}]}
    )

    assert body.query("").clues == (DurationClue(min_ms=60_000, max_ms=MAX_DURATION_MS),)


def test_the_ends_of_the_calendar_are_a_window() -> None:
    """ "All calls" must not overflow in the depths of the calendar."""
    body = SearchBody.model_validate(
        {"window": window("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")}
    )

    assert body.query("").window.start_us < 0 < body.query("").window.end_us
