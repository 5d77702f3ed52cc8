"""Recordings as calls, a line for each: who was in it, from when to when, in which direction.

Pure: knows the forms of `docs/openapi.json`, nothing of how they are asked for or shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from archive.call.archived_recording import COMPLETE
from archive.call.numbers import number_digits
from archive.call.silent_sides import NO_SOUND, SIDE_MISSING
from archive.locate.withheld_numbers import why_unnamed

Answer = dict[str, Any]
UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Grouped:
    """Recordings by their calls, newest first; `is_more` where they stopped at a limit."""

    calls: tuple[tuple[Answer, ...], ...]
    is_more: bool


@dataclass(frozen=True, slots=True)
class PartyLabel:
    """What people would call somebody, and whether it is a guess that he is on that side.

    `former` are those who were taken for him before a correction; `numbers` stand beside a name,
    also what stands for one that is not shown.
    """

    label: str
    is_guess: bool = False
    former: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call: its recordings, of which at least one is there."""

    recordings: Sequence[Answer]

    @property
    def call(self) -> str:
        """Its id."""
        return str(self.recordings[0]["conversation"])

    @property
    def started_at(self) -> datetime:
        """When its first recording began."""
        return min(_at(each["started_at"]) for each in self.recordings)

    @property
    def ended_at(self) -> datetime:
        """When its last one ended."""
        return max(_at(each["ended_at"]) for each in self.recordings)

    @property
    def duration_ms(self) -> float:
        """How long it was, with what lies between its recordings."""
        if len(self.recordings) == 1:
            return float(self.recordings[0]["duration_ms"])
        return (self.ended_at - self.started_at) / timedelta(milliseconds=1)

    @property
    def held_ms(self) -> int:
        """How long somebody was on hold."""
        return sum(each["held_ms"] for each in self.recordings)

    @property
    def direction(self) -> str:
        """The first one that is known; `UNKNOWN` where none is."""
        known = (each["direction"] for each in reversed(self.recordings))
        return next((str(each) for each in known if each != UNKNOWN), UNKNOWN)

    @property
    def states(self) -> list[str]:
        """What state its recordings are in, each once; of one that is whole that it is silent."""
        return list(dict.fromkeys(_state_of(each) for each in self.recordings))

    @property
    def limits(self) -> list[str]:
        """Why recordings of it are not heard for what was stated, each reason once."""
        return self.each("limit")

    def each(self, key: str) -> list[Any]:
        """What its recordings have there, each value once, of those that have one."""
        return list(dict.fromkeys(own[key] for own in self.recordings if own[key]))

    @property
    def is_silent(self) -> bool:
        """Whether nothing of it may be heard for what was stated, or is there to be heard."""
        return all(each["limit"] or each["state"] == "destroyed" for each in self.recordings)

    @property
    def is_by_guess(self) -> bool:
        """Whether it was found by a side that is not known, and by nothing else."""
        return all(each.get("by_guess") for each in self.recordings)

    @property
    def numbers(self) -> list[str]:
        """Everybody's numbers, each once, in the order in which they came."""
        found = (number["number"] for leg in self._legs for number in leg["numbers"])
        return list(dict.fromkeys(number for number in found if number))

    def parties(self, side: str) -> list[PartyLabel]:
        """Those of a side by their names, else their numbers, each once; guesses come last."""
        found = [leg for leg in self._legs if leg["side"] == side]
        known = self._labels(leg for leg in found if not leg["side_guessed"])
        guessed = self._labels(leg for leg in found if leg["side_guessed"])
        beside = _Beside.of(found)
        return [
            *(beside.shown(label) for label in known),
            *(beside.shown(label, is_guess=True) for label in guessed if label not in known),
        ]

    def called(self) -> tuple[list[PartyLabel], list[PartyLabel]]:
        """Who called, and who was called, as far as that is known."""
        ends: dict[str, list[Answer]] = {"caller": [], "callee": []}
        for leg in self._legs:
            if leg["party"] is not None:
                ends[leg["party"]["end"]].append(leg)
        beside = _Beside.of(self._legs)
        caller, callee = (self._labels(ends[each]) for each in ("caller", "callee"))
        return [*map(beside.shown, caller)], [*map(beside.shown, callee)]

    @property
    def others(self) -> list[PartyLabel]:
        """Who took part, and nobody knows on which side, not even by a guess."""
        sided = {each.label for side in ("customer", "agent") for each in self.parties(side)}
        found = self._labels(leg for leg in self._legs if leg["side"] == UNKNOWN)
        beside = _Beside.of(self._legs)
        return [beside.shown(label) for label in found if label not in sided]

    @staticmethod
    def _labels(legs: Iterable[Answer]) -> list[str]:
        return list(dict.fromkeys(label for label in map(label_of, legs) if label))

    @property
    def _legs(self) -> list[Answer]:
        oldest_first = sorted(self.recordings, key=lambda each: str(each["started_at"]))
        return [leg for each in oldest_first for leg in each["legs"]]


def by_calls(found: Iterable[Answer], limit: int) -> Grouped:
    """The first calls of what is found; what comes after `limit` of them is left."""
    calls: dict[str, list[Answer]] = {}
    for each in found:
        if each["conversation"] not in calls and len(calls) == limit:
            return Grouped(tuple(map(tuple, calls.values())), is_more=True)
        calls.setdefault(each["conversation"], []).append(each)
    return Grouped(tuple(map(tuple, calls.values())), is_more=False)


def label_of(leg: Answer) -> str:
    """What people would call who stayed: the agent's name, the name of the call, a number."""
    agent = leg["agent"] or {}
    return str(agent.get("name") or leg["name"] or leg["number"])


def former_of(leg: Answer) -> list[str]:
    """Who was taken for the agent before a correction: the name, else the id."""
    agent = leg["agent"] or {}
    ids = agent.get("former_ids", ())
    names = agent.get("former_names", ()) or ids
    return [name or own for name, own in zip(names, ids, strict=True)]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is told beside the label of each: who was taken for him, and his numbers."""

    former: dict[str, tuple[str, ...]]
    numbers: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, legs: Sequence[Answer]) -> "_Beside":
        return cls(_former_by_label(legs), _numbers_by_label(legs))

    def shown(self, label: str, *, is_guess: bool = False) -> PartyLabel:
        return PartyLabel(label, is_guess, self.former[label], self.numbers[label])


def _numbers_by_label(legs: Iterable[Answer]) -> dict[str, tuple[str, ...]]:
    """Of each those that are not his label."""
    found: dict[str, dict[str, None]] = {}
    for leg in legs:
        label = label_of(leg)
        told = (str(each["number"]) for each in leg["numbers"])
        numbers = (each for each in told if each != label and is_beside(label, each))
        found.setdefault(label, {}).update(dict.fromkeys(numbers))
    return {label: tuple(numbers) for label, numbers in found.items()}


def is_beside(label: str, number: str) -> bool:
    """Whether a number says more than the label: digits, or why a named one shows none."""
    if number_digits(number):
        return number_digits(number) != number_digits(label)
    return why_unnamed(number) is not None and why_unnamed(label) is None


def _former_by_label(legs: Iterable[Answer]) -> dict[str, tuple[str, ...]]:
    """Of each by what people call him now."""
    found: dict[str, dict[str, None]] = {}
    for leg in legs:
        label = label_of(leg)
        former = (each for each in former_of(leg) if each and each != label)
        found.setdefault(label, {}).update(dict.fromkeys(former))
    return {label: tuple(former) for label, former in found.items()}


def _state_of(found: Answer) -> str:
    is_whole = found["state"] in {COMPLETE, SIDE_MISSING}
    return NO_SOUND if is_whole and NO_SOUND in found["flags"] else str(found["state"])


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
