"""A drawn world as columns: a row for each leg of what was recorded; the rest beside them."""

import json
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from archive.agent_table import ALWAYS_US, FOREVER_US, names_told
from archive.locate.columns.flags import CALLED_BACK, DIRECTIONS, HELD, TRANSFERRED, WITHHELD
from archive.locate.columns.rows import encode_rows
from archive.locate.columns.source import SOURCE, Source
from archive.locate.ranking.asked import CodedNumbers, Unrecorded
from archive.locate.ranking.people import People, Seat
from archive.locate.ranking.reached import ReachedMonth
from eval.loading.agents_table import persona_name
from eval.memory.agents import team_name
from eval.world.agents import QUEUES
from eval.world.calendar import US
from eval.world.world import DIALLED, Fate, World

_HOUR_US: Final = 3_600 * US


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a world."""

    months: tuple[ReachedMonth, ...]
    people: People
    unrecorded: Unrecorded
    destroyed_us: np.ndarray[Any, Any]
    # By recording, from 1: its call and its beginning.
    call_of: np.ndarray[Any, Any]
    start_us: np.ndarray[Any, Any]


def kept_of(world: World) -> Kept:
    """All of it, the newest month first, all within reach."""
    rows, call_of = _rows(world)
    seats = sorted({(int(p), int(e)) for p, e in rows[["persona", "extension"]].tolist()})
    places = {seat: at + 1 for at, seat in enumerate(seats)}
    groups = sorted({(int(q), int(t)) for q, t in rows[["queue", "team"]].tolist()})
    group_places = {each: at + 1 for at, each in enumerate(groups)}
    made = np.zeros(len(rows), SOURCE)
    for name in ("start_us", "recording", "conversation", "number", "line", "duration_ms", "flags"):
        made[name] = rows[name]
    made["agent"] = [places[seat] for seat in rows[["persona", "extension"]].tolist()]
    made["group"] = [group_places[each] for each in rows[["queue", "team"]].tolist()]
    texts = ["", *(_group_text(*each) for each in groups)]
    agents = ["", *(f'{{"p":{at + 1}}}' for at in range(len(seats)))]
    kept = []
    for month, source in Source(made, agents, texts).by_month():
        own = encode_rows(source, month)
        reached = np.ones(len(own.dictionaries["groups"]), np.bool_)
        kept.append(ReachedMonth(month, own, reached))
    lost = np.flatnonzero(world.fate == Fate.NOT_RECORDED)
    gone = np.flatnonzero(world.fate == Fate.DESTROYED)
    return Kept(
        months=tuple(reversed(kept)),
        people=People.of(_seat(world, at, *seat) for seat, at in places.items()),
        unrecorded=Unrecorded(
            start_us=world.begin_us[lost],
            numbers=CodedNumbers.of(_reversed(world.number[lost])),
            flags=np.where(world.number[lost] == 0, WITHHELD, 0).astype(np.uint8),
        ),
        destroyed_us=world.begin_us[gone] // _HOUR_US * _HOUR_US,
        call_of=np.append(-1, call_of),
        start_us=np.append(0, rows["start_us"]),
    )


_ROW: Final = np.dtype(
    [*((n, SOURCE[n]) for n in SOURCE.names or () if n not in ("agent", "group"))]
    + [(n, "<i8") for n in ("persona", "extension", "queue", "team")]
)


def _rows(world: World) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    kept = np.flatnonzero(world.fate == Fate.RECORDED)
    second = kept[world.persona2[kept] >= 0]
    call = np.concatenate([kept, second])
    leg = np.repeat([0, 1], [len(kept), len(second)])
    legs = 1 + (world.persona2[call] >= 0)
    order = np.lexsort((leg, call))
    call, leg, legs = call[order], leg[order], legs[order]
    length_us = world.length_s[call] * US
    rows = np.zeros(len(call), _ROW)
    rows["start_us"] = world.begin_us[call] + leg * length_us // legs
    rows["recording"] = np.arange(len(call)) + 1
    rows["conversation"] = call + 1
    rows["number"] = _reversed(world.number[call])
    lines = np.array([f"81{each[1:]}"[::-1] for each in DIALLED] + [""], "S16")
    rows["line"] = lines[world.dialled[call]]
    rows["duration_ms"] = length_us // 1_000
    rows["flags"] = _flags(world)[call]
    rows["persona"] = np.where(leg, world.persona2[call], world.persona[call])
    rows["extension"] = np.where(leg, world.extension2[call], world.extension[call])
    rows["queue"] = world.queue[call]
    rows["team"] = world.agents.team[world.agents.agent_of[rows["persona"]]]
    return rows, call


def _flags(world: World) -> np.ndarray[Any, Any]:
    found: np.ndarray[Any, Any] = (
        np.where(world.outbound, DIRECTIONS["outbound"], DIRECTIONS["inbound"])
        + TRANSFERRED * (world.persona2 >= 0)
        + HELD * world.held
        + CALLED_BACK * world.called_back
        + WITHHELD * (world.number == 0)
    )
    return found


def _reversed(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.array([str(each)[::-1] if each else "" for each in numbers.tolist()], "S16")


def _group_text(queue: int, team: int) -> str:
    told = {"t": [team_name(team)]} | ({"q": [QUEUES[queue]]} if queue >= 0 else {})
    return json.dumps(told, sort_keys=True)


def _seat(world: World, row: int, persona: int, extension: int) -> Seat:
    agent = int(world.agents.agent_of[persona])
    return Seat(
        row=row,
        agent_id=f"A{agent:04}",
        names=names_told(*persona_name(world.agents, persona)),
        team=team_name(int(world.agents.team[agent])),
        extension=str(extension),
        from_us=ALWAYS_US,
        until_us=FOREVER_US,
    )
