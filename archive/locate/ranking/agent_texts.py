"""Agents and groups in the dictionaries of a month, as values.

Pure. Who an agent of the table is comes from outside.
"""

import json
from collections.abc import Mapping
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
        """Whom one speaks with who sits so, by row."""
        return {
            row: SpokenWith(each.names, each.agent_id, each.team, each.extension)
            for row, each in self.rows.items()
        }

    @cached_property
    def names_of(self) -> Mapping[str, tuple[str, ...]]:
        """All names of each agent by id, at whatever time."""
        found: dict[str, dict[str, None]] = {}
        for each in self.rows.values():
            found.setdefault(each.agent_id, {}).update(dict.fromkeys(each.names))
        return {agent_id: tuple(names) for agent_id, names in found.items()}


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
