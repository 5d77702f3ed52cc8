"""SIP over TCP on loopback: frames of a stream, and connections that outlive us."""

import gc
import os
import socket
import struct
from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from capture.endpoints import reaching, tcp
from capture.endpoints.tcp import MAX_WAITING_BYTES, Above, Carrier, TcpEndpoint
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
from tests.capture.endpoints.test_reaching import silent_peer
from tests.capture.signalling import until


async def test_a_message_may_come_in_pieces_and_two_at_once(node: Node) -> None:
    """A stream has no borders but Content-Length."""
    node.tcp()
    peer = node.connect()
    for at in range(0, len(MESSAGE), 7):
        await peer.send(MESSAGE[at : at + 7])
    first = await node.inbox.take()
    await peer.send(MESSAGE + MESSAGE)

    assert first[0] == (await node.inbox.take())[0] == (await node.inbox.take())[0] == MESSAGE
    assert first[1].transport == "tcp"
    assert first[1].remote == Address(*peer.sock.getsockname())
    assert first[1].connection > 0


async def test_the_answer_goes_back_on_the_connection(node: Node) -> None:
    """RFC 3261 §18.2.2."""
    endpoint = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE)
    _, flow = await node.inbox.take()
    endpoint.send(flow, b"answer")

    assert await peer.receive() == b"answer"


async def test_a_keep_alive_is_answered(node: Node) -> None:
    """RFC 5626 §3.5.1: a double CRLF, answered by one."""
    node.tcp()
    peer = node.connect()
    await peer.send(b"\r\n\r\n")

    assert await peer.receive() == b"\r\n"


async def test_a_broken_frame_is_answered_and_closes_the_connection(node: Node) -> None:
    """Where the next message begins can no longer be known; that it is not taken is told."""
    endpoint = node.tcp()
    peer = node.connect()
    begun = b"INVITE sip:a@b SIP/2.0\r\nContent-Length: many\r\n\r\n"
    node.inbox.answering(lambda flow: endpoint.send(flow, b"answer"))
    await peer.send(begun + b"z" * (1 << 20))

    assert (await node.inbox.take())[0] == begun
    assert await peer.receive() == b"answer"
    assert await peer.receive() == b""
    assert (endpoint._connections, node.handover.kept()) == ({}, [])


async def test_a_peer_that_closes_is_forgotten_here_and_at_the_holder(node: Node) -> None:
    """Else the holder would fill up with what is dead."""
    endpoint = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE)
    await node.inbox.take()
    assert len(node.handover.kept()) == 1
    peer.sock.shutdown(socket.SHUT_WR)

    assert await peer.receive() == b""
    assert (endpoint._connections, node.handover.kept()) == ({}, [])


async def test_a_peer_that_takes_nothing_is_cut_off(node: Node) -> None:
    """What waits for it is bounded; each of a thousand peers could hold as much."""
    endpoint = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE)
    _, flow = await node.inbox.take()
    connection = endpoint._connections[flow.connection]
    sent = 0
    while flow.connection in endpoint._connections:
        endpoint.send(flow, MESSAGE)
        sent += len(MESSAGE)

    assert MAX_WAITING_BYTES < sent < 8 * MAX_WAITING_BYTES
    assert len(connection._waiting) <= MAX_WAITING_BYTES + len(MESSAGE)
    assert await peer.receive_all() > 0


async def test_a_peer_that_takes_slowly_gets_everything(node: Node) -> None:
    """In order, and the writer is not left running."""
    endpoint = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE)
    _, flow = await node.inbox.take()
    large = os.urandom(MAX_WAITING_BYTES - 1)
    endpoint.send(flow, large)
    received = b""
    while len(received) < len(large):
        received += await peer.receive()
    endpoint.send(flow, b"more")

    assert received == large
    assert await peer.receive() == b"more"
    assert not endpoint._connections[flow.connection]._writing


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

    assert (second._connections, node.handover.kept()) == ({}, [])


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
    above = Above(receive=node.inbox.put, is_known=lambda *_: True, unreached=node.unreached)
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
    monkeypatch.setattr(reaching, "CONNECT_S", 0.05)
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
    monkeypatch.setattr(reaching, "CONNECT_S", 0.01)
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
    assert (endpoint._connections, node.handover.kept()) == ({}, [])


# -- strangers and crowds ----------------------------------------------------------------------


async def test_a_stranger_gets_no_byte_and_is_let_go_once_he_called(node: Node) -> None:
    """His call is counted; a keep-alive is not answered and nothing of his is kept."""
    endpoint = node.tcp()
    peer, pinging = node.connect("127.0.0.2"), node.connect("127.0.0.2")
    await pinging.send(b"\r\n\r\n")
    await peer.send(MESSAGE)
    message, flow = await node.inbox.take()

    assert (message, flow.remote.host) == (MESSAGE, "127.0.0.2")
    assert await peer.receive() == b""
    assert await pinging.receive() == b""
    assert (endpoint._connections, node.handover.kept()) == ({}, [])


async def test_strangers_keep_nobody_out(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many connections they open."""
    monkeypatch.setattr(tcp, "MAX_STRANGERS", 2)
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 2)
    endpoint = node.tcp()
    strangers = [node.connect("127.0.0.2") for _ in range(3)]
    assert await strangers[2].receive() == b""
    for _ in range(2):
        peer = node.connect()
        await peer.send(MESSAGE)
        await node.inbox.take()

    assert len(endpoint._connections) == 4


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


async def test_a_stranger_who_says_nothing_is_let_go(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixteen of them would keep out who proves himself by a certificate only."""
    monkeypatch.setattr(tcp, "HANDSHAKE_S", 0.0)
    endpoint = node.tcp()
    peer = node.connect("127.0.0.2")

    assert await peer.receive() == b""
    assert endpoint._connections == {}


async def test_a_connection_whose_peer_is_gone_is_noticed(node: Node) -> None:
    """A firewall that forgets it says nothing to either side."""
    endpoint = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE)
    _, flow = await node.inbox.take()
    sock = endpoint._connections[flow.connection]._socket

    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000


async def test_what_is_whole_before_a_broken_frame_is_heard(node: Node) -> None:
    """A BYE may stand before it."""
    endpoint = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE + b"INVITE sip:a@b SIP/2.0\r\nContent-Length: many\r\n\r\n")

    assert (await node.inbox.take())[0] == MESSAGE
    assert await peer.receive() == b""
    assert endpoint._connections == {}


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
