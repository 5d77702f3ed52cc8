"""Last words on loopback: a peer that is still writing reads them."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from capture.endpoints import linger
from capture.endpoints.linger import MAX_LINGERING, LingeringSockets
from tests.capture.endpoints.stage import Peer
from tests.support.live_signalling import until

# More than the kernel keeps of a connection.
BODY = b"z" * (16 << 20)


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, Peer]]]:
    """Our ends of connections, and their peers'."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        made = []
        for _ in range(MAX_LINGERING + 1):
            theirs = stack.enter_context(socket.create_connection(listener.getsockname()))
            ours, _ = listener.accept()
            ours.settimeout(0)
            made.append((ours, Peer(theirs)))
        yield made


async def test_a_peer_that_still_writes_reads_what_it_was_answered(
    pairs: list[tuple[socket.socket, Peer]],
) -> None:
    """A close with its bytes unread would reset the connection, and the answer with it."""
    ours, peer = pairs[0]
    sockets = LingeringSockets()
    sockets.take(ours, b"answer")
    await peer.send(BODY)

    assert await peer.receive() == b"answer"
    assert await peer.receive() == b""
    peer.sock.close()
    await until(lambda: len(sockets) == 0)
    assert ours.fileno() < 0


async def test_who_does_not_close_is_not_waited_for(
    pairs: list[tuple[socket.socket, Peer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A descriptor is not kept for a peer that has gone to sleep."""
    monkeypatch.setattr(linger, "LINGER_S", 0.01)
    sockets = LingeringSockets()
    sockets.take(pairs[0][0], b"")

    await until(lambda: len(sockets) == 0)


async def test_few_linger(pairs: list[tuple[socket.socket, Peer]]) -> None:
    """Who breaks one stream after the other takes no descriptors from others."""
    sockets = LingeringSockets()
    for ours, _ in pairs:
        sockets.take(ours, b"")

    assert [ours.fileno() < 0 for ours, _ in pairs] == [False] * MAX_LINGERING + [True]
    for _, peer in pairs:
        peer.sock.close()
    await until(lambda: len(sockets) == 0)
