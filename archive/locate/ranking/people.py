"""The table of agents as a ranking takes it: its rows are many, those who sit in them are few.

Values and arrays. Knows nothing of calls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

NOBODY: Final = -1
Places = NDArray[np.intp]


class SpokenWith(NamedTuple):
    """An agent as of a call: names, id, team, extension as far as they are known."""

    names: tuple[str, ...] = ()
    agent_id: str = ""
    team: str = ""
    extension: str = ""


class Seat(NamedTuple):
    """A row of the table: who, by all names of that row, sat where, from when to when."""

    row: int
    agent_id: str
    names: tuple[str, ...]
    team: str
    extension: str
    from_us: int
    until_us: int


def _none() -> Places:
    return np.empty(0, np.intp)


@dataclass(frozen=True, eq=False)
class People:
    """Worth keeping as long as the table is the same.

    By row number which of the `persons` sat there (they have no extension), and at which of the
    `extensions`; `NOBODY` where there is no such row.
    """

    persons: tuple[SpokenWith, ...] = ()
    extensions: tuple[str, ...] = ()
    person_of: Places = field(default_factory=_none)
    extension_of: Places = field(default_factory=_none)
    names_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # at whatever time, by id

    @classmethod
    def of(cls, seats: Iterable[Seat]) -> Self:
        """Of a whole table; other tables may have had another name for who sat somewhere then."""
        kinds: dict[tuple[str, tuple[str, ...], str], int] = {}
        extensions: dict[str, int] = {}
        told = [
            (
                row,
                kinds.setdefault((agent_id, names, team), len(kinds)),
                extensions.setdefault(extension, len(extensions)),
                from_us,
                until_us,
            )
            for row, agent_id, names, team, extension, from_us, until_us in seats
        ]
        rows, kind, extension, from_us, until_us = np.array(told, np.int64).reshape(-1, 5).T
        named = _Named.of(list(kinds), kind, (from_us, until_us))
        persons, person = named.persons(kind, (from_us, until_us))
        size = int(rows.max(initial=-1)) + 1
        return cls(
            persons=persons,
            extensions=tuple(extensions),
            person_of=_by_row(rows, person, size),
            extension_of=_by_row(rows, extension, size),
            names_of={agent: _each_once(spans) for agent, spans in named.spans.items()},
        )

    @property
    def is_empty(self) -> bool:
        """There is no table."""
        return not len(self.persons)

    def has(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether somebody sat in each of these rows."""
        inside: NDArray[np.bool_] = (rows >= 0) & (rows < len(self.person_of))
        inside[inside] = self.person_of[rows[inside]] != NOBODY
        return inside

    def seated(self, row: int) -> SpokenWith | None:
        """Whom one spoke with who sat so; None where there is no such row."""
        if not 0 <= row < len(self.person_of) or self.person_of[row] == NOBODY:
            return None
        names, agent_id, team, _ = self.persons[self.person_of[row]]
        return SpokenWith(names, agent_id, team, self.extensions[self.extension_of[row]])


@dataclass(frozen=True, slots=True)
class _Named:
    """Ids, names and teams of rows; by id what an agent was called, each from first to last."""

    kinds: Sequence[tuple[str, tuple[str, ...], str]]
    spans: Mapping[str, Mapping[tuple[str, ...], tuple[int, int]]]

    @classmethod
    def of(
        cls,
        kinds: Sequence[tuple[str, tuple[str, ...], str]],
        kind: Places,
        times: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> Self:
        begins = np.full(len(kinds), np.iinfo(np.int64).max)
        ends = np.full(len(kinds), np.iinfo(np.int64).min)
        np.minimum.at(begins, kind, times[0])
        np.maximum.at(ends, kind, times[1])
        found: dict[str, dict[tuple[str, ...], tuple[int, int]]] = {}
        told = zip(kinds, begins.tolist(), ends.tolist(), strict=True)
        for (agent_id, names, _), begin, end in told:
            own = found.setdefault(agent_id, {})
            first, last = own.get(names, (begin, end))
            own[names] = min(first, begin), max(last, end)
        return cls(kinds, found)

    def persons(
        self, kind: Places, times: tuple[NDArray[np.int64], NDArray[np.int64]]
    ) -> tuple[tuple[SpokenWith, ...], Places]:
        found: dict[SpokenWith, int] = {}
        plain = (
            SpokenWith(_each_once([names]), agent_id, team) for agent_id, names, team in self.kinds
        )
        of_kind = np.array([found.setdefault(each, len(found)) for each in plain], np.intp)
        which = of_kind[kind]
        several = np.array([len(self.spans[agent_id]) > 1 for agent_id, _, _ in self.kinds], bool)
        for row in np.flatnonzero(several[kind]).tolist():
            own = self._at(int(kind[row]), int(times[0][row]), int(times[1][row]))
            which[row] = found.setdefault(own, len(found))
        return tuple(found), which

    def _at(self, kind: int, from_us: int, until_us: int) -> SpokenWith:
        agent_id, names, team = self.kinds[kind]
        others = (
            each
            for each, (begin, end) in self.spans[agent_id].items()
            if begin < until_us and from_us < end
        )
        return SpokenWith(_each_once([names, *others]), agent_id, team)


def _by_row(rows: NDArray[np.int64], told: Places, size: int) -> Places:
    found = np.full(size, NOBODY, np.intp)
    found[rows] = told
    return found


def _each_once(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in names for name in each))
