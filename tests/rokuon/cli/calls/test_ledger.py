"""`rokuon calls ledger`."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from archive.call.events import CallEnded
from rokuon.cli.terminal.exits import Exit
from rokuon.compose.archive.catalog import open_catalog
from tests.archive.catalog.examples import adopt, adoption
from tests.archive.reading.scenes import START_US
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation
from tests.support.cli.calls import DAY, WINDOW, several
from tests.support.cli.copies import actions, refused

DAY_US = 24 * 3_600 * 1_000_000


def test_a_recorded_call_has_a_row_and_the_question_is_journalled(site: Installation) -> None:
    """Who asks whether somebody called leaves a trace."""
    before = actions(site).count("ledger_seen")
    (row,) = json.loads(run_at(site, "calls", "ledger", *WINDOW, "-o", "json").stdout)
    unknown = run_at(site, "calls", "ledger", *WINDOW, "--source", "x")

    assert (row["source"], row["fate"], row["call_id"]) == ("loopback", "recorded", "one@example")
    assert str(row["at"]).endswith("+09:00")
    assert row["recording"]
    assert str(row["parties"]).startswith("佐藤 +81")
    assert unknown.exit_code == Exit.USAGE
    assert actions(site).count("ledger_seen") == before + 1


def test_all_rows_come_page_after_page(site: Installation, tmp_path: Path) -> None:
    """A flood of refused calls is the very time that somebody has to account for."""
    own = several(tmp_path, site, 0)
    catalog = open_catalog(own.config)
    flood = [
        replace(refused(f"{number}@flood"), at_us=START_US + 2 * DAY_US) for number in range(1_203)
    ]
    adopt(catalog, adoption(7, (*flood, CallEnded(at_us=START_US + 2 * DAY_US, reason="bye"))))
    catalog.dispose()
    later = (datetime.fromisoformat(DAY) + timedelta(days=2)).date().isoformat()
    day = ("--from", later, "--to", later, "--zone", "Asia/Tokyo")
    rows = json.loads(run_at(own, "calls", "ledger", *day, "-o", "json").stdout)

    assert len({row["call_id"] for row in rows}) == 1_203
    assert actions(own).count("ledger_seen") == 3
