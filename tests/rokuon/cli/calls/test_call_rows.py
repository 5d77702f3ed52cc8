"""What was found, as people read it."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.calls.call_summaries import by_calls
from api.web.http.models import FoundView
from archive.access.query import SearchQuery
from rokuon.cli.calls.call_rows import lines_of, rows_of
from tests.archive.catalog.examples import (
    MINUTE_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
)
from tests.support.catalog.search import ALWAYS, ask

TOKYO = ZoneInfo("Asia/Tokyo")
LATER_US = STARTED_US + 20 * MINUTE_US


def found(folder: Path) -> list[dict[str, Any]]:
    """Two recordings of one call with different parties, and a call of its own before them."""
    engine = new_catalog(folder)
    first = (*inbound(), of_group("g"))
    second = inbound(LATER_US, customer="sip:+81399990000@carrier.example", agent="sip:2002@pbx")
    adopt(engine, adoption(1, first))
    adopt(engine, adoption(2, (*second, of_group("g", LATER_US))))
    adopt(engine, adoption(3, inbound(STARTED_US - 60 * MINUTE_US)))
    page = ask(engine, SearchQuery(window=ALWAYS))
    return [FoundView.found(each, page, TOKYO).model_dump(mode="json") for each in page.found]


def test_a_call_of_several_recordings_is_one_line_with_all_numbers(tmp_path: Path) -> None:
    """From its first begin to its last end."""
    calls = by_calls(found(tmp_path), 10)
    line, other = lines_of(calls, TOKYO)

    assert line["numbers"] == ["+81312347788", "2001", "+81399990000", "2002"]
    assert (line["recordings"], line["duration_s"]) == (2, 29 * 60.0)
    assert line["started_at"] == "2026-10-29T17:42:10+09:00"
    assert (other["recordings"], other["duration_s"]) == (1, 9 * 60.0)
    assert [len(rows_of(calls, TOKYO)), calls.is_more] == [3, False]


def test_the_limit_counts_calls_and_says_that_there_are_more(tmp_path: Path) -> None:
    """What is cut off in silence is taken for all there is."""
    rows = found(tmp_path)

    assert (len(by_calls(rows, 1).calls), by_calls(rows, 1).is_more) == (1, True)
    assert (len(by_calls(rows, 2).calls), by_calls(rows, 2).is_more) == (2, False)
    assert by_calls([], 1).is_more is False


def test_of_its_directions_the_first_that_is_known_is_that_of_the_call(tmp_path: Path) -> None:
    """A piece without a customer says nothing of the whole."""
    later, first, *_ = found(tmp_path)
    (line,) = lines_of(by_calls([later, {**first, "direction": "unknown"}], 9), TOKYO)

    assert line["direction"] == later["direction"]
