"""What a recording server looks for in a body: SDP, metadata, and what it must not ignore.

Knows types and dispositions of parts, not what is in them.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from capture.metadata.multipart import BodyPart, split_body
from capture.sip.message import Message

SDP_TYPES: Final = frozenset({b"application/sdp"})
# RFC 7865 registered the first; RFC 7866 wrote the second, and peers send it.
METADATA_TYPES: Final = frozenset({b"application/rs-metadata+xml", b"application/rs-metadata"})
# Media before the answer, which a recording session has no use for (RFC 3959 §3).
_OTHER_SESSION: Final = b"early-session"


class Bodies(msgspec.Struct, frozen=True, kw_only=True):
    """The first SDP and the first metadata of a body, None where it has none.

    `metadata_type` is the Content-Type of the metadata as text; `unknown_required` are types that
    we do not know and must (415, RFC 3261 §8.2.3).
    """

    sdp: bytes | None = None
    metadata: bytes | None = None
    metadata_type: str = ""
    unknown_required: tuple[bytes, ...] = ()


def find_bodies(content_type: bytes, body: bytes, disposition: bytes = b"") -> Bodies:
    """Look through a message body; `content_type` and `disposition` are values of its headers.

    A part of unknown type counts as required only where it says so: RFC 3261 §20.11 would have a
    missing `handling` mean the same, but refusing a call for a gateway's private part loses it. A
    whole body of unknown type counts unless it says `optional`, for nothing else is there. Raises
    `BodyBroken`.
    """
    if not body:
        return Bodies()
    parts = split_body(content_type, body, disposition)
    metadata = _first(parts, METADATA_TYPES)
    sdp = _first((part for part in parts if part.disposition != _OTHER_SESSION), SDP_TYPES)
    is_whole = not content_type.strip().lower().startswith(b"multipart/")
    return Bodies(
        sdp=None if sdp is None else sdp.body,
        metadata=None if metadata is None else metadata.body,
        metadata_type="" if metadata is None else metadata.content_type.decode("ascii"),
        unknown_required=tuple(
            part.content_type
            for part in parts
            if part.content_type not in SDP_TYPES | METADATA_TYPES
            and (part.handling == b"required" or (is_whole and part.handling != b"optional"))
        ),
    )


def bodies_of(message: Message) -> Bodies:
    """What a SIP message brings; raises `BodyBroken`."""
    content_type = message.value(b"content-type") or b""
    return find_bodies(content_type, message.body, message.value(b"content-disposition") or b"")


def _first(parts: Iterable[BodyPart], types: frozenset[bytes]) -> BodyPart | None:
    return next((part for part in parts if part.content_type in types), None)
