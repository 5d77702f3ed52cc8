"""A column file: what was written is read, and nothing else is."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.disk.files import LocalDisk
from archive.ids import TenantId
from archive.locate.columns.errors import (
    ColumnsForeign,
    ColumnsMissing,
    ColumnsOtherForm,
    ColumnsRefused,
    ColumnsTorn,
)
from archive.locate.columns.layout import HEADER_BYTES
from archive.locate.columns.month_file import MonthFile, write_month
from archive.locate.columns.rows import encode_rows
from archive.locate.columns.source import month_begin_us
from tests.archive.locate.columns.examples import (
    IDENTITY,
    OCTOBER,
    Row,
    kept,
    luck,
    rows_of,
    source,
)

BEGIN = month_begin_us(OCTOBER)
ROWS = tuple(
    Row(
        number,
        BEGIN + number * 1_000,
        number=f"{number % 7}2".encode(),
        agent=f'{{"p":{number % 5}}}',
        group='{"q":["サポート"]}',
        duration_ms=number * 977,
    )
    for number in range(1, 200)
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    where = tmp_path / "202610-1.col"
    write_month(LocalDisk(), where, encode_rows(source(ROWS), OCTOBER), (IDENTITY, OCTOBER, 5))
    return where


def test_what_was_written_is_read(path: Path) -> None:
    """Rows, texts, whose it is and of which change."""
    file = MonthFile.open(path, IDENTITY, OCTOBER)

    assert (file.header.identity, file.header.month, file.header.sequence) == (IDENTITY, OCTOBER, 5)
    assert rows_of([file]) == sorted(map(kept, ROWS), key=repr)


def test_a_file_cut_anywhere_is_torn(path: Path) -> None:
    """Derived, so it is made anew and not mended."""
    content = path.read_bytes()
    for size in [*range(0, len(content), 997), HEADER_BYTES, len(content) - 1]:
        path.write_bytes(content[:size])
        with pytest.raises(ColumnsTorn):
            MonthFile.open(path, IDENTITY, OCTOBER)


def test_a_file_with_another_bit_is_refused(path: Path) -> None:
    """Of every section, drawn by seed."""
    content, by = path.read_bytes(), luck(3)
    for at in [0, 7, 8, HEADER_BYTES - 1, *(by.randrange(len(content)) for _ in range(300))]:
        other = bytearray(content)
        other[at] ^= 1 << by.randrange(8)
        path.write_bytes(other)
        with pytest.raises(ColumnsRefused):
            MonthFile.open(path, IDENTITY, OCTOBER)


def test_a_file_of_somebody_else_is_foreign(path: Path) -> None:
    """Another tenant, another catalog, another month: rows are numbered otherwise there."""
    others = (
        (replace(IDENTITY, tenant=TenantId(bytes(16))), OCTOBER),
        (replace(IDENTITY, catalog=bytes(16)), OCTOBER),
        (IDENTITY, OCTOBER - 1),
    )
    for identity, month in others:
        with pytest.raises(ColumnsForeign):
            MonthFile.open(path, identity, month)


def test_a_file_of_another_form_says_so(path: Path) -> None:
    """An older version's is not guessed at."""
    path.write_bytes(b"RKNCOL99" + path.read_bytes()[8:])
    with pytest.raises(ColumnsOtherForm):
        MonthFile.open(path, IDENTITY, OCTOBER)


def test_a_file_that_is_gone_is_missing(path: Path) -> None:
    """Whoever removed it."""
    path.unlink()
    with pytest.raises(ColumnsMissing):
        MonthFile.open(path, IDENTITY, OCTOBER)
