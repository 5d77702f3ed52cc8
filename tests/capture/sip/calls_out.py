"""The stage of the other scenes, where it is us who calls: phones that answer, forks, a clock.

Knows no network: bytes are handed over.
"""

from typing import Final, Self

import msgspec

from capture.sip.build import Header
from capture.sip.call import OutgoingRequest
from capture.sip.events import ResponseReceived, SendMessage
from capture.sip.flow import Flow
from capture.sip.identity import DialogId
from capture.sip.message import Request
from capture.sip.outgoing_call import OutgoingCall
from capture.sip.parser import split_message
from tests.capture.sip.scenes import UDP, Scene

OFFER: Final = b"v=0 offer"
SDP: Final[Header] = (b"Content-Type", b"application/sdp")
RELIABLE: Final[Header] = (b"Require", b"100rel")


def outgoing(method: bytes = b"INVITE", **parts: object) -> OutgoingCall:
    """A call to bob; `parts` change it."""
    usual: dict[str, object] = {
        "call_id": b"two@n1", "local_tag": b"n1-out", "flow": UDP,
        "uri": b"sip:bob@192.0.2.1", "from_address": b'"Al" <sip:al@192.0.2.9>',
        "to_address": b"<sip:bob@192.0.2.1>", "method": method,
    }  # fmt: skip
    return OutgoingCall(**(usual | parts))  # type: ignore[arg-type]  # parts of OutgoingCall


def number(rseq: int) -> Header:
    """RSeq of a reliable provisional response."""
    return b"RSeq", b"%d" % rseq


def phone_says(sent: bytes, status: int, *headers: Header, tag: bytes, body: bytes = b"") -> bytes:
    """The response of the phone with this tag; it lives at a Contact of its own."""
    request = split_message(sent)
    lines = [b"SIP/2.0 %d Whatever" % status]
    for line in request.lines:
        if line.name in {b"via", b"from", b"call-id", b"cseq"}:
            lines.append(line.raw)
        if line.name == b"to":
            lines.append(line.raw + b";tag=" + tag if tag and not request.has_to_tag else line.raw)
    lines += [name + b": " + value for name, value in headers]
    if tag:
        lines.append(b"Contact: <sip:%s@192.0.2.77:5070>" % tag)
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body


class OutScene(Scene):
    """A call of ours; phones are named by their tags."""

    invite: bytes
    attempt: DialogId

    def call(self, **parts: object) -> Self:
        """We call bob, with an offer unless `parts` say otherwise."""
        wanted = outgoing(**({"body": OFFER, "headers": (SDP,)} | parts))  # type: ignore[arg-type]  # parts of OutgoingCall
        self.attempt = wanted.attempt
        self._took(self.core.call(wanted, self.now_s))
        self.invite = self.sent()
        return self

    def cancel(self, *reasons: Header) -> Self:
        """We no longer want bob."""
        return self._took(self.core.cancel(self.attempt, self.now_s, reasons))

    def away(self, flow: Flow, *live: int) -> Self:
        """No connection comes about to where this leads; these are up."""
        nowhere = msgspec.structs.replace(flow, connection=0)
        return self._took(self.core.unreached(nowhere, self.now_s, frozenset(live)))

    def loses(self, flow: Flow, connection: int, *live: int) -> Self:
        """A connection that led there is gone; these are up."""
        gone = msgspec.structs.replace(flow, connection=connection)
        return self._took(self.core.unreached(gone, self.now_s, frozenset(live)))

    def phone(self, tag: bytes, status: int, *headers: Header, body: bytes = b"") -> Self:
        """A phone answers the INVITE."""
        return self.peer(phone_says(self.invite, status, *headers, tag=tag, body=body))

    def replied(self, status: int) -> Self:
        """Whoever it went to answers the last message that we sent."""
        return self.peer(phone_says(self.sent(), status, tag=b""))

    def named(self, tag: bytes) -> DialogId:
        """The dialog with a phone."""
        return DialogId(call_id=b"two@n1", local_tag=b"n1-out", remote_tag=tag)

    def tell(self, tag: bytes, method: bytes, *headers: Header, body: bytes = b"") -> Self:
        """We send a request in the dialog with a phone."""
        request = OutgoingRequest(method=method, headers=headers, body=body)
        return self._took(self.core.send_request(self.named(tag), request, self.now_s))

    def ack(self, tag: bytes, body: bytes) -> Self:
        """The layer above acknowledges a 2xx with its answer."""
        return self._took(self.core.acknowledge(self.named(tag), (SDP,), body, self.now_s))

    def phone_asks(self, tag: bytes, method: bytes, cseq: int, *headers: Header) -> Self:
        """A phone sends a request in its dialog."""
        lines = [
            method + b" sip:n1@192.0.2.9:5060 SIP/2.0",
            b"Via: SIP/2.0/UDP 192.0.2.77:5070;branch=z9hG4bK%s%s%d" % (tag, method, cseq),
            b"Max-Forwards: 70",
            b"From: <sip:bob@192.0.2.1>;tag=" + tag,
            b'To: "Al" <sip:al@192.0.2.9>;tag=n1-out',
            b"Call-ID: two@n1",
            b"CSeq: %d %s" % (cseq, method),
            b"Contact: <sip:%s@192.0.2.77:5070>" % tag,
            *(name + b": " + value for name, value in headers),
            b"Content-Length: 0",
        ]
        return self.peer(b"\r\n".join(lines) + b"\r\n\r\n", self.way)

    @property
    def way(self) -> Flow:
        """By which phones speak to us."""
        return UDP

    def sent_request(self, index: int = -1) -> Request:
        """A request of ours, by default the last message."""
        request = split_message(self.sent(index))
        assert isinstance(request, Request)
        return request

    def sent_by(self) -> Flow:
        """The way of the last message."""
        return [out.flow for _, out in self.log if isinstance(out, SendMessage)][-1]

    def told(self) -> list[ResponseReceived]:
        """Every response that the layer above was told of."""
        return [out for _, out in self.log if isinstance(out, ResponseReceived)]
