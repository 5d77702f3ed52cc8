"""rs-metadata documents into values (RFC 7865 §9), in the RFC's dialect and its near relatives.

Takes any order, any prefix, names in any case, and what the drafts had that products were built
from: other attribute names, a participant that says itself what it sends and where it is
(draft-ietf-siprec-metadata-05 and -07), an address and ids as elements of their own (BroadWorks,
draft-ram-siprec-metadata-format-02). Knows nothing of what the values are for.
"""

from collections.abc import Iterator
from datetime import UTC, tzinfo
from typing import Final

from capture.metadata.body_limits import MetadataBroken
from capture.metadata.snapshot import (
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
from capture.metadata.timestamps import Moment, read_moment
from capture.metadata.xml_elements import Element, read_elements, write_fragment

# The RFC's, those of its drafts (Oracle and AudioCodes; BroadWorks), and none at all.
NAMESPACES: Final = frozenset(
    {NAMESPACE, "urn:ietf:params:xml:ns:recording", "urn:ietf:params:xml:ns:siprec", ""}
)
ROOTS: Final = frozenset({"recording", "recording_metadata"})
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
_OF_SESSION: Final = _TIMES | {"sipsessionid", "reason", "group-ref", "start-time", "stop-time"}
_OF_PARTICIPANT: Final = _TIMES | {"nameid", "aor", "send", "recv"}


def parse_metadata(document: bytes, *, zone: tzinfo = UTC) -> MetadataSnapshot:
    """Read a document; `zone` is that of times without an offset.

    What is missing is empty or None. Raises `MetadataBroken`: not XML, forbidden, too large, or not
    a recording at all.
    """
    root = read_elements(document)
    if root.namespace not in NAMESPACES or root.name.lower() not in ROOTS:
        raise MetadataBroken("a metadata document is not a recording")
    return _Reader(zone).snapshot(root)


def _is_standard(root: Element) -> bool:
    """The RFC's namespace, root and attribute names, as far as they are told from the drafts'."""
    members = (child for child in root.children if child.name in _MEMBERS)
    drafted = any(child.attribute("id", "session", "participant") for child in members)
    return root.namespace == NAMESPACE and root.name == "recording" and not drafted


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


def _references(element: Element, name: str) -> tuple[str, ...]:
    """Ids as the text of elements of this name, or of `id` elements in them."""
    return tuple(
        reference
        for child in _named(element, name)
        for reference in (_texts(child, "id") or (child.text,))
    )


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
        stays = (*_inline_stays(participants), *_named(root, "participantsessionassoc"))
        return MetadataSnapshot(
            data_mode=DataMode.PARTIAL if is_partial else DataMode.COMPLETE,
            groups=tuple(map(self._group, _named(root, "group"))),
            sessions=tuple(map(self._session, _named(root, "session"))),
            participants=tuple(map(_participant, participants)),
            streams=tuple(map(_stream, _named(root, "stream"))),
            session_recordings=tuple(
                map(self._session_recording, _named(root, "sessionrecordingassoc"))
            ),
            participant_sessions=tuple(map(self._participant_session, stays)),
            participant_streams=tuple(map(self._participant_stream, directions)),
            extensions=_extensions(root, _MEMBERS),
            is_standard=_is_standard(root),
        )

    def _moment(self, element: Element, *names: str) -> Moment | None:
        """The first of these times that is there."""
        raw = next((text for name in names if (text := _text(element, name))), "")
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
            group_ref=_text(element, "group-ref") or element.attribute("group"),
            started_at=self._moment(element, "start-time", "associate-time"),
            stopped_at=self._moment(element, "stop-time", "disassociate-time"),
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
            participant_id=_associated_participant(element),
            session_id=element.attribute("session_id", "session"),
            associated_at=self._moment(element, "associate-time"),
            disassociated_at=self._moment(element, "disassociate-time"),
            capabilities=tuple(map(_capability, _named(element, "param"))),
            extensions=() if _is_inline(element) else _extensions(element, _TIMES | {"param"}),
        )

    def _participant_stream(self, element: Element) -> ParticipantStreamAssociation:
        return ParticipantStreamAssociation(
            participant_id=_associated_participant(element),
            sends=_references(element, "send"),
            receives=_references(element, "recv"),
            associated_at=self._moment(element, "associate-time"),
            disassociated_at=self._moment(element, "disassociate-time"),
            extensions=()
            if _is_inline(element)
            else _extensions(element, _TIMES | {"send", "recv"}),
        )


def _is_inline(association: Element) -> bool:
    return association.name.lower() == "participant"


def _associated_participant(association: Element) -> str:
    own = "id" if _is_inline(association) else "participant"
    return association.attribute("participant_id", own)


def _inline_stays(participants: tuple[Element, ...]) -> Iterator[Element]:
    """Participants that say themselves in which session they are, as the drafts had it."""
    return (element for element in participants if element.attribute("session_id", "session"))


def _inline_directions(participants: tuple[Element, ...]) -> Iterator[Element]:
    """Participants that say themselves what they send and receive, as the drafts had it."""
    for element in participants:
        if _texts(element, "send") or _texts(element, "recv"):
            yield element


def _participant(element: Element) -> Participant:
    return Participant(
        participant_id=element.attribute("participant_id", "id"),
        name_ids=(
            *map(_name_id, _named(element, "nameid")),
            *(NameId(aor=text) for text in _texts(element, "aor") if text),
        ),
        extensions=_extensions(element, _OF_PARTICIPANT),
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
        mode=_text(element, "mode").lower(),
        extensions=_extensions(element, frozenset({"label", "mode"})),
    )


def _reason(element: Element) -> Reason:
    return Reason(element.text, element.attribute("protocol"), element.attribute("cause"))


def _capability(element: Element) -> Capability:
    return Capability(element.attribute("pname"), element.attribute("pval", "pvalue"))
