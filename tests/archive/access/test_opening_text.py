"""An entry of the journal as the key daemon is told of it."""

import json
from dataclasses import replace
from pathlib import Path

from sqlalchemy import update

from archive.access.opening_text import encode_text, text_digest
from archive.catalog.checks.journal_walk import told_by_opening
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.entries import Entry, append_opening
from archive.catalog.tables.catalog import journal_text
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, new_catalog, recording_id

ENTRY = Entry(
    tenant=DEFAULT_TENANT,
    at_us=NOW_US,
    actor="山田",
    action="exported",
    target=str(recording_id()),
    reason="case:田中 2026-7",
    detail={"of": "recording", "form": "wav", "clues": ["a", "b"], "count": 3},
    shown=(recording_id(), recording_id(2)),
)


def test_what_the_journal_has_gives_the_text_that_was_told(tmp_path: Path) -> None:
    """Also when what somebody typed is gone by its rule: of that the daemon never heard."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        written = append_opening(connection, ENTRY)
    with writing(engine) as connection:
        connection.execute(update(journal_text).values(salt=None, text=None, gone_us=NOW_US))

    with reading(engine) as connection:
        told = told_by_opening(connection, [written.opening])
    assert told == {written.opening: written.told}
    assert b"2026-7" not in written.told


def test_each_word_of_an_entry_is_in_its_digest(tmp_path: Path) -> None:
    """Whatever is changed afterwards shows."""
    coded = replace(ENTRY, reason="quality")
    others = [
        coded,
        ENTRY,
        replace(coded, at_us=NOW_US + 1),
        replace(coded, actor="山本"),
        replace(coded, action="listened"),
        replace(coded, target=str(recording_id(2))),
        replace(coded, reason="training"),
        replace(coded, detail={"of": "recording"}),
        replace(coded, shown=(recording_id(),)),
    ]
    with writing(new_catalog(tmp_path)) as connection:
        texts = [append_opening(connection, each).told for each in others]

    without_ids = [encode_text(json.loads(text) | {"id": ""}) for text in texts]
    assert len({text_digest(text) for text in without_ids}) == len(others)


def test_the_same_values_give_the_same_bytes_in_any_order() -> None:
    """ASCII alone: a text that another program wrote has the same digest."""
    assert encode_text({"b": 1, "a": "é"}) == encode_text({"a": "é", "b": 1})
    assert encode_text({"a": "é"}) == b'{"a":"\\u00e9"}'
