"""The agents of a world as `rokuon agents import` takes them: a line for each stay at a desk.

Knows nothing of calls.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import numpy as np

from archive.agent_table import MAX_ROWS
from eval.memory.agents import romaji_of, team_name
from eval.world.agents import GIVEN, Agents
from eval.world.calendar import first_day
from eval.world.surnames import surnames


def persona_name(agents: Agents, persona: int) -> tuple[str, str, str]:
    """Written, read, and in Roman letters."""
    names = surnames()
    surname = int(agents.surname_of[persona])
    written, reading, letters = GIVEN[int(agents.given[agents.agent_of[persona]])]
    read = names.readings[int(names.reading_of[surname])]
    return (
        f"{names.written[surname]} {written}",
        f"{read} {reading}",
        f"{romaji_of(read)} {letters}",
    )


def agents_csv(agents: Agents, days: int) -> bytes:
    """All of them, until the last day each; who is away has no line for the day."""
    lines = ["agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to,team"]
    first = first_day(days)
    for agent in range(agents.count):
        team = team_name(int(agents.team[agent]))
        for begin, end in _stays(agents, agent, days):
            name = ",".join(persona_name(agents, int(agents.persona[agent, begin])))
            extension = agents.extension[agent, begin]
            since, until = (first + timedelta(days=each) for each in (begin, end - 1))
            lines.append(f"A{agent:04},{name},,{extension},{since},{until},{team}")
    return "\n".join(lines).encode()


def tables_of(csv: bytes, most: int = MAX_ROWS) -> Iterator[bytes]:
    """The same in tables of no more lines than one import takes."""
    head, *lines = csv.splitlines()
    for begin in range(0, len(lines), most):
        yield b"\n".join([head, *lines[begin : begin + most]])


def _stays(agents: Agents, agent: int, days: int) -> Iterator[tuple[int, int]]:
    """From which day until before which other one sits somewhere under one name."""
    where = agents.extension[agent] + 1_000_000 * agents.persona[agent]
    where = np.where(agents.extension[agent] >= 0, where, -1)
    changes = [0, *(np.flatnonzero(np.diff(where)) + 1).tolist(), days]
    for begin, end in pairwise(changes):
        if where[begin] >= 0:
            yield begin, end
