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

from capture.endpoints.address_budget import AddressBudget
from capture.endpoints.connection import Connection
from capture.endpoints.connection_attempt import ConnectionAttempt
from capture.endpoints.fair_share import excess, network_of
from capture.endpoints.linger import LingeringSockets
from capture.endpoints.wire import Wire, Wires
from capture.holder.client import HolderClient
from capture.sip.flow import Address, Flow

# The holder keeps a copy of each and has room for 256 descriptors beside the media (a client
# needs one or two connections).
MAX_CONNECTIONS: Final = 192
# Connections of who has not shown yet that calls are taken from it. Over that the address with the
# most loses its oldest: idle handshakes of one address keep nobody out.
MAX_STRANGERS: Final = 64
# Handshakes of one address: all connections of a large client that starts anew come at once; each
# costs the loop about a millisecond (RSA), so that one address has 2 % of it in the long run.
HANDSHAKES_AT_ONCE: Final = 64
HANDSHAKES_PER_S: Final = 16.0
# Peers that are called at once; a client needs one connection, and most are there.
MAX_ATTEMPTS: Final = 32
# How long nothing is accepted where descriptors or memory have run out.
REST_S: Final = 1.0
_EXHAUSTED: Final = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
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


@dataclass(frozen=True, slots=True, kw_only=True)
class UpperLayer:
    """The layer above: it is given messages and says who is known.

    `known_as`: whose calls are taken from an address, or from who has proved one of these names;
    "" where nobody's are. Connections are shared out among those names.
    `unreached` hears where no way leads (no connection was made, or the peer is not to be trusted),
    or which connection is gone, and which ones of that transport are up all the same.
    """

    receive: Callable[[bytes, Flow], None]
    known_as: Callable[[str, tuple[str, ...]], str]
    unreached: Callable[[Flow, frozenset[int]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """How connections carry SIP: the transport's name, their wires, and who keeps copies."""

    transport: str
    wires: Wires
    holder: HolderClient | None = None


class TcpEndpoint:
    """The listener of one transport and its connections.

    Of those with known peers the holder keeps a copy, where the carrier has one.
    """

    def __init__(
        self,
        descriptor: int,
        local: Address,
        above: UpperLayer,
        carrier: Carrier,
    ) -> None:
        self.known_as, self.transport, self.wires = above.known_as, carrier.transport, carrier.wires
        self._handshakes = AddressBudget(HANDSHAKES_AT_ONCE, HANDSHAKES_PER_S)
        holder = carrier.holder
        self._listener = socket.socket(fileno=descriptor)
        # What we connect leaves from where we listen, for a peer may know us by that address alone;
        # it is marked as what is accepted there.
        self._home = self._listener.getsockname()[0]
        self._tos = self._listener.getsockopt(socket.IPPROTO_IP, socket.IP_TOS)
        self._local, self._above, self._holder = local, above, holder
        self._connections: dict[int, Connection] = {}
        self._attempts: dict[tuple[Address, str], ConnectionAttempt] = {}
        self.lingering = LingeringSockets()
        if holder is not None:
            for name in holder.kept():
                self._take_back(holder, int(name))
        asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def _take_back(self, holder: HolderClient, number: int) -> None:
        """A connection that was up before we were."""
        sock = socket.socket(fileno=holder.take_kept(str(number)))
        try:
            connection = Connection(number, sock, self.wires.accepted(), self)
        except OSError:
            sock.close()
            holder.drop(str(number))
        else:
            self._connections[number] = connection
            connection.begin()

    def _accept(self) -> None:
        try:
            sock, remote = self._listener.accept()
        except OSError as error:
            if error.errno in _EXHAUSTED:
                self._rest(error)
            return
        try:
            self._welcome(sock, remote[0])
        except OSError:
            sock.close()  # the peer has gone again

    def _rest(self, error: OSError) -> None:
        """Accept nothing for a while: who waits would wake the loop again and again."""
        log.error("connections are not accepted", reason=error.strerror)
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._listener)
        loop.call_later(REST_S, loop.add_reader, self._listener, self._accept)

    def _welcome(self, sock: socket.socket, host: str) -> None:
        wire = self.wires.accepted()
        now_s = asyncio.get_running_loop().time()
        if wire.is_open or self._handshakes.take(network_of(host), now_s):
            self._add(sock, wire)
        else:
            log.warning("connection turned away", peer=host, reason="too many handshakes")
            sock.close()

    def make_room(self) -> None:
        """Close one connection where there are too many of known peers, or of strangers."""
        connections = [*self._connections.values()]
        known = [each.holding for each in connections if each.is_known]
        strangers = [each.holding for each in connections if not each.is_known]
        for held, limit in ((known, MAX_CONNECTIONS), (strangers, MAX_STRANGERS)):
            if (number := excess(held, limit)) is not None:
                closed = self._connections[number]
                log.warning("connection closed", peer=closed.remote.host, reason="too many")
                closed.close()

    def _add(self, sock: socket.socket, wire: Wire, called: str | None = None) -> Connection:
        sock.settimeout(0)
        for level, option, value in _KEEP_ALIVE:
            sock.setsockopt(level, option, value)
        number = int.from_bytes(os.urandom(6), "big") + 1
        connection = self._connections[number] = Connection(number, sock, wire, self, called)
        self.make_room()
        if self._holder is not None and connection.is_known:
            self._holder.keep(str(number), sock.fileno())
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
        if self._holder is not None and connection.is_known:
            self._holder.drop(str(connection.number))

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

    def _attempt(self, flow: Flow) -> ConnectionAttempt:
        """The connection to a peer that is being made; begun where there is none."""
        place = flow.remote, flow.name
        if place not in self._attempts:
            if len(self._attempts) >= MAX_ATTEMPTS:
                raise OSError(errno.EAGAIN, "too many peers are away")
            over = partial(self._reached, place)
            self._attempts[place] = ConnectionAttempt(flow.remote, over, self._tos, self._home)
        return self._attempts[place]

    def _reached(
        self, place: tuple[Address, str], attempt: ConnectionAttempt, sock: socket.socket | None
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
