"""The ledger for the command line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from archive.events import CallEnded
from rokuon.compose.catalog import open_catalog
from rokuon.compose.ledger import ledger_of
from tests.archive.catalog.examples import adopt, adoption
from tests.archive.reading.scenes import START_US
from tests.rokuon.compose.test_exports import actions, refused
from tests.rokuon.installation import Installation

BEGIN = datetime.fromtimestamp(START_US / 1e6, UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
DAY_US = 24 * 3_600 * 1_000_000


def test_a_recorded_call_has_a_row_and_the_question_is_journalled(site: Installation) -> None:
    """Who asks whether somebody called leaves a trace."""
    before = actions(site).count("ledger_seen")
    hour = timedelta(hours=1)
    ((row,),) = ledger_of(site.config, BEGIN - hour, BEGIN + hour, source="", shown_in=TOKYO)

    assert (row["source"], row["fate"], row["call_id"]) == ("loopback", "recorded", "one@example")
    assert str(row["at"]).endswith("+09:00")
    assert row["recording"]
    assert str(row["parties"]).startswith("佐藤 +81")
    others = ledger_of(site.config, BEGIN - hour, BEGIN + hour, source="x", shown_in=None)
    assert list(others) == [[]]
    assert actions(site).count("ledger_seen") == before + 2


def test_all_rows_come_page_after_page(site: Installation) -> None:
    """A flood of refused calls is the very time that somebody has to account for."""
    day = timedelta(days=1)
    catalog = open_catalog(site.config)
    flood = [
        replace(refused(f"{number}@flood"), at_us=START_US + 2 * DAY_US) for number in range(1_203)
    ]
    adopt(catalog, adoption(7, (*flood, CallEnded(at_us=START_US + 2 * DAY_US, reason="bye"))))
    catalog.dispose()
    begin = BEGIN + 2 * day
    pages = ledger_of(site.config, begin, begin + day, source="", shown_in=None)

    assert [len(page) for page in pages] == [500, 500, 203]
