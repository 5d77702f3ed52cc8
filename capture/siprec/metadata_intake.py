"""What metadata says of a session: taken up, merged, and who speaks on which stream.

Steps from one session value to the next. Knows nothing of SIP messages.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from archive.call.events import MetadataReceived, Name, ParticipantChanged, StreamPartyKnown
from capture.metadata.body_limits import MetadataBroken
from capture.metadata.call_ids import ids_in_metadata
from capture.metadata.call_roles import CallRoles
from capture.metadata.mentions import mentions_in
from capture.metadata.message_bodies import Bodies
from capture.metadata.partial_update import is_unresolved, merge
from capture.metadata.participant_changes import (
    Description,
    PresenceChange,
    changes,
    left_us,
    recognised,
)
from capture.metadata.snapshot import DataMode, MetadataSnapshot
from capture.metadata.snapshot_reader import parse_metadata
from capture.metadata.stream_parties import NOBODY, StreamParty
from capture.metadata.vendor_elements import extensions_of
from capture.peers.sources import Source
from capture.recording.known_mentions import told_in_document
from capture.recording.party_sides import Decided, sides
from capture.recording.session import (
    MAX_EVENT_BYTES,
    MAX_EVENTS,
    RecordingSession,
    SessionFull,
    SessionRecording,
    SessionStream,
    checked,
    flagged,
    noted,
    noted_in,
    noted_on,
    tolerated,
)
from capture.recording.tolerances import Tolerance
from capture.sip.message import Request
from capture.siprec.asserted_identity import asserted_in
from capture.siprec.client_tolerances import in_document
from capture.siprec.media_streams import moved
from capture.siprec.participants import CallParticipants, name_ids_of, people_of, speakers_of
from capture.siprec.stream_assignment import introduction

Step = Callable[[RecordingSession], RecordingSession]
MAX_TOLD_EVENTS: Final = MAX_EVENTS * 3 // 4
MAX_TOLD_BYTES: Final = MAX_EVENT_BYTES * 3 // 4
TOO_MUCH: Final = Tolerance("TOL-015")


def told(session: RecordingSession, bodies: Bodies, now_us: int) -> RecordingSession:
    """Take up a metadata document; what is broken is kept as it came, and flagged."""
    if bodies.metadata is None:
        return session
    known, problem, is_complete = session.metadata, "", False
    snapshot, lacks, found = known.snapshot, known.is_lacking, [Tolerance("TOL-005")]
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
    metadata = msgspec.structs.replace(
        known, snapshot=snapshot, content_type=bodies.metadata_type, is_lacking=lacks
    )
    session = tolerated(noted(session.with_metadata(metadata), received), found, now_us)
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
    if not found:
        return session
    return session.with_metadata(msgspec.structs.replace(session.metadata, asserted=found))


def calls_described(session: RecordingSession, now_us: int) -> RecordingSession:
    """Note the ids that the metadata gives to each recording's call, and what it mentions."""
    document = session.metadata.snapshot
    if document is None:
        return session
    for recording in session.live:
        call = recording.described.communication_session
        elements = tuple(extensions_of(document, call))
        identified = recording.identified(ids_in_metadata(document, call, elements), now_us)
        session = session.with_recording(identified)
        session = told_in_document(session, identified, mentions_in(elements), now_us)
    return session


def people_known(session: RecordingSession, source: Source, now_us: int) -> RecordingSession:
    """Note in each recording what is news of its call: who called, came, went, and speaks."""
    for recording in session.live:
        session = _lines_moved(session, recording, now_us)
        people = people_of(session, recording, source)
        session = _call_noted(session, recording.recording, people.roles, now_us)
        session = _presence_noted(session, recording.recording, people, now_us)
        session = _speakers_noted(session, recording.recording, people, source, now_us)
    return session


def _call_noted(
    session: RecordingSession, named: bytes, roles: CallRoles, now_us: int
) -> RecordingSession:
    """Note what the metadata tells of the call and what it belongs to, also where it does so late.

    Who called once is the caller for good.
    """
    recording = session.recording(named)
    described = recording.described
    before = described.roles
    if (before.caller and before.caller_because == "metadata") or not roles.caller:
        roles = msgspec.structs.replace(
            roles, caller=before.caller, caller_because=before.caller_because
        )
    if not (roles.call_type or roles.caller):
        roles = before
    known = introduction(session, recording, now_us)
    links = known.group, known.sip_session_ids
    is_linked = links in {("", ()), (described.group, described.sip_session_ids)}
    if is_linked and roles == before:
        return session
    known = msgspec.structs.replace(
        known, call_type=roles.call_type, caller=roles.caller, caller_because=roles.caller_because
    )
    described = msgspec.structs.replace(
        described, roles=roles, group=known.group, sip_session_ids=known.sip_session_ids
    )
    session = session.with_recording(msgspec.structs.replace(recording, described=described))
    return noted_in(session, named, known)


def _presence_noted(
    session: RecordingSession, named: bytes, people: CallParticipants, now_us: int
) -> RecordingSession:
    """Who joined, left, rests or took another's place; who is described otherwise than before."""
    document, described = session.metadata.snapshot, session.recording(named).described
    call = described.communication_session
    before = recognised(described.present, people.there)
    for change in changes(before, people.there):
        session = noted_in(session, named, _presence_event(document, call, change, now_us))
    described = msgspec.structs.replace(described, present=people.there)
    later = msgspec.structs.replace(session.recording(named), described=described)
    return session.with_recording(later)


def _presence_event(
    document: MetadataSnapshot | None, call: str, change: PresenceChange, now_us: int
) -> ParticipantChanged:
    who, told_us = change.who, change.told_us
    if change.what == "left":
        if document is not None:
            told_us = left_us(document, call, who.participant)
        who = msgspec.structs.replace(who, described=Description())
    return ParticipantChanged(
        at_us=now_us,
        what=change.what,
        participant=who.participant,
        aor=who.aor,
        told_us=told_us,
        instead_of=change.instead_of,
        name_ids=who.described.name_ids,
        speaks=who.described.speaks,
        hears=who.described.hears,
        side=who.described.side,
        because=who.described.because,
    )


def _speakers_noted(
    session: RecordingSession, named: bytes, people: CallParticipants, source: Source, now_us: int
) -> RecordingSession:
    own = [each for each in session.streams if each.recording == named]
    positions = [stream.position for stream in own]
    decided = sides(people.speaking, positions, source, people.decided)
    for stream in own:
        found = [each for each in people.speaking if each.position == stream.position]
        if not found and stream.party and stream.party.participant:
            continue  # who is on hold sends nothing, and the stream is still his
        session = _party(session, stream, _party_of(stream, found, decided, now_us))
    return session


def _lines_moved(
    session: RecordingSession, recording: SessionRecording, now_us: int
) -> RecordingSession:
    """An m-line on which another's speaker is heard goes on as another stream."""
    speaking = speakers_of(session, recording)
    own = [each for each in session.streams if each.recording == recording.recording]
    spoken = {(each.party.participant, each.stream) for each in own if each.party}
    # Also on one that the same offer has taken away.
    spoken |= {
        (each.participant, number)
        for each in recording.described.present
        for number in each.described.speaks
    }
    for stream in own:
        found = [each for each in speaking if each.position == stream.position]
        if _comes_from_another(stream, found, spoken):
            session = moved(session, stream, recording.recording, now_us)
    return session


def _comes_from_another(
    stream: SessionStream, found: Sequence[StreamParty], spoken: Set[tuple[str, int]]
) -> bool:
    """Is he heard here who was heard on another stream? Of who spoke here before nothing is his."""
    before, alone = stream.party, len(found) == 1
    if before is None or not before.participant or before.also or not alone:
        return False
    others = {who for who, number in spoken if number != stream.stream}
    return found[0].participant_id in others - {before.participant}


def _party_of(
    stream: SessionStream,
    found: Sequence[StreamParty],
    decided: Mapping[int, Decided],
    now_us: int,
) -> StreamPartyKnown:
    side, because = decided[stream.position]
    who = found[0] if found else NOBODY
    several = name_ids_of(who) if len(who.name_ids) > 1 else ()
    return StreamPartyKnown(
        at_us=now_us,
        stream=stream.stream,
        participant=who.participant_id,
        aor=who.aor,
        names=tuple(Name(n.text, n.language) for n in who.names),
        side=side,
        because=because,
        name_ids=several,
        also=tuple(each.participant_id for each in found[1:]),
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
