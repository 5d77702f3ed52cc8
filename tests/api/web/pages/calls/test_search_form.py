"""The form of the search: what was typed, and what it means."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from api.web.http.language import Reader
from api.web.pages.calls.search_form import RANGES, SearchForm, read_form
from api.web.pages.forms import Form
from api.words.texts import in_english
from archive.access.query import AgentClue, AnyAgentClue, DurationClue

TOKYO = ZoneInfo("Asia/Tokyo")
# A Thursday.
NOW = datetime(2026, 10, 29, 12, 0, tzinfo=UTC)


def typed(query: str) -> SearchForm:
    """What a query means on that Thursday."""
    return read_form(Form.parse(query), TOKYO, "JP", NOW)


@pytest.mark.parametrize("chosen", [each for each in RANGES if each != "dates"])
def test_every_quick_range_ends_with_a_day_that_has_begun(chosen: str) -> None:
    """A range of the future would be empty and say nothing of it."""
    query = typed(f"range={chosen}").query

    assert query is not None
    assert query.window.start_at < NOW
    assert query.window.start_at.astimezone(TOKYO).hour == 0


def test_dates_are_read_as_in_the_country_of_the_installation() -> None:
    """In Germany 3/4 is in April."""
    query = read_form(Form.parse("from=3/4"), TOKYO, "DE", NOW).query

    assert query is not None
    assert f"{query.window.start_at.astimezone(TOKYO):%m-%d}" == "04-03"


def test_without_anything_the_last_seven_days_are_meant() -> None:
    """The page is no blank one when it is opened."""
    query = typed("").query

    assert query is not None
    assert (query.window.end_at - query.window.start_at).days == 7


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("range=dates&from=soon", "from"),
        ("range=dates", "from"),
        ("range=whenever", "from"),
        ("range=dates&from=2026-10-30&to=2026-10-29", "from"),
        ("number=77", "number"),
        ("direction=sideways", "direction"),
        ("number=0312345678&told_as=boss", "told_as"),
        ("told_as=queue", "told_as"),
        ("least=long", "least"),
        ("least=9&most=1", "least"),
        ("least=nan", "least"),
        ("least=inf", "least"),
        ("most=1e400", "least"),
        ("from=9999-12-31", "from"),
        ("from=0001-01-01T00:00%2B14:00&to=2026-01-01", "from"),
        ("from=9999-12-31T23:59-12:00&to=9999-12-31T23:59-14:00", "from"),
        ("after=zzz", "after"),
        ("agent=" + "a" * 201, "agent"),
        ("agent=%20,%20", "agent"),
        ("colour=blue", "colour"),
    ],
)
def test_what_cannot_be_understood_is_said_beside_its_field_and_nothing_is_sought(
    query: str, field: str
) -> None:
    """A filter that is dropped in silence shows calls that nobody asked for."""
    form = typed(query)

    assert (form.query, list(form.wrong)) == (None, [field])
    assert form.what_is_wrong(field, Reader("en", in_english))


def test_dates_that_are_typed_are_in_force_whatever_range_stands_above_them() -> None:
    """Whoever types a day means it; the form says so."""
    form = typed("range=today&from=2026-10-01")

    assert form.query is not None
    assert (form.query.window.start_at.day, form.range) == (1, "dates")


def test_several_agents_are_any_of_them_also_with_a_japanese_comma() -> None:
    """As on the command line."""
    query = typed("agent=田中、中田").query
    alone = typed("agent=田中").query

    assert query is not None
    assert alone is not None
    assert query.clues == (AnyAgentClue((AgentClue("田中"), AgentClue("中田"))),)
    assert alone.clues == (AgentClue("田中"),)


def test_lengths_are_in_minutes() -> None:
    """Nobody remembers milliseconds."""
    query = typed("least=2.5&most=10").query

    assert query is not None
    assert query.clues == (DurationClue(min_ms=150_000, max_ms=600_000),)
