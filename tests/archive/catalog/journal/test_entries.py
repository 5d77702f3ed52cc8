"""The journal only grows."""

import re
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import select

from archive.access.journal_texts import SealedText
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.entries import Action, Entry, append
from archive.catalog.tables.catalog import journal, journal_text
from archive.ids import DEFAULT_TENANT, TenantId
from tests import ROOT
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, REFUSED, new_catalog, recording_id
from tests.told import all_told

DOCUMENT = ROOT / "docs/access.md"


def entry(target: str = "x", tenant: TenantId = DEFAULT_TENANT) -> Entry:
    return Entry(
        tenant=tenant,
        at_us=NOW_US,
        actor="山田",
        action="listened",
        target=target,
        reason="案件 D-2026-0114",
        detail={"range": "bytes=0-1", "clues": ["a", "b"], "count": 2},
        shown=(recording_id(1), recording_id(2)),
    )


@pytest.mark.both
def test_an_entry_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """Years later it must say what it said."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        seq = append(connection, entry())

    with reading(engine) as connection:
        (found,) = all_told(connection)

    assert (found.seq, found.entry) == (seq, entry())


def test_entries_are_read_in_the_order_of_writing(tmp_path: Path) -> None:
    """Whoever reads on behind one misses none and sees none twice."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        places = [append(connection, entry(str(number))) for number in range(5)]

    with reading(engine) as connection:
        page = all_told(connection, after=places[1])

    assert [found.entry.target for found in page] == ["2", "3", "4"]


def test_a_tenant_reads_its_own_entries(tmp_path: Path) -> None:
    """The tenant is the isolation boundary, also of who looked at what."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        append(connection, entry("ours"))
        append(connection, entry("theirs", OTHER_TENANT))

    with reading(engine) as connection:
        found = all_told(connection, OTHER_TENANT)

    assert [each.entry.target for each in found] == ["theirs"]


@pytest.mark.both
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM journal",
        "UPDATE journal SET actor = 'nobody'",
        pytest.param(
            "REPLACE INTO journal (seq, tenant, at_us, actor, action, target, reason, detail)"
            " SELECT seq, tenant, at_us, 'nobody', action, target, reason, detail FROM journal",
            marks=pytest.mark.sqlite,
        ),
    ],
)
def test_no_statement_changes_an_entry(tmp_path: Path, change: str) -> None:
    """The database itself refuses, whoever asks."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        append(connection, entry())

    with pytest.raises(REFUSED, match="only appended to"), writing(engine) as connection:
        connection.exec_driver_sql(change)

    with reading(engine) as connection:
        assert [found.entry for found in all_told(connection)] == [entry()]


def test_the_row_of_an_entry_has_nothing_of_what_was_typed(tmp_path: Path) -> None:
    """It outlives every erasure; its text does not, and is proved by the digest until then."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        append(connection, entry())
        row = connection.execute(select(journal)).one()
        beside = connection.execute(select(journal_text)).one()

    assert "D-2026" not in str(row)
    assert "案件 D-2026-0114" in beside.text
    assert SealedText(beside.salt, beside.text).digest == row.text_digest


@pytest.mark.both
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM journal_text",
        "UPDATE journal_text SET text = 'another'",
        "UPDATE journal_text SET gone_us = 1",
        "UPDATE journal_text SET gone_us = 1, text = NULL, salt = NULL, at_us = 2",
        pytest.param(
            "REPLACE INTO journal_text (entry, tenant, at_us)"
            " SELECT entry, tenant, 2 FROM journal_text",
            marks=pytest.mark.sqlite,
        ),
    ],
)
def test_a_text_may_go_and_is_never_another(tmp_path: Path, change: str) -> None:
    """And whole: a row that says it is gone and has it would be a lie."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        append(connection, entry())

    with pytest.raises(REFUSED, match="texts of the journal"), writing(engine) as connection:
        connection.exec_driver_sql(change)

    with reading(engine) as connection:
        assert [found.entry for found in all_told(connection)] == [entry()]


def test_the_document_says_of_every_action_when_it_is_written() -> None:
    """Whoever reads the journal in ten years has the document and not the code."""
    _, _, section = DOCUMENT.read_text().partition("\n## Journal\n")
    rows = re.findall(r"^\| (`[^|]+) \|", section.partition("\n## ")[0], re.M)
    told = [action for row in rows for action in re.findall(r"`(\w+)`", row)]

    assert sorted(told) == sorted(get_args(Action))
