"""Both parties of a bench's inline calls, over UDP: who calls, and who answers at once.

Knows the server under test by its address alone, and nothing of media beyond SDP.
"""

import asyncio
import re
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from bench.inline_sdp import Party, SdpUnusable, Told, told_by
from rokuon.machine.clock import monotonic_s
from rokuon.selftest.messages import Dialog, NotSip, Request, Response, ack, answer, bye, parse
from rokuon.selftest.session import CallRefused
from rokuon.selftest.signalling import Signalling, Target, connect

CALLEE_HOST: Final = "127.0.0.2"
# Of a burst of set-ups nothing may be lost before we have read it.
_RECEIVE_BYTES: Final = 4 << 20
_MAGIC: Final = b"z9hG4bK"
_FIRST_REFUSAL: Final = 300
_BODYLESS: Final = b"Content-Length: 0\r\n\r\n"
_CALLED: Final = re.compile(rb"INVITE sips?:([^@;>\s]+)@")
_TO: Final = re.compile(rb"(\r\n(?:To|t)[ \t]*:[^\r\n]*)", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Leg:
    """The callee's side of a call; times are those of the last INVITE and its 200, 0 before it."""

    number: bytes
    party: Party
    call_id: bytes = b""
    told: Told | None = None
    called_s: float = 0.0
    answered_s: float = 0.0
    acknowledged: bool = False
    invites: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Callee(asyncio.DatagramProtocol):
    """Answers every call that is expected, by the number that is called."""

    def __init__(self) -> None:
        self._legs: dict[bytes, Leg] = {}
        self._by_call: dict[bytes, Leg] = {}
        self._local = b""
        self._send: Callable[[bytes, tuple[str, int]], None] = _nobody
        # Requests about calls that are not there, by their method.
        self.strange: list[bytes] = []

    def expect(self, number: bytes, party: Party) -> Leg:
        """Answer that number with where this party hears."""
        leg = self._legs[number] = Leg(number=number, party=party)
        return leg

    def forget(self, leg: Leg) -> None:
        """A call that is over."""
        self._legs.pop(leg.number, None)
        self._by_call.pop(leg.call_id, None)

    def send_over(self, transport: asyncio.DatagramTransport) -> None:
        """Answer from this socket."""
        self._send = transport.sendto
        host, port = transport.get_extra_info("sockname")
        self._local = f"{host}:{port}".encode()

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        try:
            request = parse(data)
        except NotSip:
            return
        if isinstance(request, Request):
            reply = self._reply(request, data)
            if reply:
                self._send(reply, address)

    def _reply(self, request: Request, data: bytes) -> bytes:
        leg = self._by_call.get(request.call_id)
        match request.method:
            case b"INVITE":
                return self._answer(request, data)
            case b"ACK":
                if leg is not None:
                    leg.acknowledged = True
                return b""
            case b"OPTIONS":
                return answer(request, b"200 OK")
            case _ if leg is None:
                self.strange.append(request.method)
                return answer(request, b"481 Call/Transaction Does Not Exist")
            case b"BYE":
                leg.ended.set()
        return answer(request, b"200 OK")

    def _answer(self, request: Request, data: bytes) -> bytes:
        """200 with SDP, first or again."""
        called = _CALLED.match(data)
        leg = self._by_call.get(request.call_id) or self._legs.get(called[1] if called else b"")
        if leg is None:
            return answer(request, b"404 Not Found")
        try:
            leg.told = told_by(data.partition(b"\r\n\r\n")[2], leg.party.suite)
        except SdpUnusable:
            return answer(request, b"488 Not Acceptable Here")
        leg.call_id, leg.called_s = request.call_id, monotonic_s()
        leg.invites += 1
        self._by_call[request.call_id] = leg
        body = leg.party.describe(leg.told.tag)
        tagged = replace(request, head=_tagged(request.head, leg))
        leg.answered_s = monotonic_s()
        return b"".join((
            answer(tagged, b"200 OK").removesuffix(_BODYLESS),
            b"Contact: <sip:callee@", self._local, b">\r\n",
            b"Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n" % len(body), body,
        ))  # fmt: skip


def _nobody(_data: bytes, _address: tuple[str, int]) -> None:
    """Before there is a socket."""


def _tagged(head: bytes, leg: Leg) -> bytes:
    """With our tag in To, where a request has none yet."""
    found = _TO.search(head)
    if found is None or b";tag=" in found[1]:
        return head
    return head[: found.end()] + b";tag=" + leg.number + head[found.end() :]


@dataclass(slots=True, kw_only=True)
class InlineCall:
    """A call that is up: the caller's dialog, the callee's leg, where each of them sends."""

    dialog: Dialog
    cseq: int
    leg: Leg
    told: Told
    asked_s: float
    answered_s: float
    ended_by_server: asyncio.Event
    branch: bytes

    @property
    def setup_s(self) -> float:
        """From INVITE to 200, as the caller sees it."""
        return self.answered_s - self.asked_s

    @property
    def server_s(self) -> float:
        """The same without the time that the callee took to answer."""
        return self.setup_s - (self.leg.answered_s - self.leg.called_s)


class Peers:
    """The caller and the callee of every call of a bench; made by `open_peers`."""

    def __init__(self, target: Target, caller: Signalling, callee: Callee) -> None:
        self._target, self._caller, self.callee = target, caller, callee

    async def place(self, number: bytes, caller: Party, callee: Party) -> InlineCall:
        """Set a call up; raises `CallRefused`, `PeerSilent`, `PeerGone` or `SdpUnusable`."""
        leg = self.callee.expect(number, callee)
        dialog = self._new_dialog(number)
        branch, asked_s = _new_branch(), monotonic_s()
        message = invite(dialog, 1, branch, caller.describe())
        try:
            response = await self._caller.request(message, branch, invite=True)
            answered_s = monotonic_s()
            dialog = self._acknowledged(dialog, response, branch)
            told = told_by(response.body, caller.suite)
        except Exception:
            self.callee.forget(leg)
            raise
        ended = self._caller.follow(dialog.call_id)
        return InlineCall(
            dialog=dialog, cseq=1, leg=leg, told=told, asked_s=asked_s, answered_s=answered_s,
            ended_by_server=ended, branch=branch,
        )  # fmt: skip

    def _new_dialog(self, number: bytes) -> Dialog:
        token = secrets.token_hex(8).encode()
        return Dialog(
            call_id=token + b"@bench",
            local_tag=token,
            remote_tag=b"",
            remote_target=b"sip:" + number + b"@" + self._target.address,
            server=self._target.address,
            local=self._caller.local,
            transport=self._caller.transport.value,
        )

    def _acknowledged(self, dialog: Dialog, response: Response, branch: bytes) -> Dialog:
        answered = replace(dialog, remote_tag=response.to_tag)
        if response.status >= _FIRST_REFUSAL:
            self._caller.acknowledge(branch, ack(answered, 1, branch))
            self._caller.forget(dialog.call_id, [branch])
            raise CallRefused(response.status)
        answered = replace(answered, remote_target=response.contact)
        self._caller.acknowledge(branch, ack(answered, 1, _new_branch()))
        return answered

    async def ask(self, call: InlineCall) -> int:
        """OPTIONS inside of the call's dialog; its status. Raises as `hang_up` does."""
        call.cseq += 1
        branch = _new_branch()
        message = bye(call.dialog, call.cseq, branch)
        message = message.replace(b"BYE ", b"OPTIONS ", 1).replace(b" BYE\r\n", b" OPTIONS\r\n", 1)
        return (await self._caller.request(message, branch)).status

    async def hang_up(self, call: InlineCall) -> int:
        """BYE of the caller; its status. Raises `PeerSilent` or `PeerGone`."""
        call.cseq += 1
        branch = _new_branch()
        try:
            return (await self._caller.request(bye(call.dialog, call.cseq, branch), branch)).status
        finally:
            self._caller.forget(call.dialog.call_id, [call.branch])

    def forget(self, call: InlineCall) -> None:
        """Let go of the callee's side too; what the server says of it now is answered 481."""
        self.callee.forget(call.leg)


def _new_branch() -> bytes:
    return _MAGIC + secrets.token_hex(8).encode()


def invite(dialog: Dialog, number: int, branch: bytes, sdp: bytes) -> bytes:
    """An INVITE of a telephone."""
    contact = b"<sip:caller@" + dialog.local + b">"
    return b"".join((
        b"INVITE ", dialog.remote_target, b" SIP/2.0\r\n",
        b"Via: SIP/2.0/", dialog.transport, b" ", dialog.local, b";branch=", branch, b";rport\r\n",
        b"Max-Forwards: 70\r\nFrom: <sip:+81312345678@", dialog.local, b">;tag=", dialog.local_tag,
        b"\r\nTo: <", dialog.remote_target, b">\r\nCall-ID: ", dialog.call_id,
        b"\r\nCSeq: %d INVITE\r\nContact: " % number, contact,
        b"\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE\r\n",
        b"Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n" % len(sdp), sdp,
    ))  # fmt: skip


def callee_socket() -> socket.socket:
    """Where the callee is reached; bound before the server starts, which may ask at once."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
    sock.bind((CALLEE_HOST, 0))
    return sock


@asynccontextmanager
async def open_peers(target: Target, sock: socket.socket) -> AsyncIterator[Peers]:
    """Both parties for as long as the block lasts; `sock` is from `callee_socket`, and stays."""
    loop = asyncio.get_running_loop()
    transport, callee = await loop.create_datagram_endpoint(Callee, sock=sock.dup())
    callee.send_over(transport)
    try:
        async with connect(target) as caller:
            yield Peers(target, caller, callee)
    finally:
        transport.close()
