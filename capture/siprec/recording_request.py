"""What makes an INVITE a recording session, and what we say we accept (RFC 7866 §6, §9.1).

Rules over one request. Knows nothing of sessions.
"""

from typing import Final

from capture.metadata.message_bodies import Bodies
from capture.peers.sources import Source
from capture.sip.build import Header
from capture.sip.message import Request

OPTION: Final = b"siprec"
# RFC 7866 §6.1.1 names the feature tag; some clients send it bare.
CLIENT_TAGS: Final = (b"+sip.src", b"src")
_ACCEPT: Final = (
    b"application/sdp, application/rs-metadata+xml, application/rs-metadata, multipart/mixed"
)


def is_recording_session(request: Request, bodies: Bodies, source: Source) -> bool:
    """Whether the request asks us to record, by any of the signs that clients give."""
    if source.mode == "network-based" or bodies.metadata is not None:
        return True
    if OPTION in request.require:
        return True
    contact = request.contact
    return contact is not None and any(contact.param(tag) is not None for tag in CLIENT_TAGS)


def accepts_here() -> tuple[Header, ...]:
    """The bodies that we understand."""
    return ((b"Accept", _ACCEPT),)
