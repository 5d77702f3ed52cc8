"""The connections of SIP over TCP and TLS: framed on the way in, bounded on the way out.

Those over TCP outlive us; the state of TLS cannot be handed on, and its peers connect anew. Thin:
knows no SIP beyond where a message ends.
"""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from capture.endpoints.lingering import LingeringSockets
from capture.endpoints.reaching import Attempt
from capture.endpoints.wire import Wire, WireBroken, WireEnded, Wires
from capture.media.handover import Handover
from capture.sip.flow import Address, Flow
from capture.sip.framing import KeepAlive, StreamFramer

READ_BYTES: Final = 1 << 16
# The holder keeps a copy of each and has room for 256 descriptors beside the media (a client
# needs one or two connections).
MAX_CONNECTIONS: Final = 192
# Connections of unknown addresses: enough to count who calls, too few to keep anybody out.
MAX_STRANGERS: Final = 16
# Peers that are called at once; a client needs one connection, and most are there.
MAX_ATTEMPTS: Final = 32
# A peer that takes nothing of what it asked for is not waited for.
MAX_WAITING_BYTES: Final = 4 << 20
# TLS takes a few round trips; who has not shaken hands by then, or proved who he is, is nobody.
HANDSHAKE_S: Final = 10.0
# A peer that is gone without a word, or whose firewall has forgotten us, is noticed within two
# minutes; what we send must be taken within one.
_KEEP_ALIVE: Final = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 15),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 4),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 60_000),
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
)

log = structlog.get_logger("capture.sip")


class Connection:
    """One connection: framed on the way in, buffered and bounded on the way out."""

    def __init__(
        self,
        number: int,
        sock: socket.socket,
        wire: Wire,
        owner: "TcpEndpoint",
        called: str | None = None,
    ) -> None:
        """One that we have `called` by this name, or that was accepted."""
        self.number, self._socket, self.wire, self._owner = number, sock, wire, owner
        self.called = called
        self._framer = StreamFramer()
        self._waiting = bytearray()
        self._writing = False
        self.remote = Address(*sock.getpeername()[:2])
        self.heard_s = asyncio.get_running_loop().time()
        self._patience: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Hear and be heard; it may be over at once, and its owner knows it by then."""
        loop, wire = asyncio.get_running_loop(), self.wire
        loop.add_reader(self._socket, self._read)
        is_sure = wire.is_open and self.is_known
        self._patience = None if is_sure else loop.call_later(HANDSHAKE_S, self._give_up)
        self._push()

    @property
    def is_known(self) -> bool:
        """Are calls taken from here, as far as the peer has shown who it is?"""
        return self._owner.is_known(self.remote.host, self.wire.names)

    def _read(self) -> None:
        try:
            data = self._socket.recv(READ_BYTES)
            plain = self.wire.receive(data) if data else b""
            for piece in self._framer.feed(plain):
                self._take(piece)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        except WireBroken as broken:
            self._tell(broken)
            data = b""
        if not data or self.wire.is_over:
            self.close()
            return
        if self._framer.broken:
            self._leave()
            return
        self.heard_s = asyncio.get_running_loop().time()
        self._push()

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """The layer above: it is given messages and says who is known.

    `is_known`: are calls taken from an address, or from who has proved one of these names?
    `unreached` hears where no way leads (no connection was made, or the peer is not to be trusted),
    or which connection is gone, and which ones of that transport are up all the same.
    """

    receive: Callable[[bytes, Flow], None]
    is_known: Callable[[str, tuple[str, ...]], bool]
    unreached: Callable[[Flow, frozenset[int]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """How connections carry SIP: the transport's name, their wires, and who keeps copies."""

    transport: str
    wires: Wires
    handover: Handover | None = None


class TcpEndpoint:
    """The listener of one transport and its connections.

    Of those with known peers the holder keeps a copy, where the carrier has one.
    """

    def __init__(
        self,
        descriptor: int,
        local: Address,
        above: Above,
        carrier: Carrier,
    ) -> None:
        self.is_known, self.transport, self.wires = above.is_known, carrier.transport, carrier.wires
        handover = carrier.handover
        self._listener = socket.socket(fileno=descriptor)
        # What we connect leaves from where we listen, for a peer may know us by that address alone;
        # it is marked as what is accepted there.
        self._home = self._listener.getsockname()[0]
        self._tos = self._listener.getsockopt(socket.IPPROTO_IP, socket.IP_TOS)
        self._local, self._above, self._handover = local, above, handover
        self._connections: dict[int, Connection] = {}
        self._attempts: dict[tuple[Address, str], Attempt] = {}
        self.lingering = LingeringSockets()
        if handover is not None:
            for name in handover.kept():
                self._take_back(handover, int(name))
        asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def _take_back(self, handover: Handover, number: int) -> None:
        """A connection that was up before we were."""
        sock = socket.socket(fileno=handover.take_kept(str(number)))
        try:
            connection = Connection(number, sock, self.wires.accepted(), self)
        except OSError:
            sock.close()
            handover.drop(str(number))
        else:
            self._connections[number] = connection
            connection.begin()

    def _accept(self) -> None:
        try:
            sock, remote = self._listener.accept()
        except OSError:
            return
        try:
            if self._has_room(remote[0]):
                self._add(sock, self.wires.accepted())
            else:
                sock.close()
        except OSError:
            sock.close()  # the peer has gone again

    def _has_room(self, host: str) -> bool:
        strangers = sum(not each.is_known for each in self._connections.values())
        if not self.is_known(host, ()):
            return strangers < MAX_STRANGERS
        return len(self._connections) - strangers < MAX_CONNECTIONS or self._made_room(host)

    def _made_room(self, host: str) -> bool:
        """A peer that comes back has left others behind: its idlest connection makes room."""
        same = [each for each in self._connections.values() if each.remote.host == host]
        idlest = min(same, key=lambda each: each.heard_s, default=None)
        if idlest is not None:
            idlest.close()
        return idlest is not None

    def _add(self, sock: socket.socket, wire: Wire, called: str | None = None) -> Connection:
        sock.settimeout(0)
        for level, option, value in _KEEP_ALIVE:
            sock.setsockopt(level, option, value)
        number = int.from_bytes(os.urandom(6), "big") + 1
        connection = self._connections[number] = Connection(number, sock, wire, self, called)
        if self._handover is not None and connection.is_known:
            self._handover.keep(str(number), sock.fileno())
        connection.begin()
        return connection

    def received(self, message: bytes, connection: Connection) -> None:
        """One whole message came."""
        flow = Flow(
            transport=self.transport,
            local=self._local,
            remote=connection.remote,
            connection=connection.number,
            names=connection.wire.names,
            name=connection.called or "",
        )
        self._above.receive(message, flow)

    def gone(self, connection: Connection) -> None:
        """A connection is closed: what it carried may be lost, or it may never have been of use."""
        self._connections.pop(connection.number, None)
        name = connection.called or ""
        if connection.wire.is_open:
            self._unreached((connection.remote, name), connection.number)
        elif connection.called is not None:
            self._unreached((connection.remote, name))
        if self._handover is not None and connection.is_known:
            self._handover.drop(str(connection.number))

    def send(self, flow: Flow, data: bytes) -> None:
        """Write to the flow's connection, or to a new one where that is gone (RFC 3261 §18.2.2)."""
        connection = self._connections.get(flow.connection) or self._connected(flow)
        if connection is not None:
            connection.send(data)
            return
        try:
            self._attempt(flow).send(data)
        except OSError as error:
            self._tell_missed(flow.remote, error.strerror or "")
            self._unreached((flow.remote, flow.name))

    def _tell_missed(self, remote: Address, reason: str) -> None:
        """Which peer it was; its port is a number that no mask takes for a telephone's."""
        log.warning(
            "peer not reached",
            peer=remote.host,
            port=remote.port,
            transport=self.transport,
            reason=reason,
        )

    def _unreached(self, place: tuple[Address, str], connection: int = 0) -> None:
        """Said once whoever sends now is through with that."""
        remote, name = place
        flow = Flow(
            transport=self.transport,
            local=self._local,
            remote=remote,
            connection=connection,
            name=name,
        )
        asyncio.get_running_loop().call_soon(self._say_unreached, flow)

    def _say_unreached(self, flow: Flow) -> None:
        self._above.unreached(flow, frozenset(self._connections))

    def _connected(self, flow: Flow) -> Connection | None:
        """A connection that is there, to a peer that has proved, or must prove, the same name."""
        return next(
            (
                each
                for each in self._connections.values()
                if each.remote == flow.remote and _is_for(each, flow.name)
            ),
            None,
        )

    def _attempt(self, flow: Flow) -> Attempt:
        """The connection to a peer that is being made; begun where there is none."""
        place = flow.remote, flow.name
        if place not in self._attempts:
            if len(self._attempts) >= MAX_ATTEMPTS:
                raise OSError(errno.EAGAIN, "too many peers are away")
            over = partial(self._reached, place)
            self._attempts[place] = Attempt(flow.remote, over, self._tos, self._home)
        return self._attempts[place]

    def _reached(
        self, place: tuple[Address, str], attempt: Attempt, sock: socket.socket | None
    ) -> None:
        """An attempt is over: what waited goes out, or is lost."""
        del self._attempts[place]
        if sock is None:
            self._tell_missed(attempt.remote, attempt.failed)
            self._unreached(place)
            return
        name = place[1]
        try:
            connection = self._add(sock, self.wires.called(name), name)
        except OSError:
            sock.close()  # the peer has gone again
            self._unreached(place)
        else:
            connection.send(bytes(attempt.waiting))


def _is_for(connection: Connection, name: str) -> bool:
    """May what is for this host go there? Before hands are shaken it waits for the proof."""
    return connection.called == name or connection.wire.proves(name)
