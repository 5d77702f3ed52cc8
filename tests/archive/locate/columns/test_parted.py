"""What is told of some recordings to who sees a part: kept, joined and erased with their rows."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from archive.disk.files import LocalDisk
from archive.locate.columns.flags import CALLED_BACK, TRANSFERRED
from archive.locate.columns.manifest import Place
from archive.locate.columns.month_file import MonthFile, erase
from archive.locate.columns.parted import SOURCE_PARTED
from archive.locate.columns.rows import encode_rows
from archive.locate.columns.source import Source, month_begin_us
from archive.locate.columns.store import Changes, ColumnStore
from tests.archive.locate.columns.examples import (
    IDENTITY,
    OCTOBER,
    Row,
    bytes_below,
    opened,
    source,
)

BEGIN: Final = month_begin_us(OCTOBER)
OWN, SALES, BILLING = '{"q":["own"]}', '{"q":["sales"]}', '{"q":["billing"]}'
WHOLE: Final = 2 | TRANSFERRED | CALLED_BACK
ROW: Final = Row(0x5A6B7C0D, BEGIN, group=OWN, duration_ms=900_000, flags=WHOLE, number=b"8877")
OTHER: Final = Row(7, BEGIN + 1_000, group=OWN, flags=1, duration_ms=3_000)

Told = Sequence[tuple[tuple[str, ...], int, int]]
TOLD: Final[Told] = (
    ((), 0, 60_000),
    ((SALES,), TRANSFERRED, 300_000),
    ((SALES, BILLING), TRANSFERRED, 900_000),
    ((BILLING,), CALLED_BACK, 0),
)


def parted(row: Row = ROW, told: Told = TOLD) -> Source:
    """A row, and what is told of it to whom."""
    made = source([row])
    groups, entries = list(made.groups), np.zeros(len(told), SOURCE_PARTED)
    for at, (others, flags, length_ms) in enumerate(told):
        groups += others
        places = [*range(len(groups) - len(others), len(groups)), 0, 0, 0][:3]
        entries[at] = (row.recording, places, flags, length_ms)
    return replace(made, groups=groups, parted=entries)


def told_to(own: MonthFile, *groups: str) -> list[tuple[int, int]]:
    """Of each row flags and length for who reaches these."""
    reached = np.array([text in groups for text in own.rows.dictionaries["groups"]])
    columns = own.rows.told_to(reached).columns
    return list(zip(columns["flags"].tolist(), columns["duration"].tolist(), strict=True))


def code(length_ms: int) -> int:
    rows = encode_rows(source([replace(ROW, duration_ms=length_ms)]), OCTOBER)
    return int(rows.columns["duration"][0])


def built(folder: Path, whole: Source) -> ColumnStore:
    store = ColumnStore.create(folder, IDENTITY, Place(0, 0), [OCTOBER], LocalDisk())
    store.replace_month(OCTOBER, whole, 0)
    return store


@pytest.mark.parametrize(
    ("groups", "flags", "length_ms"),
    [
        ((), 2, 60_000),
        ((SALES,), 2 | TRANSFERRED, 300_000),
        ((BILLING,), 2 | CALLED_BACK, 60_000),
        ((SALES, BILLING), WHOLE, 900_000),
    ],
)
def test_who_reaches_others_is_told_what_they_add(
    tmp_path: Path, groups: tuple[str, ...], flags: int, length_ms: int
) -> None:
    """The most of what fits; who called stays, and so does every other recording."""
    (file,) = built(tmp_path, Source.joined([source([OTHER]), parted()])).files

    assert told_to(file, OWN, *groups) == [(flags, code(length_ms)), (1, code(3_000))]


def test_recordings_far_apart_take_no_more_memory_than_neighbours(tmp_path: Path) -> None:
    """A month has an old recording that was read in again beside millions of later ones."""
    far = parted(replace(OTHER, recording=0xFFFF_FFF0))
    (file,) = built(tmp_path, Source.joined([parted(replace(OTHER, recording=7)), far])).files
    tracemalloc.start()
    told = told_to(file, OWN)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert told == [(OTHER.flags, code(60_000))] * 2
    assert most < 1_000_000


def test_who_reaches_all_is_told_by_the_file_itself(tmp_path: Path) -> None:
    """Nothing is copied."""
    (file,) = built(tmp_path, parted()).files

    assert file.rows.told_to(np.ones(4, np.bool_)) is file.rows


def test_what_comes_later_has_its_own_and_what_was_there_keeps_it(tmp_path: Path) -> None:
    """A tail is written anew, and texts have other codes then."""
    store = built(tmp_path, source([OTHER]))
    for sequence, recording in ((1, 90), (2, 80)):
        row = replace(ROW, recording=recording, group=f'{{"q":["{recording}"]}}')
        store.apply(Changes(Place(sequence, 0), np.array([recording]), parted(row)))
    tail, _ = opened(tmp_path).files

    assert told_to(tail, SALES) == [(2 | TRANSFERRED, code(300_000))] * 2


def test_nothing_of_it_is_left_of_a_recording_that_is_erased(tmp_path: Path) -> None:
    """Neither whose calls it went on with nor that it did; the others' stays."""
    stays = parted(replace(OTHER, recording=8), (((), 0, 1_000), (('{"q":["kept"]}',), 4, 0)))
    (file,) = built(tmp_path, Source.joined([stays, parted()])).files
    before = told_to(file, OWN)[1]
    gone = np.array([ROW.recording])
    traces = [ROW.recording.to_bytes(4, "little"), SALES.encode(), BILLING.encode()]
    assert all(trace in bytes_below(tmp_path) for trace in traces)
    assert erase(LocalDisk(), file.path, gone, 1)

    assert not [trace for trace in traces if trace in bytes_below(tmp_path)]
    again = MonthFile.open(file.path, IDENTITY, OCTOBER)
    assert again.rows.parted["flags"].sum() == 4
    assert told_to(again, OWN) == [(0, 0), before]
    assert told_to(again, OWN, '{"q":["kept"]}')[1] == (OTHER.flags, code(3_000))
