"""Participants described by the documents of their recording: names that no event has.

Recordings of earlier versions say of each participant one address; the metadata that they keep says
all of them. Knows nothing of keys, nor of where recordings lie.
"""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import msgspec

from archive.events import (
    CallOpened,
    Event,
    MetadataReceived,
    Name,
    NameId,
    ParticipantChanged,
)
from capture.siprec.limits import MetadataBroken
from capture.siprec.merging import merge
from capture.siprec.metadata import MetadataSnapshot
from capture.siprec.metadata_reading import parse_metadata

Numbered = tuple[int, Event]


def described(events: Iterable[Numbered]) -> Iterator[Numbered]:
    """The events in their order, participants without addresses with those of the documents."""
    zone, known = "UTC", MetadataSnapshot()
    for serial, event in sorted(events, key=lambda each: each[0]):
        match event:
            case CallOpened():
                zone = event.zone
            case MetadataReceived() if event.body and not event.problem:
                known = _after(known, event.body, zone)
            case _:
                pass
        yield serial, _with_addresses(event, known)


def _after(known: MetadataSnapshot, body: bytes, zone: str) -> MetadataSnapshot:
    try:
        return merge(known, parse_metadata(body, zone=ZoneInfo(zone)))
    except MetadataBroken:
        return known


def _with_addresses(event: Event, known: MetadataSnapshot) -> Event:
    if not isinstance(event, ParticipantChanged) or event.name_ids or event.what == "left":
        return event
    name_ids = tuple(
        NameId(each.aor, tuple(Name(name.text, name.language) for name in each.names))
        for participant in known.participants
        if participant.participant_id == event.participant
        for each in participant.name_ids
    )
    return msgspec.structs.replace(event, name_ids=name_ids)
