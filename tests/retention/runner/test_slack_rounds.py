"""When the catalog's files are gone through: at the start, and after every run."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from archive.catalog.database.engine import writing
from archive.catalog.destruction.plans import PlanContent, append_plan, end_plan
from archive.catalog.journal.entries import append
from archive.ids import DEFAULT_TENANT, PlanId
from retention.decisions.run_stages import Ended
from retention.runner.slack_rounds import IDLE_S, CatalogSlack
from tests.archive.catalog.examples import NOW_US, author, new_catalog

CONTENT = PlanContent(
    id=PlanId(bytes(16)), sha256=bytes(32), decided_us=NOW_US, recordings=0, size_bytes=0,
    cooling_off_h=0,
)  # fmt: skip


def through(passes: CatalogSlack) -> int:
    """How many rounds it does not rest in."""
    done = 0
    while passes.round() != IDLE_S:
        done += 1
    return done


@pytest.mark.sqlite
def test_a_pass_is_made_at_the_start_and_after_a_run(tmp_path: Path) -> None:
    """And none between: reading tens of gigabytes for nothing is one."""
    engine = new_catalog(tmp_path)
    passes = CatalogSlack(engine=engine, tenant=DEFAULT_TENANT)
    first, idle = through(passes), through(passes)
    with writing(engine) as connection:
        number = append_plan(connection, author(), CONTENT, ())
        end_plan(connection, number, NOW_US, Ended.DONE)

    assert first > 1
    assert idle == 0
    assert through(passes) > 1


@pytest.mark.sqlite
def test_a_pass_is_made_when_texts_of_the_journal_have_gone(tmp_path: Path) -> None:
    """What was typed lies in pages that have overflowed, as numbers of calls do."""
    engine = new_catalog(tmp_path)
    passes = CatalogSlack(engine=engine, tenant=DEFAULT_TENANT)
    through(passes)
    with writing(engine) as connection:
        append(connection, author().entry("texts_destroyed", "journal", {"count": 1}))

    assert through(passes) > 1
    assert through(passes) == 0


def test_where_nothing_is_overwritten_nothing_else_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database whose pages cannot be told apart was called overwritten."""
    monkeypatch.setattr("archive.disk.sqlite_slack.MAX_PAGES", 0)
    with capture_logs() as said:
        through(CatalogSlack(engine=new_catalog(tmp_path), tenant=DEFAULT_TENANT))

    assert [each["event"] for each in said] == ["slack left as it is"]
