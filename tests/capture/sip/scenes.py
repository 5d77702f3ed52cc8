"""A peer, a clock and our user agent on one stage, for playbooks that read as a call.

Knows no network: bytes are handed over. In the reloaded variant the state goes through bytes into
a new `SipCore` after every step.
"""

from itertools import count
from typing import Self

from capture.sip.build import Answer, Header
from capture.sip.call import OutgoingRequest
from capture.sip.events import (
    InviteReceived,
    OptionsReceived,
    Output,
    PrackReceived,
    ReinviteReceived,
    RequestReceived,
    SendMessage,
    UpdateReceived,
)
from capture.sip.flow import Address, Flow
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.message import Request
from capture.sip.parser import split_message
from capture.sip.user_agent import SipCore

HERE = Address("192.0.2.9", 5060)
PEER = Address("192.0.2.1", 5060)
UDP = Flow(transport="udp", local=HERE, remote=PEER)
TCP = Flow(transport="tcp", local=HERE, remote=Address("192.0.2.1", 40_000), connection=7)
CALL_ID = b"one@peer"


def peer_request(
    method: bytes,
    *,
    cseq: int = 1,
    branch: bytes = b"z9hG4bKa",
    to_tag: bytes = b"",
    headers: tuple[Header, ...] = (),
    body: bytes = b"",
) -> bytes:
    """A request as the peer of these scenes sends it; an ACK or CANCEL shares INVITE's CSeq."""
    to = b"<sip:srs@192.0.2.9>" + (b";tag=" + to_tag if to_tag else b"")
    lines = [
        method + b" sip:srs@192.0.2.9 SIP/2.0",
        b"Via: SIP/2.0/UDP 192.0.2.1;branch=" + branch,
        b"Max-Forwards: 70",
        b"From: <sip:src@192.0.2.1>;tag=peer",
        b"To: " + to,
        b"Call-ID: " + CALL_ID,
        b"CSeq: %d %s" % (cseq, method),
        b"Contact: <sip:src@192.0.2.1:5060>",
        *(name + b": " + value for name, value in headers),
        b"Content-Length: %d" % len(body),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def peer_response(sent: bytes, status: int, *headers: Header) -> bytes:
    """The peer's response to a request of ours."""
    request = split_message(sent)
    echoed = {b"via", b"from", b"to", b"call-id", b"cseq"}
    lines = [b"SIP/2.0 %d Whatever" % status]
    lines += [line.raw for line in request.lines if line.name in echoed]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"Content-Length: 0"]) + b"\r\n\r\n"


def said(output: Output) -> str:
    """An output in a word or two: "200 INVITE", "BYE", "ByeReceived"."""
    if not isinstance(output, SendMessage):
        return type(output).__name__
    message = split_message(output.data)
    if isinstance(message, Request):
        return message.method.decode()
    return f"{message.status} {message.cseq.method.decode()}"


class Scene:
    """One call between the peer and us; `then` states what the last step put out."""

    key: TransactionKey
    dialog: DialogId

    def __init__(self, *, reloaded: bool, flow: Flow = UDP) -> None:
        self.reloaded = reloaded
        self.flow = flow
        self.now_s = 0.0
        self.kept: dict[bytes, bytes] = {}
        self.log: list[tuple[float, Output]] = []
        self.outputs: list[Output] = []
        self._numbers = count(1)
        self.core = self._new_core()

    def _new_core(self) -> SipCore:
        return SipCore(
            node=b"n1",
            tokens=lambda: b"t%d" % next(self._numbers),
            options=frozenset({b"siprec"}),
        )

    def peer(self, data: bytes, flow: Flow | None = None) -> Self:
        """The peer sends `data`."""
        return self._took(self.core.receive(data, flow or self.flow, self.now_s))

    def answer(self, status: int, **parts: object) -> Self:
        """The layer above answers the last request that it was told of."""
        answer = Answer(status=status, **parts)  # type: ignore[arg-type]  # parts of Answer
        return self._took(self.core.respond(self.key, answer, self.now_s))

    def ask(self, method: bytes, body: bytes = b"") -> Self:
        """The layer above sends a request in the dialog."""
        request = OutgoingRequest(method=method, body=body)
        return self._took(self.core.send_request(self.dialog, request, self.now_s))

    def until(self, at_s: float) -> Self:
        """The clock goes on to `at_s`; every timer on the way runs when it is due."""
        outputs: list[Output] = []
        while (deadline_s := self.core.next_deadline_s()) is not None and deadline_s <= at_s:
            self.now_s = deadline_s
            outputs += self._took(self.core.expire_timers(deadline_s)).outputs
        self.now_s = at_s
        self.outputs = outputs
        return self

    def then(self, *expected: str) -> Self:
        """Exactly this was put out, in this order."""
        assert [said(output) for output in self.outputs] == list(expected)
        return self

    def sent(self, index: int = -1) -> bytes:
        """The bytes of a message that was ever sent, by default the last."""
        return [output.data for _, output in self.log if isinstance(output, SendMessage)][index]

    def _took(self, outputs: list[Output]) -> Self:
        self.outputs = outputs
        self.log += [(self.now_s, output) for output in outputs]
        for output in outputs:
            if isinstance(output, InviteReceived | ReinviteReceived | UpdateReceived):
                self.key, self.dialog = output.key, output.dialog
            if isinstance(output, OptionsReceived | PrackReceived | RequestReceived):
                self.key = output.key
        for call_id, value in self.core.take_changed().items():
            self.kept.pop(call_id, None)
            if value is not None:
                self.kept[call_id] = value
        if self.reloaded:
            self.core = self._new_core()
            self.core.restore(self.kept.values())
        return self


def in_dialog(scene: Scene, method: bytes, cseq: int, **more: object) -> bytes:
    """A request of the peer inside the scene's dialog."""
    return peer_request(
        method,
        cseq=cseq,
        branch=b"z9hG4bK%s%d" % (method, cseq),
        to_tag=scene.dialog.local_tag,
        **more,  # type: ignore[arg-type]  # headers or body of peer_request
    )


def established(scene: Scene) -> Scene:
    """The call is up: INVITE, 200, ACK."""
    scene.peer(peer_request(b"INVITE")).answer(200)
    return scene.peer(in_dialog(scene, b"ACK", 1))
