"""rs-metadata documents into values (RFC 7865 §9), in the RFC's dialect and its near relatives.

Takes any order, any prefix, names in any case, and the attribute names of the drafts that products
were built from. Knows nothing of what the values are for.
"""

from collections.abc import Iterator
from datetime import UTC, tzinfo
from typing import Final

from capture.siprec.elements import Element, read_elements, write_fragment
from capture.siprec.limits import MetadataBroken
from capture.siprec.metadata import (
    NAMESPACE,
    Capability,
    CommunicationSession,
    CommunicationSessionGroup,
    DataMode,
    Extension,
    MediaStream,
    MetadataSnapshot,
    Name,
    NameId,
    Participant,
    ParticipantSessionAssociation,
    ParticipantStreamAssociation,
    Reason,
    SessionRecordingAssociation,
)
from capture.siprec.moments import Moment, read_moment

# The RFC's, that of its drafts (Oracle, AudioCodes), and none at all.
NAMESPACES: Final = frozenset({NAMESPACE, "urn:ietf:params:xml:ns:recording", ""})
ROOT: Final = "recording"
_TIMES: Final = frozenset({"associate-time", "disassociate-time"})
_MEMBERS: Final = frozenset(
    {
        "datamode",
        "group",
        "session",
        "participant",
        "stream",
        "sessionrecordingassoc",
        "participantsessionassoc",
        "participantstreamassoc",
    }
)
_OF_SESSION: Final = frozenset({"sipsessionid", "reason", "group-ref", "start-time", "stop-time"})


def parse_metadata(document: bytes, *, zone: tzinfo = UTC) -> MetadataSnapshot:
    """Read a document; `zone` is that of times without an offset.

    What is missing is empty or None. Raises `MetadataBroken`: not XML, forbidden, too large, or not
    a recording at all.
    """
    root = read_elements(document)
    if root.namespace not in NAMESPACES or root.name.lower() != ROOT:
        raise MetadataBroken("a metadata document is not a recording")
    return _Reader(zone).snapshot(root)


def _named(element: Element, name: str) -> Iterator[Element]:
    """The children of this name (lower case) that are ours."""
    return (
        child
        for child in element.children
        if child.name.lower() == name and child.namespace in NAMESPACES
    )


def _text(element: Element, name: str) -> str:
    return next((child.text for child in _named(element, name)), "")


def _texts(element: Element, name: str) -> tuple[str, ...]:
    return tuple(child.text for child in _named(element, name))


def _extensions(element: Element, known: frozenset[str]) -> tuple[Extension, ...]:
    return tuple(
        Extension(child.namespace, child.name, write_fragment(child))
        for child in element.children
        if child.name.lower() not in known or child.namespace not in NAMESPACES
    )


class _Reader:
    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def snapshot(self, root: Element) -> MetadataSnapshot:
        is_partial = _text(root, "datamode").lower() == DataMode.PARTIAL
        participants = tuple(_named(root, "participant"))
        directions = (*_inline_directions(participants), *_named(root, "participantstreamassoc"))
        return MetadataSnapshot(
            data_mode=DataMode.PARTIAL if is_partial else DataMode.COMPLETE,
            groups=tuple(map(self._group, _named(root, "group"))),
            sessions=tuple(map(self._session, _named(root, "session"))),
            participants=tuple(map(_participant, participants)),
            streams=tuple(map(_stream, _named(root, "stream"))),
            session_recordings=tuple(
                map(self._session_recording, _named(root, "sessionrecordingassoc"))
            ),
            participant_sessions=tuple(
                map(self._participant_session, _named(root, "participantsessionassoc"))
            ),
            participant_streams=tuple(map(self._participant_stream, directions)),
            extensions=_extensions(root, _MEMBERS),
        )

    def _moment(self, element: Element, name: str) -> Moment | None:
        raw = _text(element, name)
        return read_moment(raw, self._zone) if raw else None

    def _group(self, element: Element) -> CommunicationSessionGroup:
        return CommunicationSessionGroup(
            group_id=element.attribute("group_id", "id"),
            associated_at=self._moment(element, "associate-time"),
            disassociated_at=self._moment(element, "disassociate-time"),
            extensions=_extensions(element, _TIMES),
        )

    def _session(self, element: Element) -> CommunicationSession:
        return CommunicationSession(
            session_id=element.attribute("session_id", "id"),
            sip_session_ids=_texts(element, "sipsessionid"),
            reasons=tuple(map(_reason, _named(element, "reason"))),
            group_ref=_text(element, "group-ref"),
            started_at=self._moment(element, "start-time"),
            stopped_at=self._moment(element, "stop-time"),
            extensions=_extensions(element, _OF_SESSION),
        )

    def _session_recording(self, element: Element) -> SessionRecordingAssociation:
        return SessionRecordingAssociation(
            session_id=element.attribute("session_id", "session"),
            associated_at=self._moment(element, "associate-time"),
            disassociated_at=self._moment(element, "disassociate-time"),
            extensions=_extensions(element, _TIMES),
        )

    def _participant_session(self, element: Element) -> ParticipantSessionAssociation:
        return ParticipantSessionAssociation(
            participant_id=element.attribute("participant_id", "participant"),
            session_id=element.attribute("session_id", "session"),
            associated_at=self._moment(element, "associate-time"),
            disassociated_at=self._moment(element, "disassociate-time"),
            capabilities=tuple(map(_capability, _named(element, "param"))),
            extensions=_extensions(element, _TIMES | {"param"}),
        )

    def _participant_stream(self, element: Element) -> ParticipantStreamAssociation:
        is_inline = element.name.lower() == "participant"
        return ParticipantStreamAssociation(
            participant_id=element.attribute(
                "participant_id", "id" if is_inline else "participant"
            ),
            sends=_texts(element, "send"),
            receives=_texts(element, "recv"),
            associated_at=self._moment(element, "associate-time"),
            disassociated_at=self._moment(element, "disassociate-time"),
            extensions=() if is_inline else _extensions(element, _TIMES | {"send", "recv"}),
        )


def _inline_directions(participants: tuple[Element, ...]) -> Iterator[Element]:
    """Participants that say themselves what they send and receive, as the drafts had it."""
    for element in participants:
        if _texts(element, "send") or _texts(element, "recv"):
            yield element


def _participant(element: Element) -> Participant:
    return Participant(
        participant_id=element.attribute("participant_id", "id"),
        name_ids=tuple(map(_name_id, _named(element, "nameid"))),
        extensions=_extensions(element, _TIMES | {"nameid", "send", "recv"}),
    )


def _name_id(element: Element) -> NameId:
    names = _named(element, "name")
    return NameId(
        aor=element.attribute("aor"),
        names=tuple(Name(name.text, name.attribute("xml:lang", "lang")) for name in names),
    )


def _stream(element: Element) -> MediaStream:
    return MediaStream(
        stream_id=element.attribute("stream_id", "id"),
        session_id=element.attribute("session_id", "session"),
        label=_text(element, "label"),
        extensions=_extensions(element, frozenset({"label"})),
    )


def _reason(element: Element) -> Reason:
    return Reason(element.text, element.attribute("protocol"), element.attribute("cause"))


def _capability(element: Element) -> Capability:
    return Capability(element.attribute("pname"), element.attribute("pval", "pvalue"))
