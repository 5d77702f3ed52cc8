"""TCP connections that are being made, on loopback."""

import asyncio
import socket
from contextlib import ExitStack

import pytest
from structlog.testing import capture_logs

from capture.endpoints import connection_attempt
from capture.endpoints.connection_attempt import MAX_WAITING_BYTES, ConnectionAttempt
from capture.sip.flow import Address
from tests.support.endpoints.reaching import PATIENCE_S, silent_peer


class Ended:
    """How an attempt ended, to be waited for."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[ConnectionAttempt, socket.socket | None]] = asyncio.Queue()

    def put(self, attempt: ConnectionAttempt, sock: socket.socket | None) -> None:
        self._queue.put_nowait((attempt, sock))

    async def take(self) -> tuple[ConnectionAttempt, socket.socket | None]:
        return await asyncio.wait_for(self._queue.get(), PATIENCE_S)

    @property
    def is_empty(self) -> bool:
        return self._queue.empty()


async def test_a_peer_that_listens_is_reached() -> None:
    """The socket is handed over with what waits for it, in the order in which it was said."""
    ended = Ended()
    with socket.create_server(("127.0.0.1", 0)) as server:
        attempt = ConnectionAttempt(Address(*server.getsockname()), ended.put, 24 << 2)
        attempt.send(b"one")
        attempt.send(b"two")
        same, sock = await ended.take()

        assert same is attempt
        assert bytes(attempt.waiting) == b"onetwo"
        assert sock is not None
        assert sock.getpeername() == attempt.remote
        assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == 24 << 2
        sock.close()


async def test_a_peer_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a time that has a name; nothing waits for it meanwhile."""
    monkeypatch.setattr(connection_attempt, "CONNECT_S", 0.01)
    ended = Ended()
    with silent_peer() as address:
        attempt = ConnectionAttempt(address, ended.put)

        assert await ended.take() == (attempt, None)
    assert attempt.failed == "no answer"
    assert attempt._socket.fileno() < 0


async def test_a_peer_that_refuses_is_given_up_at_once() -> None:
    """Nobody listens there any more."""
    ended = Ended()
    with socket.create_server(("127.0.0.1", 0)) as server:
        nobody = Address(*server.getsockname())
    attempt = ConnectionAttempt(nobody, ended.put)

    assert await ended.take() == (attempt, None)
    assert attempt.failed == "Connection refused"
    assert attempt._socket.fileno() < 0


async def test_what_waits_for_a_connection_is_bounded() -> None:
    """A peer that is away must not fill our memory; what is too much is lost, and said."""
    ended = Ended()
    with silent_peer() as address, capture_logs() as logs:
        attempt = ConnectionAttempt(address, ended.put)
        attempt.send(bytes(MAX_WAITING_BYTES - 1))
        attempt.send(b"22")
        attempt.send(b"1")
        attempt.close()

    assert len(attempt.waiting) == MAX_WAITING_BYTES
    assert attempt.waiting[-1:] == b"1"
    assert [entry["event"] for entry in logs] == ["message lost"]


async def test_an_address_that_leads_nowhere_is_refused_before_anything_waits() -> None:
    """A Contact may name anything, here everybody."""
    ended = Ended()
    with pytest.raises(OSError, match="unreachable"):
        ConnectionAttempt(Address("255.255.255.255", 5060), ended.put)

    assert ended.is_empty


@pytest.mark.parametrize(
    ("home", "seen"),
    [
        ("127.0.0.2", "127.0.0.2"),
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - what a node with several cards listens on
        ("::", "127.0.0.1"),
        ("::1", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
async def test_a_connection_leaves_from_the_address_that_is_ours(home: str, seen: str) -> None:
    """A PBX that knows us by our address sees it; where that is none, the routing table chooses."""
    ended = Ended()
    with socket.create_server(("127.0.0.1", 0)) as server:
        ConnectionAttempt(Address(*server.getsockname()), ended.put, home=home)
        _, sock = await ended.take()
        assert sock is not None
        accepted, (host, port) = server.accept()

    assert (host, port) == (seen, sock.getsockname()[1])
    accepted.close()
    sock.close()


async def test_two_connections_from_one_address_have_ports_of_their_own() -> None:
    """The kernel chooses one that is free there."""
    ended, ports = Ended(), set[int]()
    with socket.create_server(("127.0.0.1", 0)) as server, ExitStack() as stack:
        for _ in range(2):
            ConnectionAttempt(Address(*server.getsockname()), ended.put, home="127.0.0.2")
            _, sock = await ended.take()
            assert sock is not None
            ports.add(stack.enter_context(sock).getsockname()[1])

    assert len(ports) == 2
