"""The far side of a self-test call: rings, answers, is hung up on. One call at a time, over UDP.

An asyncio shell. Knows nothing of media: it says where the voice goes, others send it.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from rokuon.selftest.messages import NotSip, Request, answer, answer_call, parse
from rokuon.selftest.session_description import (
    AnsweredStream,
    AnswerUnusable,
    call_description,
    parse_answer,
)
from rokuon.selftest.signalling import T1_S, T2_S

Address = tuple[str, int]
_MAX_SDP_SESSION: Final = 1 << 31


class FarSide(asyncio.DatagramProtocol):
    """Answers the first call that comes, at `host`; `port` is where its voice comes from."""

    def __init__(self, host: str, port: int) -> None:
        self._sdp = call_description(host, port, session=secrets.randbelow(_MAX_SDP_SESSION))
        self._tag = secrets.token_hex(8).encode()
        self._contact = b""
        self._call_id = b""
        self._answer: asyncio.TimerHandle | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self.voice_to: asyncio.Future[AnsweredStream] = asyncio.get_running_loop().create_future()
        self.ended = asyncio.Event()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # a datagram endpoint's
        self._transport = transport
        host, port = transport.get_extra_info("sockname")[:2]
        self._contact = f"sip:selftest@{host}:{port}".encode()

    def datagram_received(self, data: bytes, address: Address) -> None:
        try:
            request = parse(data)
        except NotSip:
            return
        if isinstance(request, Request):
            self._receive(request, address)

    def _receive(self, request: Request, address: Address) -> None:
        match request.method:
            case b"INVITE" if not self._call_id:
                self._call_id = request.call_id
                self._ring(request, address)
            case b"INVITE" if request.call_id != self._call_id:
                self._send(answer(request, b"486 Busy Here"), address)
            case b"INVITE":
                pass  # again: the answer repeats by itself
            case b"ACK":
                self._rest()
            case b"BYE" | b"CANCEL":
                self._send(answer(request, b"200 OK"), address)
                self._rest()
                self.ended.set()
            case _:
                self._send(answer(request, b"200 OK"), address)

    def _ring(self, request: Request, address: Address) -> None:
        try:
            voice_to = parse_answer(request.body, 1)[0]
        except AnswerUnusable:
            self._send(answer(request, b"488 Not Acceptable Here"), address)
            return
        self._say(request, b"180 Ringing", address)
        self._accept(request, address, T1_S)
        self.voice_to.set_result(voice_to)

    def _accept(self, request: Request, address: Address, again_s: float) -> None:
        """Answer, again and again until the ACK is there (RFC 3261 §13.3.1.4)."""
        self._say(request, b"200 OK", address, self._sdp)
        self._answer = asyncio.get_running_loop().call_later(
            again_s, self._accept, request, address, min(2 * again_s, T2_S)
        )

    def _say(self, request: Request, status: bytes, address: Address, sdp: bytes = b"") -> None:
        message = answer_call(request, status, tag=self._tag, contact=self._contact, sdp=sdp)
        self._send(message, address)

    def _send(self, message: bytes, address: Address) -> None:
        assert self._transport is not None
        self._transport.sendto(message, address)

    def _rest(self) -> None:
        """Repeat the answer no more."""
        if self._answer is not None:
            self._answer.cancel()

    def connection_lost(self, _error: Exception | None) -> None:
        """Its time is over."""
        self._rest()


@asynccontextmanager
async def far_side(at: Address, media_port: int) -> AsyncIterator[FarSide]:
    """A far side that is called at `at` while the block lasts; raises `OSError`."""
    endpoint, called = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: FarSide(at[0], media_port), local_addr=at
    )
    try:
        yield called
    finally:
        endpoint.close()
