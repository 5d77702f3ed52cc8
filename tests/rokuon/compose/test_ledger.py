"""The ledger for the command line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rokuon.compose.ledger import ledger_of
from tests.archive.reading.scenes import START_US
from tests.rokuon.compose.test_exports import actions
from tests.rokuon.installation import Installation

BEGIN = datetime.fromtimestamp(START_US / 1e6, UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def test_a_recorded_call_has_a_row_and_the_question_is_journalled(site: Installation) -> None:
    """Who asks whether somebody called leaves a trace."""
    before = actions(site).count("searched")
    hour = timedelta(hours=1)
    (row,) = ledger_of(site.config, BEGIN - hour, BEGIN + hour, source="", shown_in=TOKYO)

    assert (row["source"], row["fate"], row["call_id"]) == ("loopback", "recorded", "one@example")
    assert str(row["at"]).endswith("+09:00")
    assert row["recording"]
    assert str(row["parties"]).startswith("佐藤 +81")
    assert ledger_of(site.config, BEGIN - hour, BEGIN + hour, source="x", shown_in=None) == []
    assert actions(site).count("searched") == before + 2
