"""Who speaks on which m-line, from the metadata that is known (RFC 7865 §6.5, §6.7, §6.8).

Pure values. Knows nothing of sides, agents or number plans.
"""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from archive.call.numbers import user_part
from capture.metadata.snapshot import (
    MediaStream,
    MetadataSnapshot,
    Name,
    NameId,
    Participant,
    lasts,
)

# One who is in the call, and speaks on no stream of this dialog.
ELSEWHERE: Final = -1


class StreamParty(msgspec.Struct, frozen=True, kw_only=True):
    """A participant who sends on an m-line.

    `position` counts m-lines from 0, `ELSEWHERE` for who speaks on none, `label` is theirs (""
    without one). `user` is the user part of `aor` without escapes and parameters, "" for none.
    `name_ids` are all its addresses, the first of which is `aor`. `side` is what the client itself
    says of it, "" where that is for the rules of the source to decide.
    """

    position: int
    label: str
    participant_id: str
    aor: str = ""
    user: str = ""
    names: tuple[Name, ...] = ()
    name_ids: tuple[NameId, ...] = ()
    side: Literal["", "customer", "agent"] = ""


# Speaks on an m-line of which nothing is said.
NOBODY: Final = StreamParty(position=ELSEWHERE, label="", participant_id="")


def parties(snapshot: MetadataSnapshot, labels: Sequence[str | None]) -> tuple[StreamParty, ...]:
    """Who sends on the m-lines with these labels, in their order; None is an m-line without one.

    A mixed stream has several senders, a stream that nobody is known to send on has none. Who has
    left the stream is named only where nobody else is. Where no m-line has a label, the streams of
    the document are taken in their order, if there are as many.
    """
    by_id = {participant.participant_id: participant for participant in snapshot.participants}
    sending = senders(snapshot)
    return tuple(
        party_of(
            by_id.get(sender, Participant(participant_id=sender)), position, labels[position] or ""
        )
        for position, stream in enumerate(_streams(snapshot, labels))
        if stream is not None
        for sender in sending.get(stream.stream_id, ())
    )


def _streams(
    snapshot: MetadataSnapshot, labels: Sequence[str | None]
) -> Sequence[MediaStream | None]:
    if not any(labels) and len(labels) == len(snapshot.streams):
        return snapshot.streams
    by_label = {stream.label: stream for stream in snapshot.streams if stream.label}
    return [by_label.get(label or "") for label in labels]


def senders(snapshot: MetadataSnapshot) -> dict[str, tuple[str, ...]]:
    """Who sends on each stream, by its id; of one that all have left the last who did.

    Who has left the call has left its streams, whatever else is said of these.
    """
    stays = snapshot.participant_sessions
    there = {each.participant_id for each in stays if lasts(each)}
    gone = {each.participant_id for each in stays} - there
    present: dict[str, dict[str, None]] = {}
    last: dict[str, str] = {}
    for each in snapshot.participant_streams:
        for stream in each.sends:
            last[stream] = each.participant_id
            if lasts(each) and each.participant_id not in gone:
                present.setdefault(stream, {})[each.participant_id] = None
    return {stream: tuple(present.get(stream, (sender,))) for stream, sender in last.items()}


def stream_positions(snapshot: MetadataSnapshot, labels: Sequence[str | None]) -> dict[str, int]:
    """The place of the m-line of each stream that has one, by the stream's id."""
    found = enumerate(_streams(snapshot, labels))
    return {stream.stream_id: place for place, stream in found if stream is not None}


def party_of(participant: Participant, position: int, label: str = "") -> StreamParty:
    """A participant who is described, at an m-line or `ELSEWHERE`."""
    name_ids = participant.name_ids
    aor = next((name_id.aor for name_id in name_ids if name_id.aor), "")
    return StreamParty(
        position=position,
        label=label,
        participant_id=participant.participant_id,
        aor=aor,
        user=user_part(aor),
        names=tuple(dict.fromkeys(name for name_id in name_ids for name in name_id.names)),
        name_ids=name_ids,
    )
