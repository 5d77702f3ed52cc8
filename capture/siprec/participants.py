"""Who is in the call of a recording, as the recording is told of them: addresses, streams, sides.

Values from one session's metadata or headers. Knows nothing of SIP messages or of what was told
before.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from archive.call.event_values import is_guess
from archive.call.events import Name, NameId
from capture.metadata import snapshot
from capture.metadata.call_roles import NO_ROLES, CallRoles, read_call_roles
from capture.metadata.participant_changes import (
    Description,
    PresentParticipant,
    present,
    recognised,
)
from capture.metadata.stream_parties import (
    ELSEWHERE,
    StreamParty,
    parties,
    party_of,
    stream_positions,
)
from capture.peers.sources import Source
from capture.recording.party_sides import Decided, FirstGuesses, sides_of_people
from capture.recording.session import RecordingSession, SessionRecording, SessionStream
from capture.siprec.asserted_identity import presence_of


class CallParticipants(msgspec.Struct, frozen=True, kw_only=True):
    """The participants of a recording's call, those who speak on its m-lines, and their sides.

    `roles` is what is told of the call as a whole.
    """

    there: tuple[PresentParticipant, ...]
    speaking: tuple[StreamParty, ...]
    decided: Mapping[str, Decided]
    roles: CallRoles


def people_of(
    session: RecordingSession, recording: SessionRecording, source: Source
) -> CallParticipants:
    """Those of the metadata, else those whom headers name."""
    document = session.metadata.snapshot
    places = [each.position for each in _streams(session, recording)]
    if document is None:
        roles, everybody = NO_ROLES, session.metadata.asserted
        there = presence_of(everybody)
        lines = {str(each.position): each.position for each in everybody}
    else:
        there = present(document, recording.described.communication_session)
        everybody = _everybody(session, document, there)
        roles = _roles(session, recording, [each.participant_id for each in everybody])
        lines = stream_positions(document, session.labels)
    own = tuple(each for each in everybody if each.position in places)
    ids = {each.participant for each in there} | {each.participant_id for each in own}
    decided = sides_of_people(
        [p for p in everybody if p.participant_id in ids],
        source,
        roles,
        _guesses(session, recording, there),
    )
    by_line = {each.position: each.stream for each in _streams(session, recording)}
    numbers = {name: by_line[line] for name, line in lines.items() if line in by_line}
    described = {each.participant_id: each for each in reversed(everybody)}
    return CallParticipants(
        there=tuple(
            _described(each, described.get(each.participant), numbers, decided) for each in there
        ),
        speaking=own,
        decided=decided,
        roles=roles,
    )


def speakers_of(session: RecordingSession, recording: SessionRecording) -> tuple[StreamParty, ...]:
    """Who speaks on the m-lines of a recording."""
    document = session.metadata.snapshot
    known = session.metadata.asserted if document is None else parties(document, session.labels)
    places = {each.position for each in _streams(session, recording)}
    return tuple(each for each in known if each.position in places)


def _guesses(
    session: RecordingSession, recording: SessionRecording, there: tuple[PresentParticipant, ...]
) -> FirstGuesses:
    """What the recording was told of sides that is a guess."""
    present = recognised(recording.described.present, there)
    own = _streams(session, recording)
    spoken = [(each.position, each.party) for each in own if each.party is not None]
    told = [(each.participant, each.described.side, each.described.because) for each in present]
    told += [(party.participant, party.side, party.because) for _, party in spoken]
    return FirstGuesses(
        people={
            who: (side, because)
            for who, side, because in reversed(told)
            if who and because and is_guess(because) and side != "unknown"
        },
        lines={
            at: (party.side, party.because)
            for at, party in spoken
            if is_guess(party.because) and party.side != "unknown"
        },
    )


def _streams(session: RecordingSession, recording: SessionRecording) -> list[SessionStream]:
    return [each for each in session.streams if each.recording == recording.recording]


def _everybody(
    session: RecordingSession,
    document: snapshot.MetadataSnapshot,
    there: Iterable[PresentParticipant],
) -> tuple[StreamParty, ...]:
    speaking = parties(document, session.labels)
    known = {each.participant_id for each in speaking}
    silent = {each.participant for each in there} - known
    others = (
        party_of(each, ELSEWHERE) for each in document.participants if each.participant_id in silent
    )
    return (*speaking, *others)


def _roles(
    session: RecordingSession, recording: SessionRecording, people: Sequence[str]
) -> CallRoles:
    assert session.metadata.snapshot is not None
    return read_call_roles(
        session.metadata.snapshot,
        recording.described.communication_session,
        people,
        country=session.call.country,
        user_agent=session.call.user_agent,
    )


def _described(
    who: PresentParticipant,
    party: StreamParty | None,
    numbers: Mapping[str, int],
    decided: Mapping[str, Decided],
) -> PresentParticipant:
    description = Description(
        name_ids=() if party is None else name_ids_of(party),
        speaks=tuple(sorted({numbers[each] for each in who.sends if each in numbers})),
        hears=tuple(sorted({numbers[each] for each in who.receives if each in numbers})),
    )
    if who.participant in decided:
        side, because = decided[who.participant]
        description = msgspec.structs.replace(description, side=side, because=because)
    return msgspec.structs.replace(who, described=description)


def name_ids_of(party: StreamParty) -> tuple[NameId, ...]:
    """All addresses of a party with their names, as events have them."""
    if not party.name_ids:
        return (NameId(party.aor, tuple(Name(n.text, n.language) for n in party.names)),)
    return tuple(
        NameId(each.aor, tuple(Name(name.text, name.language) for name in each.names))
        for each in party.name_ids
    )
