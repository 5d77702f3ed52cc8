"""Messages that we send: responses that echo a request byte for byte, and our own requests.

Knows nothing of transactions or dialogs; what goes into a header is given.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.sip.message import HeaderLine, Request, Response
from capture.sip.parser import CRLF, SIP_VERSION

Header = tuple[bytes, bytes]
"""A header to be sent: name and value, neither with CR or LF."""

SDP_TYPE: Final = (b"Content-Type", b"application/sdp")
TRYING: Final = 100
# RFC 3261 §8.2.6.2; Record-Route where a dialog may arise (§12.1.1).
ECHOED: Final = frozenset({b"via", b"from", b"to", b"call-id", b"cseq"})
DIALOG_FORMING: Final = range(101, 300)
# What a request must remember until its final response.
REMEMBERED: Final = ECHOED | {
    b"record-route", b"contact", b"allow", b"require", b"supported", b"session-expires", b"min-se",
}  # fmt: skip

# Reason phrases of RFC 3261 §21 for the statuses that we send.
REASONS: Final = {
    100: b"Trying",
    180: b"Ringing",
    183: b"Session Progress",
    200: b"OK",
    202: b"Accepted",
    400: b"Bad Request",
    401: b"Unauthorized",
    403: b"Forbidden",
    404: b"Not Found",
    405: b"Method Not Allowed",
    406: b"Not Acceptable",
    413: b"Request Entity Too Large",
    415: b"Unsupported Media Type",
    416: b"Unsupported URI Scheme",
    420: b"Bad Extension",
    422: b"Session Interval Too Small",
    469: b"Bad Info Package",
    480: b"Temporarily Unavailable",
    481: b"Call/Transaction Does Not Exist",
    482: b"Loop Detected",
    486: b"Busy Here",
    487: b"Request Terminated",
    488: b"Not Acceptable Here",
    491: b"Request Pending",
    500: b"Server Internal Error",
    501: b"Not Implemented",
    503: b"Service Unavailable",
    504: b"Server Time-out",
    505: b"Version Not Supported",
    513: b"Message Too Large",
    603: b"Decline",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a response says beside what it echoes.

    `reason` b"" means the usual phrase. `headers` come in order and hold Content-Type where
    there is a body; Content-Length is added. `contact_params` is appended to our Contact as it
    stands, for example b";+sip.srs". `session_expires_s` is the session timer that a 2xx asks for
    where the peer knows of timers and asks for none, 0: none.
    """

    status: int
    reason: bytes = b""
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    contact_params: bytes = b""
    account: str = ""
    session_expires_s: int = 0

    @property
    def is_final(self) -> bool:
        """Does it end the transaction?"""
        return self.status >= 200  # noqa: PLR2004 - RFC 3261 §7.2: 1xx is provisional


def build_response(request: Request, answer: Answer, to_tag: bytes) -> bytes:
    """The response to `request`: Via, From, To, Call-ID, CSeq, Record-Route as they came.

    `to_tag` is added where To has none and the status is above 100 (RFC 3261 §8.2.6.2).
    """
    reason = answer.reason or REASONS.get(answer.status, b"")
    lines = [SIP_VERSION + b" %d %s" % (answer.status, reason)]
    lines += [
        _echoed(line, to_tag) if line.name == b"to" and answer.status > TRYING else line.raw
        for line in request.lines
        if line.name in ECHOED or (line.name == b"record-route" and answer.status in DIALOG_FORMING)
    ]
    return _finished(lines, answer.headers, answer.body)


def _echoed(line: HeaderLine, to_tag: bytes) -> bytes:
    return line.raw if _has_tag(line) else line.raw + b";tag=" + to_tag


def _has_tag(line: HeaderLine) -> bool:
    """Also of a To that cannot be read, which a 400 still echoes."""
    try:
        return Request(lines=(line,), body=b"", method=b"", uri=b"", version=b"").has_to_tag
    except PeerBrokeProtocol:
        return b";tag=" in line.value.lower()


def build_request(method: bytes, uri: bytes, headers: Sequence[Header], body: bytes = b"") -> bytes:
    """A request of ours with exactly these headers, and Content-Length."""
    assert not set(uri) & set(b" \r\n")
    return _finished([b"%s %s %s" % (method, uri, SIP_VERSION)], headers, body)


def _finished(lines: list[bytes], headers: Sequence[Header], body: bytes) -> bytes:
    for name, value in headers:
        assert not set(value) & set(CRLF), name
        lines.append(name + b": " + value)
    lines.append(b"Content-Length: %d" % len(body))
    return CRLF.join(lines) + CRLF + CRLF + body


def serialize(message: Request | Response) -> bytes:
    """The message as it came: start line, raw header lines, body."""
    if isinstance(message, Request):
        start = b"%s %s %s" % (message.method, message.uri, message.version)
    else:
        start = SIP_VERSION + b" %d %s" % (message.status, message.reason)
    return CRLF.join([start, *(line.raw for line in message.lines), b"", message.body])


def without_body(request: Request) -> bytes:
    return serialize(replace(request, body=b""))


def remembered(request: Request) -> bytes:
    """What later responses, the dialog and its timer need of a request, without its body."""
    lines = tuple(line for line in request.lines if line.name in REMEMBERED)
    return serialize(
        Request(
            lines=lines, body=b"", method=request.method, uri=request.uri, version=request.version
        )
    )
