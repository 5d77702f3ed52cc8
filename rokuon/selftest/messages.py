"""The SIP messages of the self-test's client and its far side: templates out, a few patterns in.

Pure bytes, and not the server's own grammar: a peer that shares its mistakes would prove nothing.
Knows nothing of sockets, timers or where ids come from.
"""

import re
from dataclasses import dataclass
from typing import Final

BOUNDARY: Final = b"rokuon-selftest-boundary"
_MAX_FORWARDS: Final = b"70"
_SDP: Final = b"application/sdp"
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

_IS_TO: Final = re.compile(rb"(?:To|t)[ \t]*:", re.IGNORECASE)


class NotSip(Exception):
    """What came is neither a request nor a response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """What every request of one session carries (RFC 3261 §12); users are those of the URIs."""

    call_id: bytes
    local_tag: bytes
    remote_tag: bytes
    remote_target: bytes
    server: bytes
    local: bytes
    transport: bytes
    local_user: bytes = b"src"
    remote_user: bytes = b"srs"


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    branch: bytes
    to_tag: bytes
    contact: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    method: bytes
    call_id: bytes
    head: bytes
    body: bytes = b""


def _start(dialog: Dialog, method: bytes, number: int, branch: bytes) -> bytes:
    tag = b";tag=" + dialog.remote_tag if dialog.remote_tag else b""
    return b"".join((
        method, b" ", dialog.remote_target, b" SIP/2.0\r\n",
        b"Via: SIP/2.0/", dialog.transport, b" ", dialog.local, b";branch=", branch, b";rport\r\n",
        b"Max-Forwards: ", _MAX_FORWARDS, b"\r\n",
        b"From: <sip:", dialog.local_user, b"@", dialog.local, b">;tag=", dialog.local_tag, b"\r\n",
        b"To: <sip:", dialog.remote_user, b"@", dialog.server, b">", tag, b"\r\n",
        b"Call-ID: ", dialog.call_id, b"\r\n",
        b"CSeq: %d " % number, method, b"\r\n",
    ))  # fmt: skip


def _contact(dialog: Dialog) -> bytes:
    transport = b";transport=tcp" if dialog.transport == b"TCP" else b""
    return b"Contact: <sip:" + dialog.local_user + b"@" + dialog.local + transport + b">"


def _with_body(head: bytes, content_type: bytes, body: bytes) -> bytes:
    ending = b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n" % (content_type, len(body))
    return head + ending + body


def invite(dialog: Dialog, number: int, branch: bytes, *, sdp: bytes, metadata: bytes) -> bytes:
    """An INVITE of a recording client (RFC 7866 §6.1.1), first or again; metadata may be empty."""
    head = _start(dialog, b"INVITE", number, branch) + _contact(dialog) + b";+sip.src\r\n"
    head += b"Require: siprec\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE\r\n"
    if not metadata:
        return _with_body(head, _SDP, sdp)
    body = b"".join((
        b"--", BOUNDARY, b"\r\nContent-Type: application/sdp\r\n\r\n", sdp,
        b"\r\n--", BOUNDARY, b"\r\nContent-Type: application/rs-metadata+xml\r\n",
        b"Content-Disposition: recording-session\r\n\r\n", metadata,
        b"\r\n--", BOUNDARY, b"--\r\n",
    ))  # fmt: skip
    return _with_body(head, b"multipart/mixed;boundary=" + BOUNDARY, body)


def call_invite(dialog: Dialog, number: int, branch: bytes, *, sdp: bytes) -> bytes:
    """An INVITE of somebody who calls and says nothing of recording."""
    head = _start(dialog, b"INVITE", number, branch) + _contact(dialog) + b"\r\n"
    return _with_body(head + b"Allow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\n", _SDP, sdp)


def ack(dialog: Dialog, number: int, branch: bytes) -> bytes:
    """The ACK of an INVITE's final response; after a refusal with the INVITE's own branch."""
    return _start(dialog, b"ACK", number, branch) + b"Content-Length: 0\r\n\r\n"


def bye(dialog: Dialog, number: int, branch: bytes) -> bytes:
    """The request that ends the recording session."""
    return _start(dialog, b"BYE", number, branch) + b"Content-Length: 0\r\n\r\n"


def cancel(dialog: Dialog, number: int, branch: bytes) -> bytes:
    """Take back the INVITE of that number and branch (RFC 3261 §9.1)."""
    return _start(dialog, b"CANCEL", number, branch) + b"Content-Length: 0\r\n\r\n"


def answer(request: Request, status: bytes) -> bytes:
    """A response without a body, such as `200 OK`."""
    echoed = b"\r\n".join(_ECHOED.findall(request.head))
    return b"SIP/2.0 " + status + b"\r\n" + echoed + b"\r\nContent-Length: 0\r\n\r\n"


def answer_call(
    request: Request, status: bytes, *, tag: bytes, contact: bytes, sdp: bytes = b""
) -> bytes:
    """What the called side says to an INVITE: ringing without a body, the answer with one."""
    echoed = b"\r\n".join(
        line + b";tag=" + tag if _IS_TO.match(line) and b";tag=" not in line else line
        for line in _ECHOED.findall(request.head)
    )
    head = b"SIP/2.0 " + status + b"\r\n" + echoed + b"\r\nContact: <" + contact + b">\r\n"
    return _with_body(head, _SDP, sdp) if sdp else head + b"Content-Length: 0\r\n\r\n"


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
        return Request(request[1], _found(_CALL_ID, head), head, message[end + 4 :])
    raise NotSip
