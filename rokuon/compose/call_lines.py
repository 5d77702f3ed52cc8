"""What a search has found, as people read it: one line for each call, with everybody's numbers.

Pure. Knows nothing of SQL, of grants or of how lines are written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from archive.catalog.calls import FoundRecording
from archive.catalog.found_legs import FoundLeg
from archive.ids import ConversationId

Shown = dict[str, object]
US_PER_S: Final = 1_000_000
_UNKNOWN: Final = "unknown"
# The keys whose values are times.
_TIMES: Final = frozenset({"at", "from", "until", "started_at", "told_at"})


@dataclass(frozen=True, slots=True)
class CallsFound:
    """Recordings by their calls, newest first; `is_more` where the search stopped at its limit."""

    calls: tuple[tuple[FoundRecording, ...], ...]
    is_more: bool

    def rows(self, zone: tzinfo) -> list[Shown]:
        """A row for each recording: for programs."""
        return [row(found, zone) for call in self.calls for found in call]

    def lines(self, zone: tzinfo) -> list[Shown]:
        """A row for each call: for people."""
        return [line(call, zone) for call in self.calls]


def by_calls(found: Iterable[FoundRecording], limit: int) -> CallsFound:
    """The first calls of what is found; what comes after `limit` of them is left."""
    calls: dict[ConversationId, list[FoundRecording]] = {}
    for each in found:
        if each.conversation not in calls and len(calls) == limit:
            return CallsFound(_tuples(calls.values()), is_more=True)
        calls.setdefault(each.conversation, []).append(each)
    return CallsFound(_tuples(calls.values()), is_more=False)


def _tuples(
    calls: Iterable[list[FoundRecording]],
) -> tuple[tuple[FoundRecording, ...], ...]:
    return tuple(map(tuple, calls))


def row(found: FoundRecording, zone: tzinfo) -> Shown:
    """One recording."""
    return {
        "call": str(found.conversation),
        "recording": str(found.recording),
        "started_at": moment(found.started_us, zone),
        "duration_s": round(found.duration_ms / 1_000, 1),
        "held_s": round(found.held_ms / 1_000, 1),
        "direction": found.direction,
        "direction_because": found.direction_because,
        "customer": parties([found], "customer"),
        "agent": parties([found], "agent"),
        "numbers": numbers([found]),
        "source": found.source,
        "state": found.state,
        "flags": list(found.flags),
    }


def line(call: Sequence[FoundRecording], zone: tzinfo) -> Shown:
    """One call: from its first recording's begin to its last one's end, with all who were in it."""
    first_us = min(each.started_us for each in call)
    seconds = (max(each.ended_us for each in call) - first_us) / US_PER_S
    directions = [each.direction for each in reversed(call) if each.direction != _UNKNOWN]
    return {
        "call": str(call[0].conversation),
        "recordings": len(call),
        "started_at": moment(first_us, zone),
        "duration_s": round(call[0].duration_ms / 1_000 if len(call) == 1 else seconds, 1),
        "held_s": round(sum(each.held_ms for each in call) / 1_000, 1),
        "direction": directions[0] if directions else _UNKNOWN,
        "customer": parties(call, "customer"),
        "agent": parties(call, "agent"),
        "numbers": numbers(call),
        "state": list(dict.fromkeys(each.state for each in call)),
    }


def parties(call: Sequence[FoundRecording], side: str) -> str:
    """Those of a side by their names, else their numbers, each once."""
    labels = (leg.label for leg in _legs(call) if leg.side == side)
    return ", ".join(dict.fromkeys(label for label in labels if label))


def numbers(call: Sequence[FoundRecording]) -> list[str]:
    """Everybody's numbers, each once, in the order in which they came."""
    said = (number.shown for leg in _legs(call) for number in leg.who.numbers)
    return list(dict.fromkeys(number for number in said if number))


def _legs(call: Sequence[FoundRecording]) -> list[FoundLeg]:
    oldest_first = sorted(call, key=lambda each: each.started_us)
    return [leg for each in oldest_first for leg in each.legs]


def moment(at_us: int, zone: tzinfo) -> str:
    """A time as it is written, with its offset."""
    return datetime.fromtimestamp(at_us / US_PER_S, zone).isoformat(timespec="seconds")


def in_zone(key: str, value: object, zone: tzinfo) -> object:
    """The same, with every time in it as a clock of that zone shows it."""
    match value:
        case dict():
            return {name: in_zone(name, inner, zone) for name, inner in value.items()}
        case list():
            return [in_zone(key, inner, zone) for inner in value]
        case str() if value and key in _TIMES:
            at = datetime.fromisoformat(value)
            timespec = "microseconds" if "." in value else "seconds"
            return at.astimezone(zone).isoformat(timespec=timespec)
    return value
