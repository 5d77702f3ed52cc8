"""One connection of SIP on loopback: what is framed, what is bounded, and who gets no byte."""

import os
import socket

import pytest

from capture.endpoints import connection
from capture.endpoints.connection import MAX_STRANGER_BYTES, MAX_WAITING_BYTES
from capture.sip.flow import Address
from tests.capture.endpoints.stage import MESSAGE, Node


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
    assert (endpoint._connections, node.holder.kept()) == ({}, [])


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


async def test_what_is_whole_before_a_broken_frame_is_heard(node: Node) -> None:
    """A BYE may stand before it."""
    endpoint = node.tcp()
    peer = node.connect()
    await peer.send(MESSAGE + b"INVITE sip:a@b SIP/2.0\r\nContent-Length: many\r\n\r\n")

    assert (await node.inbox.take())[0] == MESSAGE
    assert await peer.receive() == b""
    assert endpoint._connections == {}


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
    assert (endpoint._connections, node.holder.kept()) == ({}, [])


async def test_a_stranger_who_says_nothing_is_let_go(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixteen of them would keep out who proves himself by a certificate only."""
    monkeypatch.setattr(connection, "HANDSHAKE_S", 0.0)
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


async def test_a_stranger_may_say_so_much(node: Node) -> None:
    """A known peer may send a large body; of strangers nothing is kept for long."""
    node.tcp()
    large = MESSAGE.replace(b"Content-Length: 5", b"Content-Length: 1000000")
    known, stranger = node.connect(), node.connect("127.0.0.2")
    for each in (known, stranger):
        await each.send(large + bytes(MAX_STRANGER_BYTES))

    assert await stranger.receive_all() == 0
    await known.send(bytes(1_000_000 - 5 - MAX_STRANGER_BYTES) + b"rest.")
    assert len((await node.inbox.take())[0]) > 1_000_000
