"""The SIP messages of the self-test's recording client: templates out, a few patterns in.

Pure bytes, and not the server's own grammar: a peer that shares its mistakes would prove nothing.
Knows nothing of sockets, timers or where ids come from.
"""

import re
from dataclasses import dataclass
from typing import Final

BOUNDARY: Final = b"rokuon-selftest-boundary"
_MAX_FORWARDS: Final = b"70"
_STATUS: Final = re.compile(rb"SIP/2\.0 ([1-6][0-9][0-9]) ")
_REQUEST: Final = re.compile(rb"([A-Z]{1,20}) \S+ SIP/2\.0\r\n")
_BRANCH: Final = re.compile(
    rb"\r\n(?:Via|v)[ \t]*:[^\r\n]*?;[ \t]*branch=([^;,\s]+)", re.IGNORECASE
)
_CALL_ID: Final = re.compile(rb"\r\n(?:Call-ID|i)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r\n", re.IGNORECASE)
_TO_TAG: Final = re.compile(rb"\r\n(?:To|t)[ \t]*:[^\r\n]*?;[ \t]*tag=([^;\s]+)", re.IGNORECASE)
_CONTACT: Final = re.compile(rb"\r\n(?:Contact|m)[ \t]*:[^\r\n<]*<([^>\r\n]+)>", re.IGNORECASE)
# What an answer has to repeat (RFC 3261 §8.2.6.2).
_ECHOED: Final = re.compile(
    rb"\r\n((?:Via|v|From|f|To|t|Call-ID|i|CSeq)[ \t]*:[^\r\n]*)", re.IGNORECASE
)


class NotSip(Exception):
    """What came is neither a request nor a response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """What every request of one recording session carries (RFC 3261 §12)."""

    call_id: bytes
    local_tag: bytes
    remote_tag: bytes
    remote_target: bytes
    server: bytes
    local: bytes
    transport: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """What the client reads of a response."""

    status: int
    branch: bytes
    to_tag: bytes
    contact: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What the client reads of a request that the server sends."""

    method: bytes
    call_id: bytes
    head: bytes


def _start(dialog: Dialog, method: bytes, number: int, branch: bytes) -> bytes:
    tag = b";tag=" + dialog.remote_tag if dialog.remote_tag else b""
    return b"".join((
        method, b" ", dialog.remote_target, b" SIP/2.0\r\n",
        b"Via: SIP/2.0/", dialog.transport, b" ", dialog.local, b";branch=", branch, b";rport\r\n",
        b"Max-Forwards: ", _MAX_FORWARDS, b"\r\n",
        b"From: <sip:src@", dialog.local, b">;tag=", dialog.local_tag, b"\r\n",
        b"To: <sip:srs@", dialog.server, b">", tag, b"\r\n",
        b"Call-ID: ", dialog.call_id, b"\r\n",
        b"CSeq: %d " % number, method, b"\r\n",
    ))  # fmt: skip


def _contact(dialog: Dialog) -> bytes:
    transport = b";transport=tcp" if dialog.transport == b"TCP" else b""
    return b"Contact: <sip:src@" + dialog.local + transport + b">;+sip.src\r\n"


def _with_body(head: bytes, content_type: bytes, body: bytes) -> bytes:
    ending = b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n" % (content_type, len(body))
    return head + ending + body


def invite(dialog: Dialog, number: int, branch: bytes, *, sdp: bytes, metadata: bytes) -> bytes:
    """An INVITE of a recording client (RFC 7866 §6.1.1), first or again; metadata may be empty."""
    head = _start(dialog, b"INVITE", number, branch) + _contact(dialog)
    head += b"Require: siprec\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE\r\n"
    if not metadata:
        return _with_body(head, b"application/sdp", sdp)
    body = b"".join((
        b"--", BOUNDARY, b"\r\nContent-Type: application/sdp\r\n\r\n", sdp,
        b"\r\n--", BOUNDARY, b"\r\nContent-Type: application/rs-metadata+xml\r\n",
        b"Content-Disposition: recording-session\r\n\r\n", metadata,
        b"\r\n--", BOUNDARY, b"--\r\n",
    ))  # fmt: skip
    return _with_body(head, b"multipart/mixed;boundary=" + BOUNDARY, body)


def ack(dialog: Dialog, number: int, branch: bytes) -> bytes:
    """The ACK of an INVITE's final response; after a refusal with the INVITE's own branch."""
    return _start(dialog, b"ACK", number, branch) + b"Content-Length: 0\r\n\r\n"


def bye(dialog: Dialog, number: int, branch: bytes) -> bytes:
    """The request that ends the recording session."""
    return _start(dialog, b"BYE", number, branch) + b"Content-Length: 0\r\n\r\n"


def answer(request: Request, status: bytes) -> bytes:
    """A response without a body, such as `200 OK`."""
    echoed = b"\r\n".join(_ECHOED.findall(request.head))
    return b"SIP/2.0 " + status + b"\r\n" + echoed + b"\r\nContent-Length: 0\r\n\r\n"


def _found(pattern: re.Pattern[bytes], head: bytes) -> bytes:
    match = pattern.search(head)
    return match[1] if match else b""


def parse(message: bytes) -> Response | Request:
    """One whole message; raises `NotSip`."""
    end = message.find(b"\r\n\r\n")
    head = message[: end + 2]
    if status := _STATUS.match(message):
        return Response(
            int(status[1]),
            _found(_BRANCH, head),
            _found(_TO_TAG, head),
            _found(_CONTACT, head),
            message[end + 4 :],
        )
    if request := _REQUEST.match(message):
        return Request(request[1], _found(_CALL_ID, head), head)
    raise NotSip
