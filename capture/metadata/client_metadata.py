"""What a recording client has told of its calls, by metadata and by headers, as a session keeps it.

Pure values. Knows nothing of how a document is read, nor of recordings.
"""

import msgspec

from archive.call.mentions import Mention
from capture.metadata.call_roles import NO_ROLES, CallRoles
from capture.metadata.participant_changes import PresentParticipant
from capture.metadata.snapshot import MetadataSnapshot
from capture.metadata.stream_parties import StreamParty


class ClientMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """All that a client has told; its documents as one."""

    snapshot: MetadataSnapshot | None = None
    content_type: str = ""
    asserted: tuple[StreamParty, ...] = ()  # the parties that headers name
    mentions: tuple[Mention, ...] = ()  # what headers tell beside them
    is_lacking: bool = False  # does it not explain itself?
    requests: int = 0  # how often all of it was asked for
    requested_us: int = 0  # when that was last


class DescribedCall(msgspec.Struct, frozen=True, kw_only=True):
    """What a recording says of its call; the client's id of it is "" before it has one."""

    communication_session: str = ""
    group: str = ""
    sip_session_ids: tuple[str, ...] = ()
    present: tuple[PresentParticipant, ...] = ()
    roles: CallRoles = NO_ROLES
    mentions: tuple[Mention, ...] = ()  # what documents tell beside participants
