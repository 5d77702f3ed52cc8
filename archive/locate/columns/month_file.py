"""One column file: written whole, mapped and verified, erased in place.

Knows nothing of which files there are.
"""

import mmap
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from archive.disk.files import Disk, publish
from archive.locate.columns.errors import ColumnsForeign, ColumnsMissing, ColumnsTorn
from archive.locate.columns.layout import (
    COUNTED,
    DICTIONARY_OF,
    HEADER_BYTES,
    ROW_COLUMNS,
    SECTIONS,
    TEXT_DICTIONARIES,
    WORD_DICTIONARIES,
    Header,
    Identity,
    body_sum,
    check,
)
from archive.locate.columns.rows import Columns, MonthRows
from archive.locate.columns.texts import Texts

_WIPED_AT_ONCE: Final = 1 << 20
_LAST_RECORDING: Final = np.iinfo(ROW_COLUMNS["recording"]).max


@dataclass(frozen=True, slots=True)
class MonthFile:
    """A verified file; its arrays are the file itself, so what is erased is gone from them."""

    path: Path
    header: Header
    rows: MonthRows
    mapped: "weakref.ref[mmap.mmap]"  # dead once nobody has any of the arrays

    @classmethod
    def open(cls, path: Path, identity: Identity, month: int) -> Self:
        """Map and verify to the last byte; raises `ColumnsRefused`."""
        mapped = _mapped(path, mmap.ACCESS_READ)
        content = memoryview(mapped)
        header = Header.decode(bytes(content[:HEADER_BYTES]))
        if (header.identity, header.month) != (identity, month):
            raise ColumnsForeign(path.name)
        check(header, content)
        return cls(path, header, _rows(header, mapped), weakref.ref(mapped))

    def renewed(self) -> Self:
        """The same file after it was erased from: nothing is remembered of before."""
        return replace(self, rows=self.rows.renewed())

    def has_any(self, recordings: NDArray[np.int64]) -> bool:
        return len(_positions(self.rows, recordings)) > 0


def write_month(disk: Disk, path: Path, kept: MonthRows, about: tuple[Identity, int, int]) -> None:
    """Make the file appear whole or not at all; `about` is whose, month and sequence."""
    arrays = _arrays(kept)
    header = Header(*about, _counts(arrays))
    content = bytearray(header.sum_offset)
    content[:HEADER_BYTES] = header.encode()
    for name, section in header.sections.items():
        content[section.offset : section.offset + section.size_bytes] = arrays[name].tobytes()
    content += body_sum(header, memoryview(content))
    publish(disk, path, [bytes(content)])


def erase(disk: Disk, path: Path, recordings: NDArray[np.int64], sequence: int) -> bool:
    """Overwrite the rows of these recordings and what only they point to; whether there were any.

    Synced when this returns, and of this change. Cut off before that, the file is as it was, or is
    refused as torn.
    """
    mapped = _mapped(path, mmap.ACCESS_WRITE)
    content = memoryview(mapped)
    header = Header.decode(bytes(content[:HEADER_BYTES]))
    kept = _rows(header, mapped)
    positions = _positions(kept, recordings)
    if not len(positions):
        return False
    _overwrite(kept, positions)
    content[:HEADER_BYTES] = replace(header, sequence=sequence).encode()
    content[header.sum_offset :] = body_sum(header, content)
    mapped.flush()
    disk.sync_file(path)
    return True


def wipe(disk: Disk, path: Path) -> None:
    """Overwrite all of a file with zeros, then remove it; one that is gone is no error."""
    if path.is_file():
        size_bytes = path.stat().st_size
        with path.open("r+b") as file:
            for begin in range(0, size_bytes, _WIPED_AT_ONCE):
                file.write(bytes(min(_WIPED_AT_ONCE, size_bytes - begin)))
        disk.sync_file(path)
    disk.unlink(path)


def _positions(kept: MonthRows, recordings: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of rows of these recordings; most files have none of them, and are passed fast."""
    column = kept.columns["recording"]
    wanted = np.unique(recordings[(recordings > 0) & (recordings <= _LAST_RECORDING)])
    if not len(wanted):
        return np.empty(0, np.int64)
    low, high = wanted[[0, -1]].astype(column.dtype)
    near = np.flatnonzero((column >= low) & (column <= high))
    return near[np.isin(column[near], wanted)]


def _overwrite(kept: MonthRows, positions: NDArray[np.int64]) -> None:
    """Nothing of a row stays; it begins as the row before does, so that the order stays."""
    starts = kept.columns["start"]
    for position in positions:
        starts[position] = starts[position - 1] if position else 0
    gone = np.isin(kept.parted["recording"], kept.columns["recording"][positions])
    kept.parted[gone] = np.zeros(1, kept.parted.dtype)
    for name, values in kept.columns.items():
        if name != "start":
            values[positions] = 0
    for column, name in DICTIONARY_OF.items():
        if name in kept.words:
            _overwrite_unused(kept.words[name], kept.columns[column])
        else:
            texts, codes = kept.texts[name], kept.columns[column]
            if name == "groups":
                codes = np.concatenate([codes, kept.parted["others"].ravel()])
            texts.empty_unused(_used(codes, len(texts.ends)))


def _overwrite_unused(words: NDArray[Any], codes: NDArray[Any]) -> None:
    """An entry that no row points to becomes that before it: what is left stays in order."""
    used = _used(codes, len(words))
    before = np.maximum.accumulate(np.where(used, np.arange(len(words)), 0))
    unused = np.flatnonzero(~used)  # nothing else is written, nor synced
    words[unused] = words[before[unused]]


def _used(codes: NDArray[Any], entries: int) -> NDArray[np.bool_]:
    used = np.bincount(codes, minlength=entries) > 0
    used[:1] = True
    return used


def _mapped(path: Path, access: int) -> mmap.mmap:
    mode = "rb" if access == mmap.ACCESS_READ else "r+b"
    try:
        with path.open(mode) as file:
            return mmap.mmap(file.fileno(), 0, access=access)
    except FileNotFoundError:
        raise ColumnsMissing(path.name) from None
    except ValueError:  # of an empty file
        raise ColumnsTorn(path.name) from None


def _rows(header: Header, mapped: mmap.mmap) -> MonthRows:
    views = dict(_views(header, mapped))
    return MonthRows(
        {name: views[name] for name in ROW_COLUMNS},
        {name: views[name] for name in WORD_DICTIONARIES},
        {name: Texts(views[ends], views[raw]) for name, (ends, raw) in TEXT_DICTIONARIES.items()},
        views["parted"],
    )


def _arrays(kept: MonthRows) -> Columns:
    arrays = {**kept.columns, **kept.words, "parted": kept.parted}
    for name, (ends, raw) in TEXT_DICTIONARIES.items():
        arrays |= {ends: kept.texts[name].ends, raw: kept.texts[name].raw}
    return arrays


def _counts(arrays: Columns) -> tuple[int, ...]:
    counts = {counted: len(arrays[name]) for name, (_, counted) in SECTIONS.items()}
    return tuple(counts[name] for name in COUNTED)


def _views(header: Header, mapped: mmap.mmap) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, section in header.sections.items():
        view = np.frombuffer(mapped, section.kind, section.count, section.offset)
        yield name, view
