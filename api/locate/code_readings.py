"""What codes of agents and groups are counted as: each is read once, as long as its month is kept.

Knows nothing of what is counted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from archive.locate.columns.layout import DICTIONARY_OF
from archive.locate.ranking.agent_texts import agent_of, queues_of
from archive.locate.ranking.people import People, SpokenWith
from archive.locate.ranking.reached import ReachedMonth

_UNREAD: Final = -2
_NOTHING: Final = -1
Codes = NDArray[np.int64]
_Reader = Callable[[Any, People], str | None]


@dataclass(slots=True)
class CodeReading:
    """Of one kind of values; what is found are numbers of texts, below 0: of none."""

    column: str
    read: _Reader
    _numbers: dict[str, int] = field(default_factory=dict)
    _months: WeakKeyDictionary[ReachedMonth, Codes] = field(default_factory=WeakKeyDictionary)
    _lock: Lock = field(default_factory=Lock)

    def of(self, month: ReachedMonth, rows: Codes, people: People) -> Codes:
        """What these rows of a month have."""
        codes, words = month.rows.columns[self.column][rows], self._words(month)
        with self._lock:
            known = self._months.setdefault(month, np.full(len(words), _UNREAD, np.int64))
            for code in np.unique(codes[known[codes] == _UNREAD]).tolist():
                told = self.read(words[code], people)
                known[code] = _NOTHING if told is None else self._number(told)
        return known[codes]

    def texts(self, numbers: Codes) -> tuple[str, ...]:
        """For which these stand."""
        texts = list(self._numbers)
        return tuple(texts[each] for each in numbers.tolist())

    def _words(self, month: ReachedMonth) -> Any:
        return month.rows.dictionaries[DICTIONARY_OF[self.column]]

    def _number(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))


def _name(agent: SpokenWith) -> str | None:
    return (agent.names[0] if agent.names else agent.agent_id or agent.extension) or None


def _surname(agent: SpokenWith) -> str | None:
    return (agent.names[0].split() or [""])[0] if agent.names else None


def _team(agent: SpokenWith) -> str | None:
    return agent.team or None


def _of_agent(told: Callable[[SpokenWith], str | None]) -> _Reader:
    def read(text: Any, people: People) -> str | None:
        found = agent_of(text, people)
        return None if found is None else told(found)

    return read


def _queue(text: Any, _people: People) -> str | None:
    found = queues_of(text)
    return found[0] if found else None


# As long as anybody has the table of agents.
_READINGS: Final[WeakKeyDictionary[People, Mapping[str, CodeReading]]] = WeakKeyDictionary()


def readings(people: People) -> Mapping[str, CodeReading]:
    """By kind, of who reads by this table of agents."""
    made = {
        "agent": CodeReading("agent", _of_agent(_name)),
        "surname": CodeReading("agent", _of_agent(_surname)),
        "team": CodeReading("agent", _of_agent(_team)),
        "queue": CodeReading("group", _queue),
    }
    return _READINGS.setdefault(people, made)
