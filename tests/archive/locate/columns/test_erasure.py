"""Destroyed: what is left of a recording in columns, looked for byte by byte."""

from pathlib import Path

import numpy as np
import pytest

from archive.disk.files import LocalDisk
from archive.locate.columns.errors import ColumnsTorn
from archive.locate.columns.month_file import MonthFile, erase
from archive.locate.columns.source import month_begin_us
from tests.archive.locate.columns.examples import (
    IDENTITY,
    OCTOBER,
    Row,
    built,
    bytes_below,
    changes,
    kept,
    luck,
    opened,
    rows_of,
)

BEGIN = month_begin_us(OCTOBER)
# Little-endian in its column, and not part of anything else.
GONE_ID, GONE_CONVERSATION, GONE_MS = 0x5A6B7C0D, 0x1B2C3D0E, 0x3F5A1C2B
GONE = Row(
    GONE_ID,
    BEGIN + GONE_MS * 1_000,
    conversation=GONE_CONVERSATION,
    number=b"4711004711",
    agent='{"n":"葬られた"}',
    line=b"8180",
    group='{"q":["vanished"]}',
    duration_ms=61_000,
    flags=17,
)
# Shares number, agent, line and group with what goes.
SHARED = Row(7, BEGIN + 3_000, number=b"88", agent='{"p":1}', group="{}", line=b"01")
OTHERS = (
    SHARED,
    Row(8, BEGIN + 9_000, number=b"88", agent='{"p":1}', group="{}", line=b"01"),
    Row(9, BEGIN + GONE_MS * 1_000 + 5_000, number=b"99", agent='{"p":2}', group="{}"),
)
TRACES = (
    GONE.number,
    GONE.agent.encode(),
    GONE.line,
    GONE.group.encode(),
    GONE_ID.to_bytes(4, "little"),
    GONE_CONVERSATION.to_bytes(4, "little"),
    GONE_MS.to_bytes(4, "little"),
)


def traces(content: bytes) -> list[bytes]:
    """What of the destroyed is found."""
    return [trace for trace in TRACES if trace in content]


def test_what_was_there_is_found_before(tmp_path: Path) -> None:
    """Else the others here would pass with nothing looked for."""
    built(tmp_path / "columns", [GONE, *OTHERS])
    assert traces(bytes_below(tmp_path)) == list(TRACES)


def test_nothing_of_it_is_left_on_the_disk(tmp_path: Path) -> None:
    """Row, number, texts; all others are as they were."""
    store = built(tmp_path / "columns", [GONE, *OTHERS])
    store.apply(changes(1, [GONE_ID], []))

    assert traces(bytes_below(tmp_path)) == []
    assert rows_of(store.files) == rows_of(opened(tmp_path / "columns").files)
    assert rows_of(store.files) == sorted(map(kept, OTHERS), key=repr)


def test_nothing_of_it_is_left_in_what_is_mapped(tmp_path: Path) -> None:
    """Who is scoring just then has the file's own bytes, and counts and texts are made anew."""
    store = built(tmp_path / "columns", [GONE, *OTHERS])
    (before,) = store.files
    assert before.rows.counts("number").sum() == 1 + len(OTHERS)
    store.apply(changes(1, [GONE_ID], []))
    arrays = (*before.rows.columns.values(), *before.rows.words.values())
    texts = tuple(each.raw for each in before.rows.texts.values())

    assert traces(b"".join(each.tobytes() for each in (*arrays, *texts))) == []
    (after,) = store.files
    assert after.rows.counts("number").sum() == len(OTHERS)
    assert GONE.agent not in after.rows.dictionaries["agents"]


def test_what_other_rows_say_stays(tmp_path: Path) -> None:
    """A number is overwritten where no other row of the file has it."""
    store = built(tmp_path / "columns", [GONE, *OTHERS])
    store.apply(changes(1, [SHARED.recording], []))

    left = [GONE, *OTHERS[1:]]
    assert rows_of(store.files) == sorted(map(kept, left), key=repr)


def test_numbers_stay_in_order(tmp_path: Path) -> None:
    """The end of a number is looked for by halving."""
    store = built(tmp_path / "columns", [GONE, *OTHERS])
    store.apply(changes(1, [GONE_ID], []))
    (file,) = store.files

    numbers = file.rows.dictionaries["numbers"]
    assert (numbers[:-1] <= numbers[1:]).all()
    assert (np.diff(file.rows.columns["start"].astype(np.int64)) >= 0).all()


def test_a_file_that_was_replaced_is_wiped(tmp_path: Path) -> None:
    """A month made anew leaves no bytes of the one before, once nobody scores it."""
    store = built(tmp_path / "columns", [GONE, *OTHERS])
    scoring = store.files
    store.apply(changes(1, [GONE_ID], []))
    for number in range(3):
        row = Row(100 + number, BEGIN + 1_000)
        store.apply(changes(2 + number, [row.recording], [row]))
    store.tidy()
    assert len(scoring) == 1
    del scoring
    store.tidy()

    names = {path.name for path in (tmp_path / "columns").iterdir()}
    assert names == {"manifest", *(entry.name for entry in store.manifest.entries)}


def test_a_file_that_is_replaced_and_still_scored_is_erased_too(tmp_path: Path) -> None:
    """Its name is gone only when the last reader is."""
    store = built(tmp_path / "columns", [*OTHERS])
    store.apply(changes(1, [GONE_ID], [GONE]))
    scoring = store.files
    store.apply(changes(2, [8], [Row(8, BEGIN + 9_000)]))  # another tail
    store.tidy()
    assert len(list((tmp_path / "columns").iterdir())) > 1 + len(store.manifest.entries)
    store.apply(changes(3, [GONE_ID], []))

    assert traces(bytes_below(tmp_path)) == []
    assert len(scoring) == 2


@pytest.mark.parametrize("seed", range(40))
def test_pages_that_came_to_the_disk_in_part_are_refused(tmp_path: Path, seed: int) -> None:
    """The kernel writes mapped pages in any order: it is as before, erased, or torn."""
    rows = [Row(n, BEGIN + n * 1_000, number=f"{n:05}".encode()) for n in range(1, 1_500)]
    store = built(tmp_path / "columns", [GONE, *rows])
    path = store.files[0].path
    before = path.read_bytes()
    erase(LocalDisk(), path, np.array([GONE_ID, 3, 900]), 1)
    after, by = path.read_bytes(), luck(seed)
    changed = [at for at in range(0, len(after), 4096) if before[at:][:4096] != after[at:][:4096]]
    written = {at for at in changed if by.random() < 0.5}
    mixed = b"".join(
        (after if at in written else before)[at : at + 4096] for at in range(0, len(after), 4096)
    )
    path.write_bytes(mixed)

    if written in (set(), set(changed)):
        MonthFile.open(path, IDENTITY, OCTOBER)
    else:
        with pytest.raises(ColumnsTorn):
            MonthFile.open(path, IDENTITY, OCTOBER)
