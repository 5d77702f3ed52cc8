"""Calls as the API answers them, in the rows that people and scripts read.

Pure: knows the forms of `docs/openapi.json`, nothing of how they are asked for.
"""

from datetime import tzinfo
from typing import Final

from api.calls.call_summaries import Answer, CallLine, Grouped, PartyLabel
from rokuon.cli.terminal.output import Row, moment
from rokuon.cli.words.values import marked
from rokuon.messages.i18n import tr

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
        **_sides(alone),
        "agent_was": [former for each in alone.parties("agent") for former in each.former],
        "caller": ", ".join(each.label for each in alone.called()[0]),
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
        "customer": _named(call, "customer"),
        "agent": _named(call, "agent"),
        "others": [each.label for each in call.others],
        "numbers": call.numbers,
        "state": call.states,
        "limit": call.limits,
    }


def _sides(call: CallLine) -> Row:
    """Who is known to be on a side, and who is guessed to be."""
    told: Row = {}
    for side in ("customer", "agent"):
        parties = call.parties(side)
        told[side] = ", ".join(each.label for each in parties if not each.is_guess)
        told[f"{side}_guess"] = ", ".join(each.label for each in parties if each.is_guess)
    return told


def _named(call: CallLine, side: str) -> str:
    """A side for people: a guess is marked as one, and who is on none stands apart."""
    return ", ".join(map(_party, call.parties(side))) or tr("not known")


def _party(own: PartyLabel) -> str:
    """As known now, and as of then."""
    named = marked(own.label, is_guess=own.is_guess)
    if not own.former:
        return named
    former = tr("before the correction: {who}").format(who=", ".join(own.former))
    return f"{named} ({former})"


def sides_named(recording: Answer) -> Row:
    """The same of a recording, by its sides."""
    alone = CallLine([recording])
    return {side: _named(alone, side) for side in ("customer", "agent")}
