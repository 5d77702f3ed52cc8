"""What a request may say."""

import pytest
from pydantic import ValidationError

from api.web.models import MAX_DURATION_MS, SearchBody
from archive.catalog.query import AgentClue, AnyAgentClue, DurationClue
from tests.api.examples import window
from tests.archive.catalog.examples import STARTED_US


@pytest.mark.parametrize(
    "moment",
    [
        "2026-10-29T17:42:10+09:00",
        "2026-10-29T08:42:10Z",
        "2026-10-29t08:42:10z",
        "2026-10-29T08:42:10.000000000Z",
        "2026-10-29T03:42:10.0-05:00",
    ],
)
def test_a_time_is_a_time_of_rfc_3339(moment: str) -> None:
    """Five spellings of one moment."""
    body = SearchBody.model_validate({"window": window(start=moment)})

    assert body.query("").window.start_us == STARTED_US


@pytest.mark.parametrize(
    "moment",
    [
        "2026-10-29T17:42:10",
        "2026-10-29 17:42:10Z",
        "2026-10-29",
        "",
        0,
        1.5,
        True,
        None,
        "2026-13-01T00:00:00Z",
        "2026-10-29T25:00:00Z",
        "2026-10-29T17:42Z",
        "٢026-10-29T00:00:00Z",
    ],
)
def test_nothing_else_is_a_time(moment: object) -> None:
    """Numbers and local times would be read in some zone that nobody named."""
    with pytest.raises(ValidationError):
        SearchBody.model_validate({"window": window() | {"from": moment}})


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
