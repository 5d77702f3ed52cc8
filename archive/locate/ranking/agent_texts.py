"""Agents and groups in the dictionaries of a month, as values.

Pure. Who an agent of the table is comes from outside.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple

from archive.agent_table import AgentPeriod
from archive.call.numbers import user_part
from archive.folded_names import fold_name

_KEPT: Final = 1 << 16
# "Billing" told of "billing 2".
_WITHIN: Final = 0.2


class SpokenWith(NamedTuple):
    """An agent as of a call: names, id, team, extension as far as they are known."""

    names: tuple[str, ...] = ()
    agent_id: str = ""
    team: str = ""
    extension: str = ""


@dataclass(frozen=True, eq=False)
class People:
    """The table of agents by row number; worth keeping as long as it is the same."""

    rows: Mapping[int, AgentPeriod] = field(default_factory=dict)

    @cached_property
    def spoken(self) -> Mapping[int, SpokenWith]:
        """Whom one speaks with who sits so, by row; other tables may have had another name then."""
        return {
            row: SpokenWith(self._names(each), each.agent_id, each.team, each.extension)
            for row, each in self.rows.items()
        }

    @cached_property
    def names_of(self) -> Mapping[str, tuple[str, ...]]:
        """All names of each agent by id, at whatever time."""
        return {agent_id: _each_once(spans) for agent_id, spans in self._spans.items()}

    @cached_property
    def _spans(self) -> Mapping[str, Mapping[tuple[str, ...], tuple[int, int]]]:
        """By id what an agent was called, each with the time from first to last."""
        found: dict[str, dict[tuple[str, ...], tuple[int, int]]] = {}
        for each in self.rows.values():
            spans = found.setdefault(each.agent_id, {})
            begin, end = spans.get(each.names, (each.valid_from_us, each.valid_to_us))
            spans[each.names] = min(begin, each.valid_from_us), max(end, each.valid_to_us)
        return found

    def _names(self, seat: AgentPeriod) -> tuple[str, ...]:
        others = (
            names
            for names, (begin, end) in self._spans[seat.agent_id].items()
            if begin < seat.valid_to_us and seat.valid_from_us < end
        )
        return _each_once([seat.names, *others])


def _each_once(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in names for name in each))


def agent_of(text: Any, people: People) -> SpokenWith | None:
    """None where nobody is known; of whom only the id is told all names count."""
    told = _read(text)
    if (seated := people.spoken.get(told.get("p", -1))) is not None:
        return seated
    agent_id, name = told.get("i", ""), told.get("n", "")
    found = SpokenWith(
        names=(name,) if name else people.names_of.get(agent_id, ()) if agent_id else (),
        agent_id=agent_id,
        extension=user_part(told.get("x", "")),
    )
    return None if found == SpokenWith() else found


def queues_of(text: Any) -> tuple[str, ...] | None:
    """Folded; None where there is none."""
    return tuple(_read(text).get("q", ())) or None


@lru_cache(maxsize=_KEPT)
def _read(text: Any) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def label_fit(told: tuple[str, ...], labels: tuple[str, ...]) -> float:
    """The fit of names of queues or teams: the same, one within the other, or not."""
    wanted, stored = map(fold_name, told), [fold_name(each) for each in labels]
    return max((_alike(one, other) for one in wanted for other in stored), default=0.0)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return _WITHIN if one and other and (one in other or other in one) else 0.0
