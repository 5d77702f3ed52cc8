"""The register of corrections."""

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from archive.call.corrections import Correction, NoteWritten, TagAdded
from archive.catalog.database.engine import reading, writing
from archive.catalog.register.corrections import append_correction, corrections_of
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, new_catalog, recording_id


def correction(text: str, at_us: int = NOW_US) -> Correction:
    return Correction(
        change=NoteWritten(text=text), author="yamada", at_us=at_us, reason="heard it",
        was=("日本", 'a"b'), journal=7,
    )  # fmt: skip


def test_what_was_written_is_read_in_the_order_of_writing(tmp_path: Path) -> None:
    """Not in that of clocks, which may be set back; of this recording and tenant alone."""
    engine = new_catalog(tmp_path)
    first, second = correction("one"), correction("two", at_us=1)
    with writing(engine) as connection:
        own, other = (ensure_tenant(connection, each) for each in (DEFAULT_TENANT, OTHER_TENANT))
        for tenant, number, new in (
            (own, 1, first), (own, 2, correction("x")), (other, 1, correction("y")),
            (own, 1, second),
        ):  # fmt: skip
            append_correction(connection, tenant, recording_id(number), new)

    with reading(engine) as connection:
        assert corrections_of(connection, own, recording_id(1)) == (first, second)
        assert corrections_of(connection, own, recording_id(3)) == ()


def test_a_recording_need_not_be_in_the_index(tmp_path: Path) -> None:
    """A rebuild empties it; what people have written stays."""
    engine = new_catalog(tmp_path)
    new = Correction(
        change=TagAdded(tag="vip"), author="a", at_us=NOW_US, reason="", was=(), journal=1
    )
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        append_correction(connection, tenant, recording_id(1), new)

    with reading(engine) as connection:
        assert corrections_of(connection, tenant, recording_id(1)) == (new,)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE correction SET author = 'nobody'",
        pytest.param("REPLACE INTO correction SELECT * FROM correction", marks=pytest.mark.sqlite),
    ],
)
def test_no_statement_changes_what_somebody_has_said(tmp_path: Path, change: str) -> None:
    """The database itself refuses, whoever asks."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        append_correction(connection, tenant, recording_id(1), correction("one"))

    with pytest.raises(DBAPIError, match="only appended to"), writing(engine) as connection:
        connection.exec_driver_sql(change)

    with reading(engine) as connection:
        assert corrections_of(connection, tenant, recording_id(1)) == (correction("one"),)
