"""SIP over TCP on loopback: frames of a stream, and connections that outlive us."""

import errno
import gc
import socket
import struct
from dataclasses import dataclass
from typing import Any

import pytest
from structlog.testing import capture_logs

from capture.endpoints import connection_attempt, tcp
from capture.endpoints.connection import MAX_WAITING_BYTES
from capture.endpoints.tcp import Carrier, TcpEndpoint, UpperLayer
from capture.endpoints.wire import PLAIN, PlainWire, PlainWires, Wire, WireBroken, WireEnded
from capture.sip.flow import Address, Flow
from tests.capture.endpoints.stage import (
    HERE,
    MESSAGE,
    PATIENCE_S,
    Node,
    Peer,
    abandon,
    attempts_over,
)
from tests.support.endpoints.reaching import silent_peer
from tests.support.live_signalling import until


async def test_the_answer_goes_back_on_the_connection(node: Node) -> None:
    """RFC 3261 §18.2.2."""
    endpoint = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE)
    _, flow = await node.inbox.take()
    endpoint.send(flow, b"answer")

    assert await peer.receive() == b"answer"


async def test_a_peer_that_closes_is_forgotten_here_and_at_the_holder(node: Node) -> None:
    """Else the holder would fill up with what is dead."""
    endpoint = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE)
    await node.inbox.take()
    assert len(node.holder.kept()) == 1
    peer.sock.shutdown(socket.SHUT_WR)

    assert await peer.receive() == b""
    assert (endpoint._connections, node.holder.kept()) == ({}, [])


# -- a process that is replaced ---------------------------------------------------------------


async def test_a_connection_survives_the_process_that_served_it(node: Node) -> None:
    """The client notices nothing, and the flow that was kept with the call still leads to it."""
    first = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE)
    _, flow = await node.inbox.take()
    abandon(first)
    gc.collect()
    second = node.tcp()
    second.send(flow, b"answer")
    await peer.send(MESSAGE)

    assert await peer.receive() == b"answer"
    assert (await node.inbox.take())[1] == flow


async def test_a_connection_that_died_meanwhile_is_let_go(node: Node) -> None:
    """A reset socket has no peer any more."""
    first = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE)
    await node.inbox.take()
    abandon(first)
    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.sock.close()
    second = node.tcp()

    assert (second._connections, node.holder.kept()) == ({}, [])


async def test_without_its_connection_the_peer_is_called(node: Node) -> None:
    """RFC 3261 §18.2.2: a new connection to where the request came from; it is kept too."""
    endpoint = node.tcp()
    with socket.create_server(("127.0.0.1", 0)) as server:
        flow = Flow(
            transport="tcp", local=HERE, remote=Address(*server.getsockname()), connection=99
        )
        endpoint.send(flow, b"one")
        endpoint.send(flow, b"two")
        accepted, _ = server.accept()
        with accepted:
            peer = Peer(accepted)
            received = await peer.receive()
            while len(received) < len(b"onetwo"):
                received += await peer.receive()
            await peer.send(MESSAGE)
            await node.inbox.take()

    assert received == b"onetwo"
    assert len(endpoint._connections) == 1


async def test_a_peer_is_called_from_the_address_on_which_we_answer(node: Node) -> None:
    """A PBX that takes calls from one address of ours alone answers 401 to any other."""
    listener = socket.create_server(("127.0.0.2", 0))
    above = UpperLayer(receive=node.inbox.put, known_as=lambda *_: "pbx", unreached=node.unreached)
    carrier = Carrier(transport="tcp", wires=PLAIN)
    endpoint = TcpEndpoint(listener.detach(), HERE, above, carrier)
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = Address(*server.getsockname())
        endpoint.send(Flow(transport="tcp", local=HERE, remote=there), MESSAGE)
        accepted, (host, _) = server.accept()
        await attempts_over(endpoint)
        accepted.close()
    abandon(endpoint)

    assert host == "127.0.0.2"


async def test_a_connection_that_is_gone_is_told_of(node: Node) -> None:
    """What was written to it may never have been read."""
    endpoint = node.tcp()
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = Address(*server.getsockname())
        endpoint.send(Flow(transport="tcp", local=HERE, remote=there), MESSAGE)
        accepted, _ = server.accept()
        await attempts_over(endpoint)
        (number,) = endpoint._connections
        accepted.close()
        await until(lambda: bool(node.away))

    assert [(each.remote, each.connection) for each in node.away] == [(there, number)]
    assert node.live == frozenset()


async def test_a_peer_that_cannot_be_called_is_named(node: Node) -> None:
    """The message is lost; whoever sent it hears so, and the log says which of the peers it was."""
    endpoint = node.tcp()
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = Address(*server.getsockname())
    with capture_logs() as logs:
        endpoint.send(Flow(transport="tcp", local=HERE, remote=nobody, connection=9), b"x")
        await attempts_over(endpoint)

    await until(lambda: bool(node.away))
    assert [(each.transport, each.remote, each.name) for each in node.away] == [("tcp", nobody, "")]
    (line,) = logs
    assert (line["event"], line["transport"]) == ("peer not reached", "tcp")
    assert (line["peer"], line["port"]) == (nobody.host, nobody.port)


async def test_who_cannot_be_called_may_be_there_by_a_connection_of_its_own(node: Node) -> None:
    """What went by that is not lost: whoever waits for an answer is told which are up."""
    endpoint = node.tcp()
    await node.connect().send(MESSAGE)
    _, flow = await node.inbox.take()
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = Address(*server.getsockname())
    endpoint.send(Flow(transport="tcp", local=HERE, remote=nobody), b"x")
    await until(lambda: bool(node.away))

    assert node.live == {flow.connection}


async def test_a_peer_that_does_not_answer_holds_nobody_up(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others are served while it is called, and its messages are lost once it is given up."""
    monkeypatch.setattr(connection_attempt, "CONNECT_S", 0.05)
    endpoint = node.tcp()
    other = node.connect()
    with silent_peer() as address, capture_logs() as logs:
        flow = Flow(transport="tcp", local=HERE, remote=address, connection=99)
        endpoint.send(flow, b"one")
        endpoint.send(flow, b"two")
        await other.send(MESSAGE)
        await node.inbox.take()
        assert [bytes(each.waiting) for each in endpoint._attempts.values()] == [b"onetwo"]
        await attempts_over(endpoint)

    assert [entry["event"] for entry in logs] == ["peer not reached"]
    assert len(endpoint._connections) == 1


async def test_not_more_than_so_many_peers_are_called_at_once(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each attempt holds a socket and messages for seconds."""
    monkeypatch.setattr(tcp, "MAX_ATTEMPTS", 1)
    monkeypatch.setattr(connection_attempt, "CONNECT_S", 0.01)
    endpoint = node.tcp()
    with silent_peer() as one, silent_peer() as two, capture_logs() as logs:
        for address in (one, two):
            endpoint.send(Flow(transport="tcp", local=HERE, remote=address, connection=9), b"x")
        assert list(endpoint._attempts) == [(one, "")]
        await attempts_over(endpoint)

    await until(lambda: len(node.away) > 1)
    assert [entry["reason"] for entry in logs] == ["too many peers are away", "no answer"]
    assert {each.remote for each in node.away} == {one, two}


class Ending(PlainWire):
    """A wire whose peer says why nothing can be read any more."""

    def __init__(self, why: WireBroken) -> None:
        super().__init__()
        self.why = why

    def receive(self, data: bytes) -> bytes:  # noqa: ARG002 - any
        raise self.why


@dataclass(frozen=True)
class EndingWires(PlainWires):
    why: WireBroken

    def called(self, name: str) -> Wire:  # noqa: ARG002 - any
        return Ending(self.why)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (WireBroken("TLS broke: UNKNOWN_CA"), [("connection broken off", "TLS broke: UNKNOWN_CA")]),
        (WireEnded("the peer has ended TLS"), []),
    ],
    ids=["an alert", "a farewell"],
)
async def test_a_peer_that_breaks_off_is_said(
    node: Node, why: WireBroken, said: list[tuple[str, str]]
) -> None:
    """Who wants another certificate of us says so behind the handshake; who goes, just goes."""
    endpoint = node.tcp()
    endpoint.wires = EndingWires(why)
    with socket.create_server(("127.0.0.1", 0)) as server, capture_logs() as logs:
        there = Address(*server.getsockname())
        endpoint.send(Flow(transport="tcp", local=HERE, remote=there), MESSAGE)
        accepted, _ = server.accept()
        with accepted:
            accepted.sendall(b"x")
            await until(lambda: bool(node.away))

    assert [(each["event"], each["reason"]) for each in logs] == said


class Overflowing(PlainWire):
    """A wire that wants more sent at once than may wait."""

    is_open = False

    def take(self) -> bytes:
        return bytes(MAX_WAITING_BYTES + 1)


class OverflowingWires(PlainWires):
    def called(self, name: str) -> Wire:  # noqa: ARG002 - any
        return Overflowing()


async def test_a_connection_that_dies_as_it_begins_is_not_kept(node: Node) -> None:
    """It would swallow whatever is sent there, for ever; who waits for an answer is told."""
    endpoint = node.tcp()
    endpoint.wires = OverflowingWires()
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = Address(*server.getsockname())
        endpoint.send(Flow(transport="tcp", local=HERE, remote=there), b"x")
        await attempts_over(endpoint)
        await until(lambda: bool(node.away))

    assert [each.remote for each in node.away] == [there]
    assert (endpoint._connections, node.holder.kept()) == ({}, [])


# -- strangers and crowds ----------------------------------------------------------------------


async def test_an_address_with_many_idle_connections_keeps_no_other_stranger_out(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own oldest gives way, also to itself; who is known has room of its own."""
    monkeypatch.setattr(tcp, "MAX_STRANGERS", 3)
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 2)
    endpoint = node.tcp()
    other = node.connect("127.0.0.3")
    greedy = [node.connect("127.0.0.2") for _ in range(5)]
    for each in greedy[:3]:
        assert await each.receive() == b""
    for _ in range(2):
        await node.connect().send(MESSAGE)
        await node.inbox.take()
    await other.send(MESSAGE)
    _, flow = await node.inbox.take()

    assert flow.remote.host == "127.0.0.3"
    assert len(endpoint._connections) == 2 + 2


async def test_a_peer_with_many_connections_keeps_no_other_out(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The peer with the most loses the one that was silent longest; the others keep theirs."""
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 4)
    node.known |= {"127.0.0.2", "127.0.0.3"}
    endpoint = node.tcp()
    first = node.connect("127.0.0.3")
    greedy = [node.connect("127.0.0.2") for _ in range(3)]
    await until(lambda: len(endpoint._connections) == 4)
    for each in (*greedy[1:], greedy[0]):
        await each.send(MESSAGE)
        await node.inbox.take()
    other = node.connect()
    assert await greedy[1].receive() == b""
    for each in (other, first, greedy[0], greedy[2]):
        await each.send(MESSAGE)
        await node.inbox.take()

    assert len(endpoint._connections) == 4


class Exhausted(socket.socket):
    """A listener of a process that has no descriptor left, but for the second time it is asked."""

    asked = 0

    def accept(self) -> tuple[socket.socket, Any]:
        self.asked += 1
        if self.asked == 1:
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


async def test_without_descriptors_nothing_is_accepted_for_a_while(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits is not asked for again and again, and is served once there are some."""
    monkeypatch.setattr(tcp, "REST_S", 0.05)
    endpoint = node.tcp()
    listener = endpoint._listener = Exhausted(fileno=endpoint._listener.detach())
    with capture_logs() as logs:
        await node.connect().send(MESSAGE)
        await node.inbox.take()

    assert [each["event"] for each in logs] == ["connections are not accepted"]
    assert listener.asked == 2


async def test_a_peer_that_comes_back_finds_room(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it left behind when it was restarted: the connection that was silent longest goes."""
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 2)
    node.tcp()
    known = []
    for _ in range(3):
        known.append(node.connect())
        await known[-1].send(MESSAGE)
        await node.inbox.take()

    assert await known[0].receive() == b""
    await known[1].send(MESSAGE)
    await node.inbox.take()


async def test_a_peer_that_is_gone_before_it_was_accepted_stops_nothing(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    """A port scan does that all day."""
    endpoint = node.tcp()
    for _ in range(3):
        scanner = socket.create_connection(node.listens, PATIENCE_S)
        scanner.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        scanner.close()
    peer = node.connect()
    await peer.send(MESSAGE)
    await node.inbox.take()

    assert len(endpoint._connections) == 1
    assert node.inbox.is_empty
    assert caplog.records == []
