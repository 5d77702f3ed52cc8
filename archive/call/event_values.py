"""What events are made of: kinds as they are written, and values that several of them have.

Pure. Knows nothing of what happened, nor of frames.
"""

from typing import Final, Literal

import msgspec

# What the node itself plays is no party's.
Side = Literal["customer", "agent", "unknown", "node"]
SideBecause = Literal[
    "internal_domain",
    "internal_number",
    "number_shape",
    "first_stream",
    "client_said",
    "recorded_party",
    "call_type",
    "counterpart",
    "route",
    "place",
    "forwarded",
    "played",
]
# A side that says nothing of who is ours: from what numbers look like, from the order of streams,
# from whose place somebody took, or from nothing.
GUESSES: Final = frozenset({"", "number_shape", "first_stream", "place"})
# How a call lies as seen from the recording client's user; "" where nobody says.
CallType = Literal["", "inbound", "outbound", "internal"]
# Where it is told who called: in the metadata, or by the order in which a dialect names people.
CallerBecause = Literal["", "metadata", "dialect"]
Transport = Literal["udp", "tcp", "tls"]
Flag = Literal[
    "metadata_missing",
    "metadata_broken",
    "metadata_incomplete",
    # Not written any more (`archive.call.facts` works it out), but in recordings that are there.
    "side_guessed",
    "ack_missing",
    "no_bye",
    "clock_stepped",
    "media_refused",
    "keys_in_clear",
    "media_unproved",
    "wrong_codec",
    "other_sender",
    "notice_missing",
    "notice_unheard",  # never written: `archive.call.notices` works it out
    "emergency",
    "refused",
    "pause_overran",
    "foreign_request",
]
# Whose packets are heard on a stream (`archive.format.media_latch`).
LatchRule = Literal["first", "signalled"]
CallIdKind = Literal[
    "joined_call",
    "session_id",
    "ucid",
    "cisco_guid",
    "cisco_call",
    "cisco_reference",
    "gcid",
    "icid",
    "genesys_uuid",
    "asterisk_linkedid",
    "asterisk_uniqueid",
    "freeswitch_uuid",
    "broadworks_tracking",
    "call_id",
]
ParticipantChange = Literal["joined", "left", "held", "resumed", "transferred"]
ResumedBecause = Literal["asked", "limit", "call_ended", "refused"]
EndReason = Literal[
    "bye",
    "cancel",
    "busy",
    "unanswered",
    "declined",
    "unreachable",
    "media_timeout",
    "hold_timeout",
    "max_length",
    "probe_failed",
    "session_ended",
    "stopped",
    "notice_not_played",
    "not_to_be_recorded",
    "refused",  # not written any more: the recording goes on as a pause, and ends with its call
    "node_stopped",
    "node_failed",
    "recovered",
]


def is_guess(because: str) -> bool:
    """Whether a side rests on nothing that says who is ours."""
    return because in GUESSES


class EventAt(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every event has: when it happened, µs UTC."""

    at_us: int


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One payload type of a stream as the offer names it."""

    payload_type: int
    encoding: str
    clock_rate_hz: int
    channels: int = 1
    fmtp: str = ""


class Name(msgspec.Struct, frozen=True):
    """A display name and its language tag ("" where none is given)."""

    text: str
    language: str = ""


class NameId(msgspec.Struct, frozen=True):
    """An address of record as a URI, and what its owner is called (RFC 7865 §6.5.1)."""

    aor: str
    names: tuple[Name, ...] = ()
