"""What metadata says of a session: taken up, merged, and who speaks on which stream.

Steps from one session value to the next. Knows nothing of SIP messages.
"""

from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from archive.events import MetadataReceived, Name, ParticipantChanged, StreamPartyKnown
from capture.sip.message import Request
from capture.siprec.asserted import asserted_in, presence_of
from capture.siprec.bodies import Bodies
from capture.siprec.call_ids import ids_in_metadata
from capture.siprec.limits import MetadataBroken
from capture.siprec.merging import is_unresolved, merge
from capture.siprec.metadata import DataMode, MetadataSnapshot
from capture.siprec.metadata_reading import parse_metadata
from capture.siprec.parties import StreamParty, parties
from capture.siprec.presence import Change, changes, left_us, present, recognised
from capture.siprec.session import (
    MAX_EVENT_BYTES,
    MAX_EVENTS,
    RecordingSession,
    SessionFull,
    SessionStream,
    checked,
    flagged,
    noted,
    noted_in,
    noted_on,
    tolerated,
)
from capture.siprec.sides import Decided, sides
from capture.siprec.tolerances import Tolerance, in_document
from capture.sources import Source

Step = Callable[[RecordingSession], RecordingSession]
MAX_TOLD_EVENTS: Final = MAX_EVENTS * 3 // 4
MAX_TOLD_BYTES: Final = MAX_EVENT_BYTES * 3 // 4
TOO_MUCH: Final = Tolerance("TOL-015")


def told(session: RecordingSession, bodies: Bodies, now_us: int) -> RecordingSession:
    """Take up a metadata document; what is broken is kept as it came, and flagged."""
    if bodies.metadata is None:
        return session
    problem, snapshot, is_complete = "", session.metadata, False
    lacks, found = session.lacks_metadata, [Tolerance("TOL-005")]
    try:
        following = parse_metadata(bodies.metadata, zone=ZoneInfo(session.call.zone))
        found = [*in_document(following, is_first=snapshot is None)]
        is_complete = following.data_mode is DataMode.COMPLETE
        lacks = not is_complete and (lacks or snapshot is None)
        snapshot = merge(snapshot, following) if snapshot is not None else following
        lacks = lacks or (not is_complete and is_unresolved(snapshot))
    except MetadataBroken as broken:
        problem = str(broken) or type(broken).__name__
    received = MetadataReceived(
        at_us=now_us,
        content_type=bodies.metadata_type,
        body=bodies.metadata,
        problem=problem,
        is_complete=is_complete,
    )
    after = msgspec.structs.replace(
        session, metadata=snapshot, metadata_type=bodies.metadata_type, lacks_metadata=lacks
    )
    session = tolerated(noted(after, received), found, now_us)
    return flagged(session, "metadata_broken", now_us, problem) if problem else session


def taken(session: RecordingSession, bodies: Bodies, now_us: int, then: Step) -> RecordingSession:
    """The session after its metadata and what follows from it; raises `SessionFull`.

    Metadata for which there is no room is left out, and the recording flagged: what is heard, held
    and ended always goes before who is told of. For that a quarter of the room is kept.
    """
    if bodies.metadata is None:
        return then(session)
    try:
        return checked(then(told(session, bodies, now_us)), MAX_TOLD_EVENTS, MAX_TOLD_BYTES)
    except SessionFull:
        return then(_untold(session, now_us))


def _untold(session: RecordingSession, now_us: int) -> RecordingSession:
    if TOO_MUCH.code in session.tolerated:
        return session
    session = tolerated(session, [TOO_MUCH], now_us)
    return flagged(session, "metadata_incomplete", now_us)


def named(session: RecordingSession, request: Request, source: Source) -> RecordingSession:
    """Take up who the headers of a request say takes part; a request that names nobody is no news.

    It counts as long as there is no metadata.
    """
    found = asserted_in(request, source)
    return msgspec.structs.replace(session, asserted=found) if found else session


def calls_identified(session: RecordingSession, now_us: int) -> RecordingSession:
    """Note the ids that the metadata gives to each recording's call."""
    if session.metadata is None:
        return session
    for recording in session.live:
        ids = ids_in_metadata(session.metadata, recording.communication_session)
        session = session.with_recording(recording.identified(ids, now_us))
    return session


def presence_known(session: RecordingSession, now_us: int) -> RecordingSession:
    """Note who joined, left, rests or took another's place, in each recording's call."""
    document = session.metadata
    for recording in session.live:
        call = recording.communication_session
        after = present(document, call) if document else presence_of(session.asserted)
        before = recognised(recording.present, after)
        for change in changes(before, after):
            event = _presence_event(document, call, change, now_us)
            session = noted_in(session, recording.recording, event)
        later = msgspec.structs.replace(session.recording(recording.recording), present=after)
        session = session.with_recording(later)
    return session


def _presence_event(
    document: MetadataSnapshot | None, call: str, change: Change, now_us: int
) -> ParticipantChanged:
    who, told_us = change.who, change.told_us
    if change.what == "left" and document is not None:
        told_us = left_us(document, call, who.participant)
    return ParticipantChanged(
        at_us=now_us,
        what=change.what,
        participant=who.participant,
        aor=who.aor,
        told_us=told_us,
        instead_of=change.instead_of,
    )


def parties_known(session: RecordingSession, source: Source, now_us: int) -> RecordingSession:
    """Note who speaks on each stream, where that is news."""
    found: dict[int, StreamParty] = {}
    for who in parties(session.metadata, session.labels) if session.metadata else session.asserted:
        found.setdefault(who.position, who)
    for recording in session.live:
        own = [each for each in session.streams if each.recording == recording.recording]
        positions = [stream.position for stream in own]
        speaking = tuple(who for position, who in found.items() if position in positions)
        decided = sides(speaking, positions, source)
        for stream in own:
            if stream.position not in found and stream.party and stream.party.participant:
                continue  # who is on hold sends nothing, and the stream is still his
            party = _party_of(stream, found.get(stream.position), decided[stream.position], now_us)
            session = _party(session, stream, party)
    return session


def _party_of(
    stream: SessionStream, who: StreamParty | None, decided: Decided, now_us: int
) -> StreamPartyKnown:
    side, because = decided
    return StreamPartyKnown(
        at_us=now_us,
        stream=stream.stream,
        participant="" if who is None else who.participant_id,
        aor="" if who is None else who.aor,
        names=() if who is None else tuple(Name(n.text, n.language) for n in who.names),
        side=side,
        because=because,
    )


def _party(
    session: RecordingSession, stream: SessionStream, party: StreamPartyKnown
) -> RecordingSession:
    before = stream.party
    if before is not None and msgspec.structs.replace(before, at_us=party.at_us) == party:
        return session
    if before is not None and stream.is_told and before.participant == party.participant:
        return session
    later = msgspec.structs.replace(stream, party=party, is_told=False)
    return noted_on(session.with_stream(stream, later), later, party)
