"""Values into an rs-metadata document, as a recording client sends it (RFC 7865 §9).

Knows nothing of where the values come from.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from capture.metadata.snapshot import (
    NAMESPACE,
    CommunicationSession,
    CommunicationSessionGroup,
    Extension,
    MediaStream,
    MetadataSnapshot,
    NameId,
    Participant,
    ParticipantSessionAssociation,
    ParticipantStreamAssociation,
    SessionRecordingAssociation,
)
from capture.metadata.timestamps import Moment

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# A carriage return would come back as a line feed (XML 1.0 §2.11).
_KEPT_IN_TEXT = {"\r": "&#13;"}
_Timed = (
    CommunicationSessionGroup
    | SessionRecordingAssociation
    | ParticipantSessionAssociation
    | ParticipantStreamAssociation
)


def render_metadata(snapshot: MetadataSnapshot) -> bytes:
    """The document in UTF-8, elements in the order of the schema.

    Reading it gives an equal snapshot, if ids and texts have no white space around them and times
    are as `read_moment` makes them.
    """
    members = (
        _element("datamode", [], [escape(snapshot.data_mode)]),
        *map(_group, snapshot.groups),
        *map(_session, snapshot.sessions),
        *map(_participant, snapshot.participants),
        *map(_stream, snapshot.streams),
        *map(_session_recording, snapshot.session_recordings),
        *map(_participant_session, snapshot.participant_sessions),
        *map(_participant_stream, snapshot.participant_streams),
        *_extensions(snapshot.extensions),
    )
    body = "".join(f"{member}\n" for member in members)
    return f'{_HEAD}<recording xmlns="{NAMESPACE}">\n{body}</recording>\n'.encode()


def write_moment(at: datetime) -> Moment:
    """The moment of an aware time."""
    assert at.tzinfo is not None
    utc = at.astimezone(UTC)
    return Moment(utc.isoformat().replace("+00:00", "Z"), utc)


def _moment(name: str, moment: Moment | None) -> Iterator[str]:
    return _texts(name, () if moment is None else (moment.raw,))


def _times(member: _Timed) -> Iterator[str]:
    yield from _moment("associate-time", member.associated_at)
    yield from _moment("disassociate-time", member.disassociated_at)


def _extensions(extensions: Iterable[Extension]) -> Iterator[str]:
    return (extension.xml for extension in extensions)


def _group(group: CommunicationSessionGroup) -> str:
    content = (*_times(group), *_extensions(group.extensions))
    return _element("group", [("group_id", group.group_id)], content)


def _session(session: CommunicationSession) -> str:
    reasons = (
        _element(
            "reason",
            [("cause", reason.cause), ("protocol", reason.protocol)],
            [escape(reason.text, _KEPT_IN_TEXT)],
        )
        for reason in session.reasons
    )
    content = (
        *_texts("sipSessionID", session.sip_session_ids),
        *reasons,
        *_texts("group-ref", filter(None, [session.group_ref])),
        *_moment("start-time", session.started_at),
        *_moment("stop-time", session.stopped_at),
        *_extensions(session.extensions),
    )
    return _element("session", [("session_id", session.session_id)], content)


def _participant(participant: Participant) -> str:
    content = (*map(_name_id, participant.name_ids), *_extensions(participant.extensions))
    return _element("participant", [("participant_id", participant.participant_id)], content)


def _name_id(name_id: NameId) -> str:
    names = (
        _element("name", [("xml:lang", name.language)], [escape(name.text, _KEPT_IN_TEXT)])
        for name in name_id.names
    )
    return _element("nameID", [("aor", name_id.aor)], names)


def _stream(stream: MediaStream) -> str:
    content = (
        *_texts("label", filter(None, [stream.label])),
        *_texts("mode", filter(None, [stream.mode])),
        *_extensions(stream.extensions),
    )
    ids = [("stream_id", stream.stream_id), ("session_id", stream.session_id)]
    return _element("stream", ids, content)


def _session_recording(association: SessionRecordingAssociation) -> str:
    content = (*_times(association), *_extensions(association.extensions))
    return _element("sessionrecordingassoc", [("session_id", association.session_id)], content)


def _participant_session(association: ParticipantSessionAssociation) -> str:
    capabilities = (
        _element("param", [("pname", capability.name), ("pval", capability.value)])
        for capability in association.capabilities
    )
    ids = [("participant_id", association.participant_id), ("session_id", association.session_id)]
    content = (*_times(association), *capabilities, *_extensions(association.extensions))
    return _element("participantsessionassoc", ids, content)


def _participant_stream(association: ParticipantStreamAssociation) -> str:
    content = (
        *_texts("send", association.sends),
        *_texts("recv", association.receives),
        *_times(association),
        *_extensions(association.extensions),
    )
    ids = [("participant_id", association.participant_id)]
    return _element("participantstreamassoc", ids, content)


def _element(
    name: str, attributes: Iterable[tuple[str, str]] = (), content: Iterable[str] = ()
) -> str:
    head = "".join((name, *(f" {key}={quoteattr(value)}" for key, value in attributes if value)))
    inside = "".join(content)
    return f"<{head}>{inside}</{name}>" if inside else f"<{head}/>"


def _texts(name: str, texts: Iterable[str]) -> Iterator[str]:
    return (_element(name, [], [escape(text, _KEPT_IN_TEXT)]) for text in texts)
