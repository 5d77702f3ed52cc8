"""Calls as the API answers them, in the rows that people and scripts read.

Pure: knows the forms of `docs/openapi.json`, nothing of how they are asked for.
"""

from datetime import tzinfo
from typing import Final

from api.calls.call_summaries import Answer, CallLine, Grouped
from rokuon.cli.terminal.output import Row, moment

MS_PER_S: Final = 1_000


def rows_of(found: Grouped, zone: tzinfo) -> list[Row]:
    """A row for each recording: for programs."""
    return [recording_row(each, zone) for call in found.calls for each in call]


def lines_of(found: Grouped, zone: tzinfo) -> list[Row]:
    """A row for each call: for people."""
    return [call_line(CallLine(call), zone) for call in found.calls]


def recording_row(found: Answer, zone: tzinfo) -> Row:
    """One recording."""
    alone = CallLine([found])
    return {
        "call": found["conversation"],
        "recording": found["recording"],
        "started_at": moment(found["started_at"], zone),
        "duration_s": round(found["duration_ms"] / MS_PER_S, 1),
        "held_s": round(found["held_ms"] / MS_PER_S, 1),
        "direction": found["direction"],
        "direction_because": found["direction_because"],
        "customer": ", ".join(alone.parties("customer")),
        "agent": ", ".join(alone.parties("agent")),
        "numbers": alone.numbers,
        "source": found["source"],
        "state": found["state"],
        "flags": found["flags"],
        "limit": found["limit"] or "",
    }


def call_line(call: CallLine, zone: tzinfo) -> Row:
    """One call: from its first recording's begin to its last one's end, with all who were in it."""
    return {
        "call": call.call,
        "recordings": len(call.recordings),
        "started_at": call.started_at.astimezone(zone).isoformat(timespec="seconds"),
        "duration_s": round(call.duration_ms / MS_PER_S, 1),
        "held_s": round(call.held_ms / MS_PER_S, 1),
        "direction": call.direction,
        "customer": ", ".join(call.parties("customer")),
        "agent": ", ".join(call.parties("agent")),
        "numbers": call.numbers,
        "state": call.states,
        "limit": call.limits,
    }
