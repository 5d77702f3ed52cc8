"""What may be asked, and how it is understood."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from archive.access.query import (
    MAX_CLUES,
    MAX_LIMIT,
    NEWEST,
    AgentClue,
    Cursor,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    QueryRefused,
    SearchQuery,
    Window,
    zone_named,
)
from tests.archive.catalog.examples import STARTED_US, TOKYO, recording_id
from tests.support.catalog.query import october


def test_a_time_without_offset_is_refused() -> None:
    """Guessing the server's zone is how exports come out empty."""
    naive = datetime.fromisoformat("2026-10-29T17:00")

    with pytest.raises(QueryRefused, match="offset") as refused:
        Window(start_at=naive, end_at=october().end_at, zone=TOKYO)

    assert refused.value.field == "window.from"


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    """Silence would look like "no such call"."""
    with pytest.raises(QueryRefused):
        october("2026-10-29T18:00", "2026-10-29T17:00")


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    """02:30 on the last Sunday of October in Berlin: the offset says which."""
    berlin = ZoneInfo("Europe/Berlin")
    summer = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    winter = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)

    window = Window(start_at=summer, end_at=winter, zone=berlin)

    assert window.end_us - window.start_us == 3_600_000_000


def test_the_ends_of_the_calendar_are_times_too() -> None:
    """ "All calls" is a window; it must not overflow."""
    window = Window(
        start_at=datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        end_at=datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        zone=TOKYO,
    )

    assert -(1 << 62) < window.start_us < window.end_us < NEWEST.started_us


@pytest.mark.parametrize("name", ["", "Tokyo", "../etc/passwd", "/etc/localtime", "localtime"])
def test_only_named_zones_are_zones(name: str) -> None:
    """The server's own zone is nobody's choice."""
    with pytest.raises(QueryRefused):
        zone_named(name)


def test_a_cursor_survives_being_text() -> None:
    """It goes to the client and comes back."""
    cursor = Cursor(started_us=STARTED_US, recording=recording_id())

    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize("text", ["", "x", "AAAA", "ü", "A" * 31, str(NEWEST) + "AAAA"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    """A cursor comes from outside like everything else."""
    with pytest.raises(QueryRefused):
        Cursor.parse(text)


@pytest.mark.parametrize("limit", [0, -1, MAX_LIMIT + 1])
def test_a_page_has_a_size(limit: int) -> None:
    """Neither nothing nor everything."""
    with pytest.raises(QueryRefused):
        SearchQuery(window=october(), limit=limit)


def test_clues_are_counted() -> None:
    """Each costs a look into an index."""
    with pytest.raises(QueryRefused):
        SearchQuery(window=october(), clues=(AgentClue("x"),) * (MAX_CLUES + 1))


@pytest.mark.parametrize("text", ["", "  ", "・・", "a b c d e f g"])
def test_an_agent_has_a_name_of_one_to_six_words(text: str) -> None:
    """A clue without a word would match everybody, so the filter would be ignored."""
    with pytest.raises(QueryRefused):
        AgentClue(text)


@pytest.mark.parametrize("text", ["12", "", "1" * 21])
def test_a_number_has_at_least_three_digits(text: str) -> None:
    """Two digits would match a third of the archive."""
    with pytest.raises(QueryRefused):
        PhoneClue.parse(text, "JP")


def test_a_duration_is_a_range() -> None:
    """The shorter end comes first."""
    with pytest.raises(QueryRefused):
        DurationClue(min_ms=2, max_ms=1)


@pytest.mark.parametrize("text", ["", "  ", "x" * 257])
def test_an_id_is_something_and_not_endless(text: str) -> None:
    """A question without a question finds nothing; nor is a mark."""
    with pytest.raises(QueryRefused):
        IdClue(text)
    with pytest.raises(QueryRefused):
        MarkClue("tag", text)
