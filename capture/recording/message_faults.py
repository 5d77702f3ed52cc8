"""Where in an INVITE the reason of its refusal stands: clause, header, and what the header says.

Rules over one request. Knows nothing of who is told.
"""

from typing import Final, NamedTuple

from capture.errors import PeerBrokeProtocol
from capture.sdp.description import SessionDescription
from capture.sdp.limits import DescriptionBroken
from capture.sdp.renderer import render_description
from capture.sip.build import serialize
from capture.sip.message import Request
from capture.sip.parser import split_message
from capture.sip.redaction import redacted

# Enough for what is wrong with an address or a list of codecs; the whole stands in the trace.
MAX_EXCERPT_CHARS: Final = 160
REQUEST_URI: Final = "Request-URI"
SDP: Final = "SDP"
_MEDIA: Final = b"m="


class Fault(NamedTuple):
    """The clause that a message breaks, and the header in which; "" where there is none."""

    clause: str = ""
    header: str = ""


NO_FAULT: Final = Fault()
# An INVITE that does not say that it is a recording session.
UNSIGNED: Final = Fault("RFC 7866 §6.1.1", "Contact")
# An offer of which nothing can be taken.
UNACCEPTABLE: Final = Fault("RFC 3264 §6", SDP)
# What the SIP layer refuses a readable INVITE for.
_BY_STATUS: Final = {
    416: Fault("RFC 3261 §8.2.2.1", REQUEST_URI),
    420: Fault("RFC 3261 §8.2.2.3", "Require"),
    422: Fault("RFC 4028 §9", "Session-Expires"),
    482: Fault("RFC 3261 §8.2.2.2", "Via"),
}


def fault_of_status(status: int) -> Fault:
    """The fault of an INVITE that the SIP layer answered so by itself."""
    return _BY_STATUS.get(status, NO_FAULT)


def fault_of(broken: PeerBrokeProtocol) -> Fault:
    """The fault of what cannot be read, in a header or in the body."""
    header = SDP if isinstance(broken, DescriptionBroken) else broken.header
    return Fault(broken.clause, header)


def excerpt(request: Request, header: str) -> str:
    """Return what the request says there, its secrets masked, as far as a row keeps it."""
    if not header:
        return ""
    masked = split_message(redacted(serialize(request)))
    assert isinstance(masked, Request)
    match header:
        case "Request-URI":
            said = masked.uri
        case "SDP":
            said = _media_of(masked.body)
        case _:
            said = b", ".join(masked.values(header.lower().encode()))
    return _shown(said)


def media_excerpt(offer: SessionDescription) -> str:
    """Return the m-lines of an offer, as far as a row keeps them."""
    return _shown(_media_of(render_description(offer))) if offer.media else ""


def _shown(said: bytes) -> str:
    return said.decode("utf-8", "backslashreplace")[:MAX_EXCERPT_CHARS]


def _media_of(body: bytes) -> bytes:
    """The m-lines of a description; how it begins where it has none."""
    lines = [line.strip() for line in body.splitlines()]
    return b" ".join(line for line in lines if line.startswith(_MEDIA)) or b" ".join(lines)
