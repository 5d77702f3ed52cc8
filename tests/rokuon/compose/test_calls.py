"""Calls of the command line: found and shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.catalog.query import MAX_LIMIT, QueryRefused
from archive.events import RouteTaken
from rokuon.choices import Direction
from rokuon.compose.calls import CallQuery, find_calls, show_call
from rokuon.compose.catalog import prepare_catalog
from rokuon.compose.errors import NothingFound
from tests.archive.catalog.examples import (
    adopt,
    adoption,
    inbound,
    inline,
    notice_played,
    notice_reported,
)
from tests.archive.reading.scenes import START_US
from tests.rokuon.installation import CUSTOMER_NUMBER, SECONDS, Installation, put_catalog

BEGIN = datetime.fromtimestamp(START_US / 1e6, UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def query(
    *,
    since: datetime = BEGIN - timedelta(minutes=1),
    agent: str = "",
    number: str = "",
    direction: Direction | None = None,
    min_duration_s: float = 0,
    max_duration_s: float | None = None,
) -> CallQuery:
    """A question that the call of the installation answers, unless it is changed."""
    return CallQuery(
        since=since,
        until=BEGIN + timedelta(minutes=1),
        agent=(agent,) if agent else (),
        number=number,
        id="",
        direction=direction,
        min_duration_s=min_duration_s,
        max_duration_s=max_duration_s,
        limit=10,
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (query(), 1),
        (query(since=BEGIN + timedelta(seconds=30)), 0),
        (query(number=CUSTOMER_NUMBER), 1),
        (query(number="1234"), 1),
        (query(number="9999"), 0),
        (query(agent="田中"), 1),
        (query(agent="鈴木"), 0),
        (query(direction=Direction.OUTBOUND), 0),
        (query(min_duration_s=SECONDS + 5), 0),
        (query(max_duration_s=SECONDS + 5), 1),
        (query(max_duration_s=0), 0),
    ],
)
def test_a_call_is_found_by_every_clue_that_fits_and_by_no_other(
    site: Installation, asked: CallQuery, found: int
) -> None:
    """Window, number, agent, direction and length."""
    assert len(find_calls(site.config, asked, shown_in=TOKYO)) == found


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (1000, 5)])
def test_more_calls_than_a_page_holds_are_found_all_the_same(
    site: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, count: int
) -> None:
    """Page after page of two: newest first, none twice, and no more than asked for."""
    monkeypatch.setattr("rokuon.compose.calls.MAX_LIMIT", 2)
    config = replace(site.config, node=replace(site.config.node, data=tmp_path))
    started = [inbound(START_US + n * 1_000_000) for n in range(5)]
    put_catalog(config)
    adopt(prepare_catalog(config), *(adoption(n, told) for n, told in enumerate(started)))
    rows = find_calls(config, replace(query(), limit=limit), shown_in=TOKYO)
    found, began = ([row[key] for row in rows] for key in ("recording", "started_at"))

    assert len(set(found)) == len(found) == count
    assert began == sorted(began, key=str, reverse=True)


def test_more_than_a_page_may_be_asked_for(site: Installation) -> None:
    """`--limit` takes as many as 1,000."""
    assert len(find_calls(site.config, replace(query(), limit=2 * MAX_LIMIT), shown_in=TOKYO)) == 1


def test_times_are_shown_in_the_zone_that_was_asked_in(site: Installation) -> None:
    """The server's own zone is nobody's."""
    row = find_calls(site.config, query(), shown_in=TOKYO)[0]

    assert str(row["started_at"]).endswith("+09:00")
    assert (row["customer"], row["agent"]) == ("佐藤", "田中")


def test_a_search_that_makes_no_sense_is_refused_by_name(site: Installation) -> None:
    """Not an empty result."""
    with pytest.raises(QueryRefused):
        find_calls(site.config, query(since=BEGIN + timedelta(days=2)), shown_in=TOKYO)


def test_a_call_and_its_recording_show_the_same_legs(site: Installation) -> None:
    """Either id opens it."""
    row = find_calls(site.config, query(), shown_in=TOKYO)[0]
    by_call = show_call(site.config, str(row["call"]))
    by_recording = show_call(site.config, str(row["recording"]))

    assert by_call["recordings"] == by_recording["recordings"]
    assert "田中" in str(by_call["recordings"])


@pytest.mark.parametrize("call", ["0" * 32, "not an id", ""])
def test_an_id_that_nothing_has_is_said_so(site: Installation, call: str) -> None:
    """And nothing is written."""
    with pytest.raises(NothingFound):
        show_call(site.config, call)


def test_a_call_is_found_by_the_marks_of_its_route_and_shows_them(
    site: Installation, tmp_path: Path
) -> None:
    """What `[[route]]` says of its recordings."""
    config = replace(site.config, node=replace(site.config.node, data=tmp_path))
    taken = RouteTaken(
        at_us=START_US, route="r", target="pbx", mode="yes", queue="support", tags=("gold",)
    )
    put_catalog(config)
    adopt(prepare_catalog(config), adoption(1, (*inbound(START_US), taken)))
    asked = replace(query(), queue="SUPPORT", tag="gold")
    (row,) = find_calls(config, asked, shown_in=TOKYO)
    recordings = show_call(config, str(row["call"]))["recordings"]
    assert isinstance(recordings, list)

    assert recordings[0]["route"] == {
        "route": "r", "target": "pbx", "mode": "yes", "queue": "support", "purpose": "",
        "controller": "", "tags": ["gold"],
    }  # fmt: skip
    assert find_calls(config, replace(asked, tag="silver"), shown_in=TOKYO) == []


def test_a_call_is_found_by_its_notice_and_shows_it(site: Installation, tmp_path: Path) -> None:
    """Which wording went to whom, and what he said of it."""
    config = replace(site.config, node=replace(site.config.node, data=tmp_path))
    put_catalog(config)
    adopt(prepare_catalog(config), adoption(1, inline(notice_played(), notice_reported(100))))
    asked = replace(query(), since=BEGIN - timedelta(days=30), until=BEGIN + timedelta(days=300))
    (row,) = find_calls(config, replace(asked, notice="unheard"), shown_in=TOKYO)
    recordings = show_call(config, str(row["call"]))["recordings"]
    assert isinstance(recordings, list)
    (notice,) = recordings[0]["notices"]

    assert (notice["to"], notice["wording"], notice["outcome"]) == (
        "caller",
        "録音します",
        "unheard",
    )
    assert (notice["from"], notice["until"]) == (
        "2026-10-29T08:42:10.000000+00:00", "2026-10-29T08:42:12.000000+00:00",
    )  # fmt: skip
    assert (notice["sent_ms"], notice["whole_ms"], notice["lost"]) == (2_000, 2_000, 100)
    assert find_calls(config, replace(asked, notice="complete"), shown_in=TOKYO) == []
