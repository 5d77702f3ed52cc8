"""Who is in a call that is up, as metadata, headers or an inline call name them.

Pure: from a session's value. Knows nothing of who asks.
"""

from collections.abc import Iterator

from archive.call.events import StreamPartyKnown
from archive.call.live import LiveParty
from capture.metadata.snapshot import NameId
from capture.recording.session import RecordingSession, SessionRecording


def live_parties(session: RecordingSession, recording: SessionRecording) -> tuple[LiveParty, ...]:
    """Those who are in the call now, who rests included; each once, whatever he speaks on."""
    speaking = [
        stream.party
        for stream in session.streams
        if stream.recording == recording.recording and not stream.is_played and stream.party
    ]
    found = {party.participant or party.aor: _of_stream(party) for party in speaking}
    name_ids = _name_ids(session)
    for present in recording.described.present:
        before = found.pop(present.participant, LiveParty(addresses=(present.aor,)))
        found[present.participant] = _with(before, name_ids.get(present.participant, ()))
    return tuple(each for each in found.values() if any(each.addresses) or each.names)


def _name_ids(session: RecordingSession) -> dict[str, tuple[NameId, ...]]:
    document = session.metadata.snapshot
    participants = () if document is None else document.participants
    return {each.participant_id: each.name_ids for each in participants}


def _of_stream(party: StreamPartyKnown) -> LiveParty:
    names = tuple(name.text for name in party.names)
    return LiveParty(side=party.side, addresses=(party.aor,) if party.aor else (), names=names)


def _with(party: LiveParty, described: tuple[NameId, ...]) -> LiveParty:
    """With every address and name that metadata has of him, each once."""
    names = (name.text for each in described for name in each.names)
    return LiveParty(
        side=party.side,
        addresses=_each_once(*party.addresses, *(each.aor for each in described)),
        names=_each_once(*party.names, *names),
    )


def _each_once(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def live_ids(session: RecordingSession, recording: SessionRecording) -> Iterator[str]:
    """The ids by which anybody knows the call: its Call-ID, then those that it was told with."""
    yield session.call.call_id
    yield from (each.value for each in recording.ids)
