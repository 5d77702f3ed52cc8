"""One rs-metadata document as values: who is in which call, and on which stream (RFC 7865 §5, §6).

Ids are opaque text, references may point outside the document. Knows nothing of XML or of media.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from capture.metadata.timestamps import Moment

NAMESPACE: Final = "urn:ietf:params:xml:ns:recording:1"


class DataMode(StrEnum):
    """Is a document all that is known, or a change to it (RFC 7865 §5.1.2)?"""

    COMPLETE = "complete"
    PARTIAL = "partial"


class Extension(msgspec.Struct, frozen=True):
    """An element that RFC 7865 does not have, as XML that stands alone."""

    namespace: str
    name: str
    xml: str


class Name(msgspec.Struct, frozen=True):
    """A display name and its `xml:lang` ("" where none is given)."""

    text: str
    language: str = ""


class NameId(msgspec.Struct, frozen=True):
    """`nameID`: an address of record as a URI, and what its owner is called."""

    aor: str
    names: tuple[Name, ...] = ()


class Reason(msgspec.Struct, frozen=True):
    """Why a communication session ended: text, and protocol and cause as in RFC 3326."""

    text: str
    protocol: str = ""
    cause: str = ""


class Capability(msgspec.Struct, frozen=True):
    """`param`: a capability of a participant in a session (RFC 7865 §6.6.1)."""

    name: str
    value: str


class CommunicationSessionGroup(msgspec.Struct, frozen=True, kw_only=True):
    """`group`: communication sessions that belong together (RFC 7865 §6.2)."""

    group_id: str
    associated_at: Moment | None = None
    disassociated_at: Moment | None = None
    extensions: tuple[Extension, ...] = ()


class CommunicationSession(msgspec.Struct, frozen=True, kw_only=True):
    """`session`: a call as the recording client names it (RFC 7865 §6.3)."""

    session_id: str
    sip_session_ids: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    group_ref: str = ""
    started_at: Moment | None = None
    stopped_at: Moment | None = None
    extensions: tuple[Extension, ...] = ()


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """`participant`: a person or device (RFC 7865 §6.5)."""

    participant_id: str
    name_ids: tuple[NameId, ...] = ()
    extensions: tuple[Extension, ...] = ()


class MediaStream(msgspec.Struct, frozen=True, kw_only=True):
    """`stream`: media as sent to us; `label` names the m-line (RFC 7865 §6.7).

    `mode` is the drafts' word on how many speak in it: "separate", "mixed", or "" where none says.
    """

    stream_id: str
    session_id: str = ""
    label: str = ""
    mode: str = ""
    extensions: tuple[Extension, ...] = ()


class SessionRecordingAssociation(msgspec.Struct, frozen=True, kw_only=True):
    """`sessionrecordingassoc`: when a call was in this recording session (RFC 7865 §6.4)."""

    session_id: str
    associated_at: Moment | None = None
    disassociated_at: Moment | None = None
    extensions: tuple[Extension, ...] = ()


class ParticipantSessionAssociation(msgspec.Struct, frozen=True, kw_only=True):
    """`participantsessionassoc`: when a participant was in a call (RFC 7865 §6.6)."""

    participant_id: str
    session_id: str
    associated_at: Moment | None = None
    disassociated_at: Moment | None = None
    capabilities: tuple[Capability, ...] = ()
    extensions: tuple[Extension, ...] = ()


class ParticipantStreamAssociation(msgspec.Struct, frozen=True, kw_only=True):
    """`participantstreamassoc`: which streams a participant speaks and hears on (RFC 7865 §6.8).

    `sends` and `receives` are stream ids.
    """

    participant_id: str
    sends: tuple[str, ...] = ()
    receives: tuple[str, ...] = ()
    associated_at: Moment | None = None
    disassociated_at: Moment | None = None
    extensions: tuple[Extension, ...] = ()


def lasts(association: ParticipantSessionAssociation | ParticipantStreamAssociation) -> bool:
    """Has it not ended, or begun again since, by what the document says of it?"""
    came, went = association.associated_at, association.disassociated_at
    if went is None or went.at is None:
        return went is None
    return came is not None and came.at is not None and came.at > went.at


class MetadataSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One rs-metadata document, its members in the order of the document.

    `is_standard` is false for a draft's dialect.
    """

    data_mode: DataMode = DataMode.COMPLETE
    groups: tuple[CommunicationSessionGroup, ...] = ()
    sessions: tuple[CommunicationSession, ...] = ()
    participants: tuple[Participant, ...] = ()
    streams: tuple[MediaStream, ...] = ()
    session_recordings: tuple[SessionRecordingAssociation, ...] = ()
    participant_sessions: tuple[ParticipantSessionAssociation, ...] = ()
    participant_streams: tuple[ParticipantStreamAssociation, ...] = ()
    extensions: tuple[Extension, ...] = ()
    is_standard: bool = True


Dated = (
    CommunicationSessionGroup
    | SessionRecordingAssociation
    | ParticipantSessionAssociation
    | ParticipantStreamAssociation
)


def moments_of(document: MetadataSnapshot) -> Iterator[Moment]:
    for call in document.sessions:
        yield from filter(None, (call.started_at, call.stopped_at))
    dated: tuple[Dated, ...] = (
        *document.groups,
        *document.session_recordings,
        *document.participant_sessions,
        *document.participant_streams,
    )
    for each in dated:
        yield from filter(None, (each.associated_at, each.disassociated_at))
