"""Rows as a month keeps them: sorted by time, in codes, and what the codes stand for.

Pure arrays. Knows nothing of files.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.errors import ColumnsOverfull
from archive.locate.columns.layout import (
    DICTIONARY_OF,
    ROW_COLUMNS,
    TEXT_DICTIONARIES,
    WORD_DICTIONARIES,
)
from archive.locate.columns.parted import PARTED, SOURCE_PARTED, Parted, is_all_told, told_to
from archive.locate.columns.source import SOURCE, Source, month_begin_us
from archive.locate.columns.texts import Texts, coded

MS_US: Final = 1_000
DURATION_CODES: Final = 256
_LONGEST_S: Final = 86_400
# Code c is from here on: equal steps of the logarithm of 1 + seconds, 4.6 % each.
DURATION_FROM_MS: Final = np.ceil(
    1_000 * np.expm1(np.arange(DURATION_CODES) * np.log1p(_LONGEST_S) / (DURATION_CODES - 1))
).astype(np.int64)
# So many of a file are remembered: five columns for a dozen reaches.
_REMEMBERED: Final = 64
_ALL: Final = b""

Columns = dict[str, NDArray[Any]]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class MonthRows:
    """A month's rows by column, in order of time, and what the codes in them stand for.

    `parted` has what is told of some of them to who sees a part.
    """

    columns: Columns
    words: Columns
    texts: dict[str, Texts]
    parted: Parted = field(default_factory=lambda: np.empty(0, PARTED))
    _counted: OrderedDict[tuple[str, bytes], Counts] = field(
        default_factory=OrderedDict, repr=False, compare=False
    )

    @cached_property
    def dictionaries(self) -> dict[str, Any]:
        """By code: numbers and lines as an array of bytes, agents and groups as texts."""
        return {**self.words, **self.texts}

    def counts(self, column: str, reached: NDArray[np.bool_] | None = None) -> Counts:
        """Count the rows of each code of a column, of those of the groups that are reached.

        Erased rows are of no group. Counted once for a column and a reach.
        """
        key = (column, _ALL if reached is None else np.packbits(reached).tobytes())
        found = self._counted.get(key)
        if found is None:
            found = self._counted[key] = self._count(column, reached)
            while len(self._counted) > _REMEMBERED:
                self._counted.popitem(last=False)
        return found

    def renewed(self) -> "MonthRows":
        """The same arrays with nothing remembered of them: they were written to."""
        return MonthRows(self.columns, self.words, self.texts, self.parted)

    def told_to(self, reached: NDArray[np.bool_]) -> "MonthRows":
        """As who reaches these groups is told: themselves where that is all."""
        if is_all_told(self.parted, reached):
            return self
        values = (self.columns["flags"], self.columns["duration"])
        flags, duration = told_to(self.columns["recording"], values, self.parted, reached)
        columns = {**self.columns, "flags": flags, "duration": duration}
        return MonthRows(columns, self.words, self.texts, self.parted)

    def _count(self, column: str, reached: NDArray[np.bool_] | None) -> Counts:
        groups = self.columns["group"]
        entries = np.ones(len(self.texts["groups"].ends), bool) if reached is None else reached
        entries = np.concatenate([[False], entries[1:]])
        codes = self.columns[column][np.take(entries, groups, mode="clip")]
        return np.bincount(codes, minlength=self._width(column))

    def _width(self, column: str) -> int:
        if column not in DICTIONARY_OF:
            return DURATION_CODES
        name = DICTIONARY_OF[column]
        return len(self.words[name]) if name in self.words else len(self.texts[name].ends)


def duration_codes(duration_ms: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Lengths as their codes; what is longer than a day has the last one."""
    codes = np.searchsorted(DURATION_FROM_MS, duration_ms, side="right") - 1
    return np.clip(codes, 0, DURATION_CODES - 1).astype(np.uint8)


def encode_rows(source: Source, month: int) -> MonthRows:
    """Sort by beginning, then recording, else as handed in; raises `ColumnsOverfull`."""
    rows = source.rows[np.lexsort((source.rows["recording"], source.rows["start_us"]))]
    columns: Columns = {
        "start": (rows["start_us"] - month_begin_us(month)) // MS_US,
        "recording": rows["recording"],
        "conversation": rows["conversation"],
        "duration": duration_codes(rows["duration_ms"]),
        "flags": rows["flags"],
    }
    words: Columns = {}
    for column, name in (("number", "numbers"), ("line", "lines")):
        words[name], columns[column] = _coded(rows[column], WORD_DICTIONARIES[name])
    agents, columns["agent"] = coded(rows["agent"], source.agents)
    named = np.concatenate([rows["group"], source.parted["others"].ravel()])
    groups, codes = coded(named, source.groups)
    columns["group"], others = codes[: len(rows)], codes[len(rows) :]
    assert columns["group"].all()
    fitted = {name: _fitted(columns[name], name) for name in ROW_COLUMNS}
    texts = {"agents": Texts.of(agents), "groups": Texts.of(groups)}
    return MonthRows(fitted, words, texts, _parted(source.parted, others))


def _parted(told: Parted, others: NDArray[np.int64]) -> Parted:
    made = np.zeros(len(told), PARTED)
    made["recording"] = _fitted(told["recording"], "recording")
    made["others"] = _fitted(others, "group").reshape(made["others"].shape)
    made["flags"] = told["flags"]
    made["duration"] = duration_codes(told["duration"])
    return np.sort(made)


def decode_rows(kept: MonthRows, month: int) -> Source:
    """The rows that are not erased; encoded again they are the same."""
    live = np.flatnonzero(kept.columns["recording"])
    rows = np.zeros(len(live), SOURCE)
    rows["start_us"] = month_begin_us(month) + kept.columns["start"][live].astype(np.int64) * MS_US
    for name in ("recording", "conversation", "flags", "agent", "group"):
        rows[name] = kept.columns[name][live]
    for column, name in (("number", "numbers"), ("line", "lines")):
        rows[column] = kept.words[name][kept.columns[column][live]]
    rows["duration_ms"] = DURATION_FROM_MS[kept.columns["duration"][live]]
    told = kept.parted[kept.parted["recording"] > 0]
    parted = np.zeros(len(told), SOURCE_PARTED)
    for name in ("recording", "others", "flags"):
        parted[name] = told[name]
    parted["duration"] = DURATION_FROM_MS[told["duration"]]
    agents, groups = (kept.texts[name].decoded() for name in TEXT_DICTIONARIES)
    return Source(rows, agents, groups, parted)


def _coded(values: NDArray[Any], kind: str) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The distinct values in order, that of nobody first, and which each row has."""
    nobody = np.zeros(1, kind)
    distinct, codes = np.unique(np.concatenate([nobody, values]), return_inverse=True)
    return distinct.astype(kind), codes[1:]


def _fitted(values: NDArray[Any], name: str) -> NDArray[Any]:
    kind = np.dtype(ROW_COLUMNS[name])
    if len(values) and not (values.min() >= 0 and values.max() <= np.iinfo(kind).max):
        raise ColumnsOverfull(f"{name}: a value has no room in {kind.itemsize} bytes")
    return values.astype(kind)
