"""What the index holds of a recording, worked out from its events alone.

Pure. Knows nothing of the catalog, of agents' tables or of who asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from archive.events import (
    CallEnded,
    CallIdKind,
    CallIdKnown,
    CallOpened,
    CallRefused,
    CommunicationSessionKnown,
    Event,
    Flagged,
    RouteTaken,
    Side,
    StreamAdded,
    StreamPartyKnown,
    StreamRemoved,
    Tolerated,
)
from archive.numbers import NO_NUMBER, Number, party_number

MarkKind = Literal["route", "queue", "tag", "purpose", "controller"]
Direction = Literal["inbound", "outbound", "internal", "unknown"]
SIDE_GUESSED: Final = "side_guessed"
# The mode of a ledger page: no call, but the calls that were turned away.
LEDGER: Final = "ledger"
# Ids that all dialogs about one call bear, the strongest first. A Session-ID is not among them: in
# a recording session's headers it is that session's own.
JOINED_CALL: Final[CallIdKind] = "joined_call"
_JOINING: Final[tuple[CallIdKind, ...]] = (
    "cisco_reference",
    "gcid",
    "ucid",
    "cisco_guid",
    "genesys_uuid",
    "broadworks_tracking",
    "asterisk_linkedid",
    "icid",
)
_SILENT_ENDS: Final = frozenset({"media_timeout", "hold_timeout"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LegFacts:
    """One party's stay on one stream; `side_guessed` where only the stream's order tells."""

    stream: int
    participant: str
    side: Side
    side_guessed: bool
    number: Number
    names: tuple[tuple[str, str], ...]
    from_us: int
    until_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFacts:
    """A recording as its events tell it; times in µs since 1970 UTC.

    `joins` are those of the `ids` that all recordings of one call share, the strongest first.
    `marks` are kinds and values of what the route of an inline call says of its recordings. `ids`
    are kinds and values by which others know the call, `tolerances` codes and details of what
    its source does in its own way, `refusals` the calls that a ledger page tells of.
    """

    source: str
    mode: str
    joins: tuple[tuple[str, str], ...]
    started_us: int
    ended_us: int
    direction: Direction
    flags: tuple[str, ...]
    ids: tuple[tuple[str, str], ...]
    marks: tuple[tuple[MarkKind, str], ...]
    tolerances: tuple[tuple[str, str], ...]
    refusals: tuple[CallRefused, ...]
    legs: tuple[LegFacts, ...]


@dataclass(frozen=True, slots=True)
class _Stay:
    """A leg being read: which stream, since when, and who is known to be there."""

    stream: int
    from_us: int
    party: StreamPartyKnown | None = None


class _Legs:
    """The stays of a recording's parties, as the events come by."""

    def __init__(self, country: str) -> None:
        self._country = country
        self._present: dict[int, _Stay] = {}
        # What the node itself plays is nobody's stay.
        self._played: set[int] = set()
        self.over: list[LegFacts] = []

    def feed(self, event: Event) -> None:
        match event:
            case StreamAdded(direction="sendonly", stream=stream):
                self._played.add(stream)
            case StreamPartyKnown(stream=stream) if stream in self._played:
                pass
            case StreamAdded(stream=stream):
                self._present.setdefault(stream, _Stay(stream, event.at_us))
            case StreamPartyKnown():
                self._party(event)
            case StreamRemoved(stream=stream) if stream in self._present:
                self._leave(self._present.pop(stream), event.at_us)
            case _:
                pass

    def close(self, at_us: int) -> tuple[LegFacts, ...]:
        for stay in self._present.values():
            self._leave(stay, at_us)
        return tuple(sorted(self.over, key=lambda leg: (leg.from_us, leg.stream)))

    def _party(self, event: StreamPartyKnown) -> None:
        stay = self._present.get(event.stream, _Stay(event.stream, event.at_us))
        if stay.party is not None and stay.party.participant != event.participant:
            self._leave(stay, event.at_us)
            stay = _Stay(event.stream, event.at_us)
        self._present[event.stream] = _Stay(event.stream, stay.from_us, event)

    def _leave(self, stay: _Stay, at_us: int) -> None:
        party = stay.party
        self.over.append(
            LegFacts(
                stream=stay.stream,
                participant=party.participant if party else "",
                side=party.side if party else "unknown",
                side_guessed=party is not None and party.because == "first_stream",
                number=self._number(party),
                names=tuple((name.text, name.language) for name in party.names) if party else (),
                from_us=stay.from_us,
                until_us=max(stay.from_us, at_us),
            )
        )

    def _number(self, party: StreamPartyKnown | None) -> Number:
        if party is None:
            return NO_NUMBER
        return party_number(party.aor, tuple(name.text for name in party.names), self._country)


def direction_of(parties: list[StreamPartyKnown]) -> Direction:
    """Who called whom: the first party listed is the caller.

    A guessed side tells nothing, and one that a client says of its one-way dialog not who called.
    """
    if not parties or parties[0].because in {"first_stream", "client_said"}:
        return "unknown"
    if len({party.participant for party in parties}) > 1 and all(
        party.side == "agent" for party in parties
    ):
        return "internal"
    match parties[0].side:
        case "customer":
            return "inbound"
        case "agent":
            return "outbound"
        case _:
            return "unknown"


def _ended_us(events: list[Event], last_us: int) -> int:
    """When the call was over; a silence that was waited out is no part of it."""
    ends = [event for event in events if isinstance(event, CallEnded)]
    if not ends or ends[-1].reason in _SILENT_ENDS:
        return last_us
    return ends[-1].at_us


def _joins_of(told: list[Event]) -> tuple[tuple[str, str], ...]:
    """What belongs together: by our own name, else by the source's: group, communication session,
    vendors' ids.

    Two dialogs of one call, two recorders of it, and a session that goes on elsewhere after a
    failure name the same.
    """
    known = [event for event in told if isinstance(event, CommunicationSessionKnown)]
    ids = {event.kind: event.value for event in reversed(told) if isinstance(event, CallIdKnown)}
    found: list[tuple[str, str]] = []
    if JOINED_CALL in ids:
        found.append((JOINED_CALL, ids[JOINED_CALL]))
    for event in known[-1:]:
        found += [("group", event.group), ("communication_session", event.communication_session)]
    found += [(kind, ids[kind]) for kind in _JOINING if kind in ids]
    return tuple(each for each in found if each[1])


def _ids_of(told: list[Event]) -> tuple[tuple[str, str], ...]:
    """The dialog's own id, the client's names of call and group, and what others call it."""
    found: list[tuple[str, str]] = []
    for event in told:
        match event:
            case CallOpened():
                found.append(("recording_session", event.call_id))
            case CommunicationSessionKnown():
                found.append(("communication_session", event.communication_session))
                found.append(("group", event.group))
            case CallIdKnown():
                found.append((event.kind, event.value))
            case _:
                pass
    return tuple(dict.fromkeys(each for each in found if each[1]))


def _marks_of(told: list[Event]) -> tuple[tuple[MarkKind, str], ...]:
    found: list[tuple[MarkKind, str]] = []
    for event in told:
        if isinstance(event, RouteTaken):
            found += [("route", event.route), ("queue", event.queue), ("purpose", event.purpose)]
            found.append(("controller", event.controller))
            found += [("tag", each) for each in event.tags]
    return tuple(dict.fromkeys(each for each in found if each[1]))


def _parties_of(told: list[Event]) -> list[StreamPartyKnown]:
    """Who speaks; what the node itself played is nobody."""
    known = (event for event in told if isinstance(event, StreamPartyKnown))
    return [event for event in known if event.side != "node"]


def _mode_of(opened: CallOpened | None, refusals: tuple[CallRefused, ...]) -> str:
    if opened is not None:
        return opened.mode
    return LEDGER if refusals else ""


def _tolerances_of(told: list[Event]) -> tuple[tuple[str, str], ...]:
    """Each code once, with what it was about first."""
    first: dict[str, str] = {}
    for event in told:
        if isinstance(event, Tolerated):
            first.setdefault(event.code, event.detail)
    return tuple(sorted(first.items()))


def _flags_of(told: list[Event]) -> tuple[str, ...]:
    """What was flagged, and whether a side is a guess to the end: metadata may come late."""
    written = {event.flag for event in told if isinstance(event, Flagged)}
    flags: set[str] = {flag for flag in written if flag != SIDE_GUESSED}
    last = {event.stream: event for event in told if isinstance(event, StreamPartyKnown)}
    if any(event.because == "first_stream" for event in last.values()):
        flags.add(SIDE_GUESSED)
    return tuple(sorted(flags))


def describe(events: Iterable[tuple[int, Event]], *, first_us: int, last_us: int) -> RecordingFacts:
    """Tell a recording from its (serial, event) pairs, in any order, repetitions allowed.

    `first_us` and `last_us` are the arrivals of its first and last packet over all parts known.
    """
    told = [event for _, event in sorted(dict(events).items())]
    opened = next((event for event in told if isinstance(event, CallOpened)), None)
    refusals = tuple(event for event in told if isinstance(event, CallRefused))
    started_us = opened.at_us if opened else first_us
    ended_us = max(started_us, _ended_us(told, last_us))
    legs = _Legs(opened.country if opened else "")
    for event in told:
        legs.feed(event)
    return RecordingFacts(
        source=opened.source if opened else "",
        mode=_mode_of(opened, refusals),
        joins=_joins_of(told),
        started_us=started_us,
        ended_us=ended_us,
        direction=direction_of(_parties_of(told)),
        flags=_flags_of(told),
        ids=_ids_of(told),
        marks=_marks_of(told),
        tolerances=_tolerances_of(told),
        refusals=refusals,
        legs=legs.close(ended_us),
    )
