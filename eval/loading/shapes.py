"""Shapes of calls: two of one shape have the same rows but for what each call has of its own.

`samples` is a small world with two calls of every shape that differ in everything else. Knows
nothing of rows.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from eval.loading.seats import Seats
from eval.world.agents import Agents
from eval.world.arrays import Flags, Ints
from eval.world.calendar import DAY_S, US
from eval.world.world import Fate, World

# The two calls of a shape share neither day nor anything that is told of them.
_DAYS: Final = 4
_DAY: Final = (0, 2)
_AT_S: Final = (36_061, 51_753)
_BEFORE_MIDNIGHT_S: Final = (DAY_S - 30, DAY_S - 40)
_LENGTH_S: Final = (137, 251)
_NUMBER: Final = (819_027_645_381, 81_358_190_264)
_DESK: Final = (2_301, 2_412, 2_523, 2_634)
_ORDER: Final = (7_306_581, 4_092_768)
_SURNAME: Final = (40, 61)
# A topic that is another's beginning would be taken for it.
_TOPIC: Final = (0, 7)
_QUEUE: Final = (0, 4)


class Shape(NamedTuple):
    """What decides how many rows a call has, and what stands in them for all of them."""

    refused: bool
    outbound: bool
    withheld: bool
    held: bool
    tagged: bool
    ordered: bool
    named: bool
    transferred: bool
    # Nobody sat any more where the second leg began: it was another day.
    unseated: bool


# Nothing else of a call that was not recorded is kept.
_REFUSED: Final = tuple(
    Shape(True, False, withheld, *(False,) * 6)  # noqa: FBT003  # in the order of its fields
    for withheld in (False, True)
)


def shape_of(world: World, call: int, seats: Seats) -> Shape:
    """Of one that is not destroyed."""
    withheld = not world.number[call]
    if world.fate[call] == Fate.NOT_RECORDED:
        return _REFUSED[withheld]
    transferred = bool(world.persona2[call] >= 0)
    return Shape(
        refused=False,
        outbound=bool(world.outbound[call]),
        withheld=withheld,
        held=bool(world.held[call]),
        tagged=bool(world.tag[call] >= 0),
        ordered=bool(world.order[call] >= 0),
        named=bool(world.surname[call] >= 0),
        transferred=transferred,
        unseated=transferred and seats.of(*_second(world, call)) is None,
    )


def _second(world: World, call: int) -> tuple[str, int]:
    """Where the second leg began, and when."""
    half_us = int(world.length_s[call]) * US // 2
    return str(world.extension2[call]), world.begins_us(call) + half_us


def samples() -> tuple[World, dict[Shape, tuple[int, int]]]:
    """The world, and of each shape which two calls of it are of that shape."""
    shapes = [*_REFUSED, *_recorded()]
    flags = {name: np.repeat([getattr(each, name) for each in shapes], 2) for name in Shape._fields}
    world = _World(flags, np.tile([0, 1], len(shapes))).world()
    return world, {each: (2 * at, 2 * at + 1) for at, each in enumerate(shapes)}


def _recorded() -> Iterator[Shape]:
    for told in product((False, True), repeat=len(Shape._fields) - 1):
        shape = Shape(False, *told)  # noqa: FBT003  # in the order of its fields
        if shape.transferred or not shape.unseated:
            yield shape


class _World:
    """Calls with these flags; `which` of the two of its shape each is."""

    def __init__(self, flags: dict[str, Flags], which: Ints) -> None:
        self._flags, self._which = flags, which

    def world(self) -> World:
        own, flags = self._of, self._flags
        agent = 2 * self._which
        moment = np.where(flags["unseated"], own(_BEFORE_MIDNIGHT_S), own(_AT_S))
        second = flags["transferred"]
        return World(
            days=_DAYS,
            agents=_agents(),
            at_s=own(_DAY) * DAY_S + moment,
            length_s=own(_LENGTH_S),
            outbound=flags["outbound"],
            customer=self._which,
            matter=self._which,
            number=np.where(flags["withheld"], 0, own(_NUMBER)),
            withheld=flags["withheld"].astype(np.int64),
            persona=agent,
            persona2=np.where(second, agent + 1, -1),
            extension=np.array(_DESK)[agent],
            extension2=np.where(second, np.array(_DESK)[agent + 1], -1),
            queue=np.where(flags["outbound"], -1, own(_QUEUE)),
            dialled=np.where(flags["outbound"], -1, self._which),
            held=flags["held"],
            called_back=np.zeros_like(second),
            fate=np.where(flags["refused"], Fate.NOT_RECORDED, Fate.RECORDED),
            reason=np.where(flags["refused"], self._which, -1),
            topic=own(_TOPIC),
            tag=np.where(flags["tagged"], self._which, -1),
            order=np.where(flags["ordered"], own(_ORDER), -1),
            surname=np.where(flags["named"], own(_SURNAME), -1),
        )

    def _of(self, two: tuple[int, int]) -> Ints:
        drawn: Ints = np.array(two)[self._which]
        return drawn


def _agents() -> Agents:
    """Four, of four teams; each is there on one day of four."""
    each = np.arange(len(_DESK))
    extension = np.full((len(_DESK), _DAYS), -1)
    for agent, desk in enumerate(_DESK):
        extension[agent, _DAY[agent // 2]] = desk
    return Agents(
        # None of the queue of the call.
        team=each + 1,
        given=each,
        agent_of=each,
        surname_of=each + 10,
        persona=np.repeat(each[:, None], _DAYS, axis=1),
        extension=extension,
    )
