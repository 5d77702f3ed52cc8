"""Who is in a call, and what changes: joined, left, put on hold, taken off it, replaced by another.

From metadata snapshots of one communication session (RFC 7865 §6.6, §6.8). Pure. Knows nothing of
streams' media or of sessions.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

import msgspec

from archive.call.events import NameId, ParticipantChange, Side, SideBecause
from archive.call.numbers import user_part
from capture.metadata.snapshot import (
    MetadataSnapshot,
    ParticipantSessionAssociation,
    ParticipantStreamAssociation,
    lasts,
)
from capture.metadata.timestamps import Moment

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording says of a participant: its addresses, streams and side.

    `speaks` and `hears` are the recording's streams; `because` is "" where no side was decided.
    """

    name_ids: tuple[NameId, ...] = ()
    speaks: tuple[int, ...] = ()
    hears: tuple[int, ...] = ()
    side: Side = "unknown"
    because: SideBecause | Literal[""] = ""


class PresentParticipant(msgspec.Struct, frozen=True, kw_only=True):
    """One who is in the call: `sends` and `receives` are ids of streams.

    `described` is what its recording was told of it, `former` the id by which that was.
    """

    participant: str
    aor: str = ""
    sends: tuple[str, ...] = ()
    receives: tuple[str, ...] = ()
    joined_us: int = 0
    described: Description = Description()
    former: str = ""


class PresenceChange(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to whom; `told_us` is when, as the source says it, 0 where it does not."""

    what: ParticipantChange
    who: PresentParticipant
    told_us: int = 0
    instead_of: str = ""


def present(document: MetadataSnapshot, call: str) -> tuple[PresentParticipant, ...]:
    """The participants of a call who have not left it, in the order of the document."""
    stays = {
        stay.participant_id: stay for stay in document.participant_sessions if _is_of(stay, call)
    }
    streams: dict[str, list[ParticipantStreamAssociation]] = {}
    for each in document.participant_streams:
        streams.setdefault(each.participant_id, []).append(each)
    told = bool(stays)
    return tuple(
        PresentParticipant(
            participant=each.participant_id,
            aor=each.name_ids[0].aor if each.name_ids else "",
            sends=_ids(streams.get(each.participant_id, ()), "sends"),
            receives=_ids(streams.get(each.participant_id, ()), "receives"),
            joined_us=_us(stays[each.participant_id].associated_at) if told else 0,
        )
        for each in document.participants
        # Where stays are told, who has none is not in this call.
        if not told or (each.participant_id in stays and lasts(stays[each.participant_id]))
    )


def _ids(
    associations: Sequence[ParticipantStreamAssociation], way: Literal["sends", "receives"]
) -> tuple[str, ...]:
    """Of all associations that have not ended: a client may write one for each way."""
    lasting = [each for each in associations if lasts(each)]
    found = (each.sends if way == "sends" else each.receives for each in lasting)
    return tuple(dict.fromkeys(stream for own in found for stream in own))


def recognised(
    told: tuple[PresentParticipant, ...], described: tuple[PresentParticipant, ...]
) -> tuple[PresentParticipant, ...]:
    """Those whom headers told, as the metadata that now describes the same users has them.

    Headers have no ids, their participants are known by their addresses; nor do they tell who
    rests.
    """
    users = {user_part(each.aor): each for each in described}
    users.pop("", None)
    return tuple(_known_as(each, users.get(user_part(each.aor))) for each in told)


def _known_as(told: PresentParticipant, described: PresentParticipant | None) -> PresentParticipant:
    """Who was told by headers, under the id by which the metadata knows him."""
    if described is None or told.participant != told.aor:
        return told
    return msgspec.structs.replace(described, described=told.described, former=told.participant)


def left_us(document: MetadataSnapshot, call: str, participant: str) -> int:
    """When the source says that a participant left; 0 where it does not."""
    for stay in document.participant_sessions:
        if stay.participant_id == participant and _is_of(stay, call):
            return _us(stay.disassociated_at)
    return 0


def changes(
    before: tuple[PresentParticipant, ...], after: tuple[PresentParticipant, ...]
) -> Iterator[PresenceChange]:
    """From one moment to the next: who left first, then who joined, then who rests.

    One who speaks where another spoke until now stands in his place: a transfer. Who is there and
    described otherwise than before is told as joined once more.
    """
    was, now = {p.participant: p for p in before}, {p.participant: p for p in after}
    gone = [each for name, each in was.items() if name not in now]
    yield from (PresenceChange(what="left", who=each) for each in gone)
    for name, each in now.items():
        if name not in was:
            yield _joined(each, gone)
        elif bool(was[name].sends) is not bool(each.sends):
            yield PresenceChange(what="resumed" if each.sends else "held", who=each)
        elif was[name].described != each.described:
            yield PresenceChange(what="joined", who=each, instead_of=was[name].former)


def _joined(who: PresentParticipant, gone: list[PresentParticipant]) -> PresenceChange:
    former = next((each for each in gone if set(each.sends) & set(who.sends)), None)
    if former is None:
        return PresenceChange(what="joined", who=who, told_us=who.joined_us)
    return PresenceChange(
        what="transferred", who=who, told_us=who.joined_us, instead_of=former.participant
    )


def _is_of(stay: ParticipantSessionAssociation, call: str) -> bool:
    return not call or not stay.session_id or stay.session_id == call


def _us(moment: Moment | None) -> int:
    if moment is None or moment.at is None:
        return 0
    return (moment.at - _EPOCH) // timedelta(microseconds=1)
