"""Calls as the API answers them, in the columns that people and scripts read.

Pure: knows the forms of `docs/openapi.json`, nothing of how they are asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final, Self
from zoneinfo import ZoneInfo

from api.calls.call_summaries import Answer, CallLine, Grouped, PartyLabel
from api.words.texts import said
from rokuon.cli.terminal.output import Row
from rokuon.cli.terminal.time_options import in_zone
from rokuon.cli.words.values import marked
from rokuon.messages.i18n import tr

MS_PER_S: Final = 1_000


Told = Callable[[CallLine, tzinfo], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One of a list of calls: what it has of a recording alone, and of a call of several.

    None: that list does not have it. `title` heads it for people; without one they see none.
    """

    of_recording: Told | None = None
    of_call: Told | None = None
    title: str = ""

    @classmethod
    def both(cls, told: Told, title: str) -> Self:
        """The same of either."""
        return cls(of_recording=told, of_call=told, title=title)


def rows_of(found: Grouped, zone: tzinfo) -> list[Row]:
    """A row for each recording: for programs."""
    return [recording_row(each, zone) for call in found.calls for each in call]


def lines_of(found: Grouped, zone: tzinfo) -> list[Row]:
    """A row for each call: for people."""
    return [call_line(CallLine(call), zone) for call in found.calls]


def line_titles(place: ZoneInfo) -> dict[str, str]:
    """What a list has of each call, by which clock."""
    titles = {key: tr(column.title) for key, column in COLUMNS.items() if column.title}
    return {**titles, "started_at": in_zone(titles["started_at"], place)}


def recording_row(found: Answer, zone: tzinfo) -> Row:
    """One recording."""
    alone = CallLine([found])
    told = {key: column.of_recording for key, column in COLUMNS.items()}
    return {key: tell(alone, zone) for key, tell in told.items() if tell}


def call_line(call: CallLine, zone: tzinfo) -> Row:
    """One call: from its first recording's begin to its last one's end, with all who were in it."""
    told = {key: column.of_call for key, column in COLUMNS.items()}
    return {key: tell(call, zone) for key, tell in told.items() if tell}


def _own(key: str) -> Told:
    """A recording's own, as the API answers it."""
    return lambda call, _: call.recordings[0][key]


def _started(call: CallLine, zone: tzinfo) -> str:
    return call.started_at.astimezone(zone).isoformat(timespec="seconds")


def _seconds(ms: float) -> float:
    return round(ms / MS_PER_S, 1)


def _joined(parties: Iterable[PartyLabel]) -> str:
    return ", ".join(each.label for each in parties)


def _side(side: str, title: str) -> dict[str, Column]:
    """Who is known to be on a side, and who is guessed to be; for people both in one."""

    def sided(*, is_guess: bool) -> Told:
        return lambda call, _: _joined(
            each for each in call.parties(side) if each.is_guess is is_guess
        )

    known = Column(
        of_recording=sided(is_guess=False), of_call=lambda call, _: _named(call, side), title=title
    )
    return {side: known, f"{side}_guess": Column(of_recording=sided(is_guess=True))}


def _former(call: CallLine, _zone: tzinfo) -> list[str]:
    return [former for each in call.parties("agent") for former in each.former]


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


# In the order in which they are shown.
COLUMNS: Final[Mapping[str, Column]] = {
    "call": Column.both(lambda call, _: call.call, said("call")),
    "recording": Column(of_recording=_own("recording")),
    "started_at": Column.both(_started, said("begin")),
    "duration_s": Column.both(lambda call, _: _seconds(call.duration_ms), said("seconds")),
    "held_s": Column.both(lambda call, _: _seconds(call.held_ms), said("on hold (s)")),
    "direction": Column.both(lambda call, _: call.direction, said("direction")),
    "direction_because": Column(of_recording=_own("direction_because")),
    **_side("customer", said("customer")),
    **_side("agent", said("agent")),
    "others": Column(of_call=lambda call, _: [each.label for each in call.others]),
    "agent_was": Column(of_recording=_former),
    "caller": Column(of_recording=lambda call, _: _joined(call.called()[0])),
    "numbers": Column.both(lambda call, _: call.numbers, said("numbers")),
    "source": Column(of_recording=_own("source")),
    "state": Column(
        of_recording=_own("state"), of_call=lambda call, _: call.states, title=said("state")
    ),
    "flags": Column(of_recording=_own("flags")),
    "limit": Column(
        of_recording=lambda call, _: call.recordings[0]["limit"] or "",
        of_call=lambda call, _: call.limits,
    ),
    "recordings": Column(of_call=lambda call, _: len(call.recordings), title=said("recordings")),
}
