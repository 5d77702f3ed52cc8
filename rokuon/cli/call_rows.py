"""Calls as the API answers them, in the rows that people and scripts read.

Pure: knows the forms of `docs/openapi.json`, nothing of how they are asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from rokuon.cli.output import Row

Answer = dict[str, Any]
_UNKNOWN: Final = "unknown"
MS_PER_S: Final = 1_000


@dataclass(frozen=True, slots=True)
class CallsFound:
    """Recordings by their calls, newest first; `is_more` where the search stopped at its limit."""

    calls: tuple[tuple[Answer, ...], ...]
    is_more: bool

    def rows(self, zone: tzinfo) -> list[Row]:
        """A row for each recording: for programs."""
        return [recording_row(found, zone) for call in self.calls for found in call]

    def lines(self, zone: tzinfo) -> list[Row]:
        """A row for each call: for people."""
        return [call_line(call, zone) for call in self.calls]


def by_calls(found: Iterable[Answer], limit: int) -> CallsFound:
    """The first calls of what is found; what comes after `limit` of them is left."""
    calls: dict[str, list[Answer]] = {}
    for each in found:
        if each["conversation"] not in calls and len(calls) == limit:
            return CallsFound(tuple(map(tuple, calls.values())), is_more=True)
        calls.setdefault(each["conversation"], []).append(each)
    return CallsFound(tuple(map(tuple, calls.values())), is_more=False)


def recording_row(found: Answer, zone: tzinfo) -> Row:
    """One recording."""
    return {
        "call": found["conversation"],
        "recording": found["recording"],
        "started_at": moment(found["started_at"], zone),
        "duration_s": round(found["duration_ms"] / MS_PER_S, 1),
        "held_s": round(found["held_ms"] / MS_PER_S, 1),
        "direction": found["direction"],
        "direction_because": found["direction_because"],
        "customer": parties([found], "customer"),
        "agent": parties([found], "agent"),
        "numbers": numbers([found]),
        "source": found["source"],
        "state": found["state"],
        "flags": found["flags"],
    }


def call_line(call: Sequence[Answer], zone: tzinfo) -> Row:
    """One call: from its first recording's begin to its last one's end, with all who were in it."""
    first = min(each["started_at"] for each in call)
    seconds = (_at(max(each["ended_at"] for each in call)) - _at(first)).total_seconds()
    directions = [each["direction"] for each in reversed(call) if each["direction"] != _UNKNOWN]
    alone = call[0]["duration_ms"] / MS_PER_S
    return {
        "call": call[0]["conversation"],
        "recordings": len(call),
        "started_at": moment(first, zone),
        "duration_s": round(alone if len(call) == 1 else seconds, 1),
        "held_s": round(sum(each["held_ms"] for each in call) / MS_PER_S, 1),
        "direction": directions[0] if directions else _UNKNOWN,
        "customer": parties(call, "customer"),
        "agent": parties(call, "agent"),
        "numbers": numbers(call),
        "state": list(dict.fromkeys(each["state"] for each in call)),
    }


def label_of(leg: Answer) -> str:
    """What people would call who stayed: the agent's name, the name of the call, a number."""
    agent = leg["agent"] or {}
    return str(agent.get("name") or leg["name"] or leg["number"])


def parties(call: Sequence[Answer], side: str) -> str:
    """Those of a side by their names, else their numbers, each once."""
    labels = (label_of(leg) for leg in _legs(call) if leg["side"] == side)
    return ", ".join(dict.fromkeys(label for label in labels if label))


def numbers(call: Sequence[Answer]) -> list[str]:
    """Everybody's numbers, each once, in the order in which they came."""
    said = (number["number"] for leg in _legs(call) for number in leg["numbers"])
    return list(dict.fromkeys(number for number in said if number))


def _legs(call: Sequence[Answer]) -> list[Answer]:
    oldest_first = sorted(call, key=lambda each: str(each["started_at"]))
    return [leg for each in oldest_first for leg in each["legs"]]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def moment(text: str | None, zone: tzinfo = UTC) -> str:
    """A time of an answer as a clock of the zone shows it; "" for none."""
    return "" if text is None else _at(text).astimezone(zone).isoformat(timespec="seconds")


def exact(text: str | None, zone: tzinfo = UTC) -> str:
    """The same to the microsecond."""
    return "" if text is None else _at(text).astimezone(zone).isoformat(timespec="microseconds")
