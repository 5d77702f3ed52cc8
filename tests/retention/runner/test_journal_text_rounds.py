"""Texts of the journal go when their rule has run, and nothing else of it does."""

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from archive.catalog.database.engine import catalog_url, open_engine, reading
from archive.catalog.tables.catalog import journal
from archive.ids import DEFAULT_TENANT
from retention.policies.policy import Limits
from retention.runner import journal_text_rounds
from retention.runner.journal_text_rounds import IDLE_S, PACE_S, JournalTexts
from retention.runner.slack_rounds import IDLE_S as SLACK_IDLE_S, CatalogSlack
from tests.archive.catalog.examples import NOW_US, empty_catalog, new_catalog, recording_id
from tests.support.destruction.journal_texts import DAY_US, TYPED, house
from tests.support.hold_scenes import held

NUMBER = b"0312345678"


def through(texts: JournalTexts) -> int:
    """How many batches were done."""
    done = 0
    while texts.round() != IDLE_S:
        done += 1
    return done


def test_a_text_goes_when_its_rule_has_run_and_its_entry_stays(tmp_path: Path) -> None:
    """Not a day earlier; the row that auditors read is the same, byte by byte."""
    own = house(new_catalog(tmp_path))
    place = own.read("")
    with reading(own.engine) as connection:
        before = connection.execute(select(journal).where(journal.c.seq == place)).one()
    early = through(own.texts())
    own.now_us += 35 * DAY_US
    late = through(own.texts())
    found = {each.seq: each for each in own.told()}
    with reading(own.engine) as connection:
        after = connection.execute(select(journal).where(journal.c.seq == place)).one()

    assert (early, late) == (0, 1)
    assert before == after
    assert (found[place].entry.reason, found[place].texts_gone_us) == ("", own.now_us)
    assert TYPED not in str(own.told())
    told = max(found.values(), key=lambda each: each.seq).entry
    assert (told.actor, told.action, told.target) == ("retention", "texts_destroyed", "journal")
    # What the author of the policy gave as its reason went, too.
    assert told.detail == {"count": 2}


def test_no_file_of_the_catalog_has_a_text_that_is_gone(tmp_path: Path) -> None:
    """Byte by byte, the log too; among hundreds, so that pages have overflowed."""
    file = tmp_path / "catalog.db"
    file.write_bytes(empty_catalog())
    own = house(open_engine(catalog_url(file)))
    for _ in range(300):
        own.read("")
    with_it = [each.name for each in tmp_path.iterdir() if NUMBER in each.read_bytes()]
    own.now_us += 35 * DAY_US
    through(own.texts())
    slack = CatalogSlack(engine=own.engine, tenant=DEFAULT_TENANT)
    while slack.round() != SLACK_IDLE_S:
        continue
    left = [each.name for each in tmp_path.iterdir() if NUMBER in each.read_bytes()]

    assert with_it
    assert left == []


def test_they_go_in_batches_and_each_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill between two of them loses nothing: what is there is found again."""
    monkeypatch.setattr(journal_text_rounds, "MAX_BATCH", 2)
    own = house(new_catalog(tmp_path))
    places = [own.read("") for _ in range(4)]
    own.now_us += 35 * DAY_US
    assert own.texts().round() == PACE_S
    # Another process goes on.
    through(own.texts())

    assert all(each.texts_gone_us for each in own.told() if each.seq in places)
    counts = [each.entry.detail for each in own.told() if each.entry.action == "texts_destroyed"]
    assert counts == [{"count": 2}, {"count": 2}, {"count": 1}]


def test_what_a_hold_has_keeps_the_texts_about_it(tmp_path: Path) -> None:
    """Who heard the call that is in dispute, and for what, belongs to it."""
    own = house(new_catalog(tmp_path))
    kept, gone = own.read(str(recording_id(1))), own.read(str(recording_id(2)))
    held(own.engine, recording_id(1))
    own.now_us += 35 * DAY_US
    through(own.texts())
    found = {each.seq: each for each in own.told()}

    assert (found[kept].entry.reason, found[kept].texts_gone_us) == (TYPED, None)
    assert found[gone].texts_gone_us == own.now_us


@pytest.mark.parametrize(
    ("limits", "stepped_us", "says"),
    [
        (Limits(window=(time(1), time(1, 1))), 0, []),
        (
            Limits(),
            3_600_000_000,
            ["the clock was set: no text of the journal goes before a new start"],
        ),
        (
            Limits(),
            -40 * DAY_US,
            ["the clock was set: no text of the journal goes before a new start"],
        ),
    ],
)
def test_nothing_goes_outside_the_window_or_by_a_clock_that_was_set(
    tmp_path: Path, limits: Limits, stepped_us: int, says: list[str]
) -> None:
    """A clock that is years ahead would end everything at once."""
    own = house(new_catalog(tmp_path), limits)
    place = own.read("")
    own.now_us += 35 * DAY_US
    texts = own.texts()
    texts._begun = own.reading()
    own.stepped_us = stepped_us
    with capture_logs() as said:
        assert through(texts) == 0

    assert [each["event"] for each in said] == says
    assert [each.texts_gone_us for each in own.told() if each.seq == place] == [None]


def test_nothing_goes_by_a_clock_that_is_behind_the_journal(tmp_path: Path) -> None:
    """Whatever has run by it has not run by what was written down."""
    own = house(new_catalog(tmp_path))
    own.read("")
    own.read("", NOW_US + 99 * DAY_US)
    own.now_us += 35 * DAY_US

    assert through(own.texts()) == 0


def test_by_a_clock_that_nobody_vouches_for_no_text_goes(tmp_path: Path) -> None:
    """Ten years ahead at a boot, every rule has run."""
    own = house(new_catalog(tmp_path))
    own.read("")
    own.now_us += 3_650 * DAY_US
    sure = [False]
    texts = replace(own.texts(), is_clock_sure=lambda: sure[0])
    doubted = through(texts)
    sure[0] = True

    assert (doubted, through(texts)) == (0, 1)
