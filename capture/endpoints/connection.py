"""One connection of SIP over TCP or TLS: framed on the way in, bounded on the way out.

Thin: knows no SIP beyond where a message ends, and not how many connections there are.
"""

import asyncio
import socket
from typing import Final, Protocol

import structlog

from capture.endpoints.fair_share import ConnectionShare, network_of
from capture.endpoints.linger import LingeringSockets
from capture.endpoints.wire import Wire, WireBroken, WireEnded
from capture.sip.flow import Address
from capture.sip.stream_framer import KeepAlive, StreamFramer

READ_BYTES: Final = 1 << 16
# What a stranger may say before a message is whole: an INVITE fits.
MAX_STRANGER_BYTES: Final = 64 << 10
# A peer that takes nothing of what it asked for is not waited for.
MAX_WAITING_BYTES: Final = 4 << 20
# TLS takes a few round trips; who has not shaken hands by then, or proved who he is, is nobody.
HANDSHAKE_S: Final = 10.0

log = structlog.get_logger("capture.sip")


class ConnectionOwner(Protocol):
    """Who has the connections of a transport, and the sockets that still say their last."""

    lingering: LingeringSockets

    def known_as(self, host: str, names: tuple[str, ...], /) -> str:
        """Whose calls are taken from there; "" nobody's."""

    def make_room(self) -> None:
        """Somebody has proved who it is, and takes a place among known peers."""

    def received(self, message: bytes, connection: "Connection", /) -> None:
        """One whole message came."""

    def gone(self, connection: "Connection", /) -> None:
        """It is closed."""


class Connection:
    """One connection: framed on the way in, buffered and bounded on the way out."""

    def __init__(
        self,
        number: int,
        sock: socket.socket,
        wire: Wire,
        owner: ConnectionOwner,
        called: str | None = None,
    ) -> None:
        """One that we have `called` by this name, or that was accepted."""
        self.number, self._socket, self.wire, self._owner = number, sock, wire, owner
        self.called = called
        self._framer = StreamFramer()
        self._waiting = bytearray()
        self._writing = False
        self.remote = Address(*sock.getpeername()[:2])
        self.begun_s = self.heard_s = asyncio.get_running_loop().time()
        self._patience: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Hear and be heard; it may be over at once, and its owner knows it by then."""
        loop, wire = asyncio.get_running_loop(), self.wire
        loop.add_reader(self._socket, self._read)
        is_sure = wire.is_open and self.is_known
        self._patience = None if is_sure else loop.call_later(HANDSHAKE_S, self._give_up)
        self._push()

    @property
    def peer(self) -> str:
        """Whose calls are taken from here, as far as it has shown who it is; "" a stranger's."""
        return self._owner.known_as(self.remote.host, self.wire.names)

    @property
    def holding(self) -> ConnectionShare:
        """What it takes of the room that there is; a stranger has it since the beginning."""
        host, peer = self.remote.host, self.peer
        if peer:
            return ConnectionShare(self.number, peer, host, self.heard_s)
        return ConnectionShare(self.number, network_of(host), host, self.begun_s)

    @property
    def is_known(self) -> bool:
        """Are calls taken from here, as far as the peer has shown who it is?"""
        return bool(self.peer)

    def _receive(self) -> tuple[bytes, bytes]:
        """What came, and what the wire makes of it; who proves itself thereby takes a place."""
        was_open = self.wire.is_open
        data = self._socket.recv(READ_BYTES)
        plain = self.wire.receive(data) if data else b""
        self.heard_s = asyncio.get_running_loop().time()
        if self.wire.is_open and not was_open:
            self._owner.make_room()
        return data, plain

    def _read(self) -> None:
        try:
            data, plain = self._receive()
            for piece in self._framer.feed(plain):
                self._take(piece)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        except WireBroken as broken:
            self._tell(broken)
            data = b""
        if not data or self.wire.is_over or self._says_too_much:
            self.close()
            return
        if self._framer.broken:
            self._leave()
            return
        self._push()

    @property
    def _says_too_much(self) -> bool:
        return self._framer.waiting_bytes > MAX_STRANGER_BYTES and not self.is_known

    def _tell(self, broken: WireBroken) -> None:
        """Whom we have called and cannot trust is somebody's mistake; who calls may be anybody."""
        if self.called is None or isinstance(broken, WireEnded):
            return
        if self.wire.is_open:  # in TLS 1.3 also by who does not trust us
            log.warning("connection broken off", reason=str(broken))
        else:
            log.warning("peer not trusted", reason=str(broken), wanted=self.called)

    def _give_up(self) -> None:
        if not (self.wire.is_open and self.is_known):
            self.close()

    def _take(self, piece: bytes | KeepAlive) -> None:
        """A message, or a keep-alive. A stranger gets no byte, and is not kept once he called."""
        if not isinstance(piece, KeepAlive):
            self._owner.received(piece, self)
        elif self.is_known:
            self.send(piece.answer)
        if not self.is_known:
            self.close()

    def send(self, data: bytes) -> None:
        """Write now what goes, the rest as the peer takes it."""
        self.wire.carry(data)
        self._push()

    def _push(self) -> None:
        """Have what the wire wants sent sent."""
        if self._socket.fileno() < 0:
            return
        self._waiting += self.wire.take()
        if len(self._waiting) > MAX_WAITING_BYTES:
            self.close()
        elif self._waiting and not self._writing:
            self._flush()

    def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            sent = self._socket.send(self._waiting)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.close()
            return
        del self._waiting[:sent]
        if self._waiting and not self._writing:
            loop.add_writer(self._socket, self._flush)
        elif not self._waiting and self._writing:
            loop.remove_writer(self._socket)
        self._writing = bool(self._waiting)

    def close(self) -> None:
        """Let go of the connection, here and at the holder."""
        if self._socket.fileno() >= 0:
            self._detached().close()
            self._owner.gone(self)

    def _leave(self) -> None:
        """Nothing more can be read of this stream; what its peer was answered still goes out."""
        if self._socket.fileno() >= 0:
            sock = self._detached()
            self._owner.gone(self)
            self._owner.lingering.take(sock, bytes(self._waiting + self.wire.take()))

    def _detached(self) -> socket.socket:
        """The socket, which is ours no more."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._socket)
        loop.remove_writer(self._socket)
        if self._patience is not None:
            self._patience.cancel()
        return socket.socket(fileno=self._socket.detach())
