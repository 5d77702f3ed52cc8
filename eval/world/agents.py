"""The agents of a call centre: names, teams, and who sits where on which day.

Knows nothing of calls. A *persona* is an agent under one name: who marries has two.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from eval.world.arrays import Flags, Ints
from eval.world.surnames import surnames

QUEUES: Final = ("support", "sales", "billing", "delivery", "cancellation", "reception")
_A_DAY: Final = 25
_ON_DUTY: Final = 0.66
_IN_A_TEAM: Final = 12
# Others sit each day where there is room.
_OWN_DESK: Final = 0.2
_NEW_NAME: Final = 0.03
_LEAVES: Final = 0.12
_FIRST_EXTENSION: Final = 2_000
GIVEN: Final = (
    ("真由", "まゆ", "Mayu"), ("恵", "めぐみ", "Megumi"), ("守", "まもる", "Mamoru"),
    ("健一", "けんいち", "Kenichi"), ("由美子", "ゆみこ", "Yumiko"), ("翔太", "しょうた", "Shota"),
    ("直樹", "なおき", "Naoki"), ("明美", "あけみ", "Akemi"), ("拓海", "たくみ", "Takumi"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agents:
    """By agent: team, desk and given name; by agent and day: persona and extension, −1 if away."""

    team: Ints
    given: Ints
    # Of each persona: whose, which surname.
    agent_of: Ints
    surname_of: Ints
    persona: Ints
    extension: Ints

    @property
    def count(self) -> int:
        """So many people."""
        return len(self.team)

    @property
    def teams(self) -> int:
        """So many teams; each is of the queue of its number, round and round."""
        return int(self.team.max()) + 1

    @property
    def duty(self) -> Flags:
        """The agents at work, by day."""
        on_duty: Flags = self.extension >= 0
        return on_duty


def agents_of(calls: int, days: int, dice: np.random.Generator) -> Agents:
    """As many as can take so many calls."""
    count = max(len(QUEUES) * 2, round(calls / days / _A_DAY / _ON_DUTY))
    teams = max(len(QUEUES), count // _IN_A_TEAM)
    team = np.arange(count) % teams
    share = surnames().people / surnames().people.sum()
    changes = np.flatnonzero(dice.random(count) < _NEW_NAME)
    agent_of = np.concatenate([np.arange(count), changes])
    persona = np.repeat(np.arange(count)[:, None], days, axis=1)
    for at, agent in enumerate(changes):
        persona[agent, dice.integers(1, days) :] = count + at
    return Agents(
        team=team,
        given=dice.integers(len(GIVEN), size=count),
        agent_of=agent_of,
        surname_of=dice.choice(len(share), size=len(agent_of), p=share),
        persona=persona,
        extension=_seats(count, days, dice),
    )


def _seats(count: int, days: int, dice: np.random.Generator) -> Ints:
    """Own desks, taken over by who comes when somebody leaves; the others are drawn each day."""
    extension = np.full((count, days), -1, dtype=np.int64)
    own = dice.random(count) < _OWN_DESK
    desks = np.where(own)[0]
    free = np.setdiff1d(np.arange(count), desks)
    # Of two neighbours one leaves, and the other comes on that day, to the same desk.
    last = np.full(count, days)
    first = np.zeros(count, dtype=np.int64)
    desk = np.arange(count)
    for agent in np.flatnonzero(dice.random(count - 1) < _LEAVES):
        if last[agent] == days and first[agent] == 0 and own[agent]:
            last[agent] = first[agent + 1] = dice.integers(1, days)
            desk[agent + 1], own[agent + 1] = agent, True
    for day in range(days):
        works = (dice.random(count) < _ON_DUTY) & (first <= day) & (day < last)
        works[dice.integers(count, size=2)] = True
        works &= (first <= day) & (day < last)
        own_today = np.flatnonzero(works & own)
        extension[own_today, day] = _FIRST_EXTENSION + desk[own_today]
        others = np.flatnonzero(works & ~own)
        places = dice.permutation(free)[: len(others)]
        extension[others[: len(places)], day] = _FIRST_EXTENSION + places
    return extension
