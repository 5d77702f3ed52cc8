"""Drawn clues as those of the product, without words; what an index would find of texts."""

import math
from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from archive.locate.clues import (
    AgentClue,
    Clue,
    CustomerClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    HappenedClue,
    LengthClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
    WhenClue,
)
from archive.locate.numbers import Form, RememberedNumber, read_remembered
from archive.locate.ranking.asked import Asked, Found
from archive.locate.request.lengths import LONG_MS, MAX_MS, SHORT_MS, about
from archive.locate.stretches import Stretch
from archive.locate.withheld_numbers import Withheld
from bench.locating.columns import Kept
from eval.memory.clocks import spoken_clocks
from eval.memory.clue import Clue as Told, Spoken
from eval.memory.dates import ASKED, spoken_dates
from eval.memory.model import Model
from eval.memory.sorts import SHIFT_DAY
from eval.requests.drawn import PAST_24, Request
from eval.world.calendar import DAY_S, SLOT_S, SLOTS, US, ZONE, first_day, midnight_us
from eval.world.surnames import surnames
from eval.world.world import TAGS, TOPICS, World

_BEFORE: Final = 31
_DIGIT: Final = math.log(0.08 / 63 / 0.92)


class Asker:
    """Makes requests of drawn ones."""

    def __init__(self, world: World, kept: Kept, model: Model) -> None:
        self._world, self._kept = world, kept
        self._dates, self._clocks = spoken_dates(model, world.days), spoken_clocks(model)
        self._first_us = midnight_us(first_day(world.days) - timedelta(days=_BEFORE))

    def asked(self, request: Request) -> Asked:
        """With all that is kept, on the day on which requests are made."""
        told = dict(request.clues)
        clues: list[Clue] = []
        found: dict[int, Found] = {}
        if "date" in told or "clock" in told:
            when = self._when(told.get(SHIFT_DAY, told.get("date")), told.get("clock"))
            clues.append(Clue(value=when))
        for sort, each in request.clues:
            if sort in ("date", SHIFT_DAY, "clock"):
                continue
            if sort in ("gist", "customer"):
                found[len(clues)] = self._found(each)
            clues.append(Clue(value=_value(each)))
        return Asked(
            clues=clues,
            now_us=midnight_us(ASKED) - 1,
            zone=ZoneInfo(ZONE),
            people=self._kept.people,
            found=found,
            unrecorded=self._kept.unrecorded,
            destroyed_us=self._kept.destroyed_us,
        )

    def _when(self, date: Told | None, clock: Told | None) -> WhenClue:
        days = _meant(self._dates, date) or range(self._world.days + _BEFORE)
        slots = _meant(self._clocks, clock) or range(SLOTS)
        if clock is not None and clock.kind == PAST_24:
            days = [day + 1 for day in days]
        stretches = []
        for day in days:
            for _, run in groupby(enumerate(slots), key=lambda pair: pair[1] - pair[0]):
                own = [slot for _, slot in run]
                begin_us = self._first_us + (day * DAY_S + own[0] * SLOT_S) * US
                end_us = begin_us + len(own) * SLOT_S * US
                stretches.append(Stretch(begin_us=begin_us, end_us=end_us))
        return WhenClue(tuple(stretches), days=date is not None, clock=clock is not None)

    def _found(self, told: Told) -> Found:
        ((name, value),) = told.slots
        world = self._world
        if name == "topic":
            return self._those(world.topic == TOPICS.index(str(value)), world.topic >= 0)
        if name == "tag":
            return self._those(world.tag == TAGS.index(str(value)), world.topic >= 0)
        if name == "name":
            own = surnames().written.index(str(value))
            return self._those(world.surname == own, world.surname >= 0)
        wrong = sum(
            (world.order // 10**place % 10 != int(value) // 10**place % 10).astype(int)
            for place in range(7)
        )
        fits = np.where(wrong == 0, 0.0, np.where(wrong == 1, _DIGIT, -np.inf))
        return self._those(fits, world.topic >= 0)

    def _those(self, fits: Any, known: Any) -> Found:
        if fits.dtype == np.bool_:
            fits = np.where(fits, 0.0, -np.inf)
        of_recording = np.where(known, fits, -np.inf)[self._kept.call_of[1:]]
        own = np.flatnonzero(np.isfinite(of_recording))
        return Found(
            start_us=self._kept.start_us[own + 1],
            recordings=own + 1,
            log_rates=of_recording[own],
            told=int(known[self._kept.call_of[1:]].sum()),
        )


def _meant(spoken: Spoken, told: Told | None) -> list[int]:
    return [] if told is None else sorted(taken for taken, _ in spoken._of.get(told, ()))


def _value(told: Told) -> Value:
    slots: dict[str, Any] = dict(told.slots)
    sort, _, kind = told.kind.partition(".")
    if sort in ("agent", "number"):
        return _agent(kind, slots) if sort == "agent" else _of_number(kind, slots)
    values: dict[str, Callable[[], Value]] = {
        "length": lambda: _length(slots),
        "direction": lambda: DirectionClue("inbound" if slots["way"] == "they" else "outbound"),
        "queue": lambda: QueueClue((slots["queue"],)),
        "event": lambda: HappenedClue(kind, bool(slots["was"])),  # type: ignore[arg-type]
        "customer": lambda: CustomerClue((slots["name"],)),
        "gist": lambda: GistClue(str(next(iter(slots.values())))),
    }
    return values[sort]()


def _agent(kind: str, slots: dict[str, Any]) -> Value:
    if kind == "team":
        return TeamClue((slots["team"],))
    if kind == "extension":
        digits = slots["extension"]
        return ExtensionClue(RememberedNumber(form=Form.EXTENSION, digits=digits))
    return AgentClue(tuple(slots[each] for each in ("name", "or_name") if each in slots))


def _of_number(kind: str, slots: dict[str, Any]) -> Value:
    if kind == "dialled":
        return DialledClue(read_remembered(slots["number"], "JP"))
    return NumberClue(_number(kind, slots))


def _number(kind: str, slots: dict[str, Any]) -> RememberedNumber:
    if kind == "withheld":
        return RememberedNumber(form=Form.WITHHELD, reason=Withheld.CALLER)
    if kind == "last":
        return RememberedNumber(form=Form.LAST, digits=slots["last"])
    return read_remembered(slots.get("number") or f"{slots['first']}で始まる", "JP")


def _length(slots: dict[str, Any]) -> LengthClue:
    if "seconds" in slots:
        return about(slots["seconds"] * 1_000)
    if slots["length"] == "short":
        return LengthClue(min_ms=0, max_ms=SHORT_MS)
    return LengthClue(min_ms=LONG_MS, max_ms=MAX_MS)
