"""Certificates of destruction in the register."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import IntegrityError

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.certificates import (
    NewCertificate,
    append_certificate,
    certificate_numbered,
    certificates_of,
)
from archive.catalog.journal.entries import Entry
from archive.catalog.tables.catalog import certificate
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, REFUSED, new_catalog
from tests.archive.catalog.rebuilding import rebuild
from tests.told import all_told

NEW = NewCertificate(
    run=bytes(16), number=1, sha256=bytes(range(32)), signed_us=NOW_US, recordings=7
)


def written(engine: Engine, *numbers: int) -> None:
    """One for each of these plans."""
    for number in numbers:
        new = replace(NEW, run=number.to_bytes(16, "big"), number=number, one_person=number == 2)
        entry = Entry(
            tenant=DEFAULT_TENANT,
            at_us=NOW_US,
            actor="retention",
            action="certified",
            target=f"plan:{number}",
        )
        with writing(engine) as connection:
            append_certificate(connection, new, entry)


def test_the_latest_come_first_a_page_at_a_time(tmp_path: Path) -> None:
    """And nobody sees another tenant's."""
    engine = new_catalog(tmp_path)
    written(engine, 1, 2, 5)
    with reading(engine) as connection:
        listed = certificates_of(connection, DEFAULT_TENANT, limit=2)
        rest = certificates_of(connection, DEFAULT_TENANT, before=2)
        other = certificates_of(connection, OTHER_TENANT)
        known = certificate_numbered(connection, DEFAULT_TENANT, 2)
        place = all_told(connection)[1].seq

    assert [each.content.number for each in listed] == [5, 2]
    assert [each.content.number for each in rest] == [1]
    assert other == ()
    assert known is not None
    assert (known.content.one_person, known.journal) == (True, place)


def test_a_run_has_one_certificate(tmp_path: Path) -> None:
    """Two would be two truths."""
    engine = new_catalog(tmp_path)
    written(engine, 1)

    with pytest.raises(IntegrityError, match=r"UNIQUE|unique"):
        written(engine, 1)


@pytest.mark.parametrize(
    "change", [lambda: delete(certificate), lambda: update(certificate).values(recordings=1)]
)
def test_the_database_itself_keeps_certificates(
    tmp_path: Path, change: Callable[[], object]
) -> None:
    """So does a rebuild."""
    engine = new_catalog(tmp_path)
    written(engine, 1)
    rebuild(engine, [])

    with pytest.raises(REFUSED, match="only added"), writing(engine) as connection:
        connection.execute(change())  # type: ignore[call-overload]  # a statement
    with reading(engine) as connection:
        assert certificate_numbered(connection, DEFAULT_TENANT, 1) is not None
