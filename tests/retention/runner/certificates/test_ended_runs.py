"""A run as its certificate tells of it."""

from pathlib import Path

import pytest

from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.sealed_rows import update_rows
from archive.catalog.tables.destruction import destruction_plan
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.tombstone import FoundTombstone, Remains, digest_of
from retention.certificates.certificate import Word
from retention.certificates.destroyed_list import CASE
from retention.runner.certificates.ended_runs import ended_run, recording_of
from tests.api.destruction.scene import installed
from tests.support.certificates.rounds import swept


async def test_what_tombstones_say_is_said_of_each_recording(tmp_path: Path) -> None:
    """In the hour in which it began, by the revision that decided."""
    async with installed(tmp_path / "a", 2) as made:
        own = {digest_of(each) for each in made.recordings}
        await swept(made)
        with reading(made.it.engine) as connection:
            run = ended_run(connection, DEFAULT_TENANT, 1)
    said = {each.said for each in run.recordings}

    assert {each.digest for each in run.recordings} == own
    assert {(each.rules, each.revision) for each in said} == {(("year",), 1)}
    assert {each.hour[-1] for each in said} == {"Z"}
    assert run.revisions[0].word is Word.AS_SHIPPED
    assert run.revisions[1].word is Word.REGULAR
    assert run.journal > 0


def test_a_case_is_not_named() -> None:
    """A certificate goes to people outside."""
    remains = Remains(revision=1, rules=("year", "case:D-1", "case:D-2"))
    left = FoundTombstone(row=1, digest=bytes(32), destroyed_us=1, remains=remains)

    assert recording_of(left).said.rules == ("year", CASE)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"one_person": 1}, Word.ONE_PERSON),
        ({"proposal": None}, Word.STANDING),
        ({}, Word.TWO_PERSONS),
    ],
)
async def test_whose_word_it_was_is_told(
    tmp_path: Path, changed: dict[str, object], word: Word
) -> None:
    """For ever, as everywhere."""
    async with installed(tmp_path / "a", 1) as made:
        await swept(made)
        with writing(made.it.engine) as connection:
            if changed:
                update_rows(connection, destruction_plan, (), **changed)
        with reading(made.it.engine) as connection:
            assert ended_run(connection, DEFAULT_TENANT, 1).approval is word
