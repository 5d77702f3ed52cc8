"""Slow, silent and many peers of a really listening server, and others that get through."""

import asyncio
import errno
import resource
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from structlog.testing import capture_logs

from rokuon.compose.api import http_limits
from rokuon.compose.api.http_limits import MAX_HEADER_BYTES, BoundedProtocol, SparingListener
from tests.support.live_signalling import until

GET = b"GET / HTTP/1.1\r\nHost: rokuon\r\n\r\n"
GET_LARGE = GET.replace(b"/ ", b"/large ", 1)
# More than the buffers of both kernels hold.
LARGE = bytes(32 << 20)
# Another process that connects so often as fast as it can, and keeps what it has.
FLOOD = """
import socket, sys
address, count = ("127.0.0.1", int(sys.argv[1])), int(sys.argv[2])
mine = [socket.socket() for _ in range(count)]
for each in mine:
    each.bind(("127.0.0.2", 0))
    each.setblocking(False)
for each in mine:
    each.connect_ex(address)
print("connected", flush=True)
sys.stdin.read()
"""
# Accepted and not counted yet, or ended and not closed yet: some turns of the loop.
IN_PASSING = 8


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Say a word once the body is there; or something large."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    body = LARGE if scope["path"] == "/large" else b"here"
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[str, int]]:
    """A server on loopback while the block lasts."""
    listener = SparingListener(fileno=socket.create_server(("127.0.0.1", 0)).detach())
    listener.keep_spare()
    server = uvicorn.Server(
        uvicorn.Config(
            answer,  # type: ignore[arg-type]  # as ASGI has it
            http=BoundedProtocol,
            log_config=None,
            lifespan="off",
            h11_max_incomplete_event_size=MAX_HEADER_BYTES,
            timeout_graceful_shutdown=1,
        )
    )
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup(sockets=[listener])
    try:
        yield listener.getsockname()
    finally:
        server.force_exit = True
        await server.shutdown(sockets=[listener])


async def connect(
    address: tuple[str, int], host: str = "127.0.0.1"
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*address, local_addr=(host, 0))


async def is_answered(address: tuple[str, int], host: str = "127.0.0.1") -> bool:
    """Does another peer get through?"""
    reader, writer = await connect(address, host)
    writer.write(GET)
    said = await asyncio.wait_for(reader.readuntil(b"here"), 10)
    writer.close()
    return said.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: ro",
        b"PUT / HTTP/1.1\r\nHost: r\r\nContent-Length: 9\r\n\r\nx",
    ],
    ids=["nothing", "half its headers", "half its body"],
)
async def test_a_request_that_does_not_come_is_not_waited_for(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a first one nor, on a connection that has had its answer, a second."""
    async with serving() as address:
        if not begun:
            monkeypatch.setattr(http_limits, "HEADER_S", 0.0)
        reader, writer = await connect(address)
        if begun:
            writer.write(GET)
            await reader.readuntil(b"here")
            has_headers = b"\r\n\r\n" in begun
            monkeypatch.setattr(http_limits, "HEADER_S", 1000.0 if has_headers else 0.0)
            monkeypatch.setattr(http_limits, "BODY_S", 0.0)
        writer.write(begun)

        assert b"HTTP" not in await asyncio.wait_for(all_of(reader), 10)
        monkeypatch.undo()
        assert await is_answered(address)
        writer.close()


async def all_of(reader: asyncio.StreamReader) -> bytes:
    """What comes until the connection ends, be it by a reset."""
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def test_headers_are_bounded() -> None:
    """However long they go on."""
    async with serving() as address:
        reader, writer = await connect(address)
        writer.write(b"GET / HTTP/1.1\r\nX: " + bytes(b"x" * (2 * MAX_HEADER_BYTES)))

        assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"HTTP/1.1 400")
        writer.close()


async def test_a_listener_that_takes_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it asked for waits in our memory; others are answered meanwhile."""
    monkeypatch.setattr(http_limits, "LISTENER_S", 0.1)
    with capture_logs() as logs:
        async with serving() as address:
            idle = socket.create_connection(address)
            idle.sendall(GET_LARGE)
            assert await is_answered(address)
            await until(lambda: logs)

    assert [each["reason"] for each in logs] == ["listener too slow"]
    assert taken_of(idle) < len(LARGE)


async def test_a_listener_that_takes_enough_gets_everything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However often it is looked at meanwhile."""
    monkeypatch.setattr(http_limits, "LISTENER_S", 0.01)
    monkeypatch.setattr(http_limits, "MIN_TAKEN_BYTES", -len(LARGE))
    async with serving() as address:
        reader, writer = await connect(address)
        writer.write(GET_LARGE)
        await reader.readuntil(b"\r\n\r\n")
        assert (await reader.readexactly(len(LARGE) // 2)).count(0) > 0
        writer.close()


def taken_of(sock: socket.socket) -> int:
    """How many bytes there are until the connection ends."""
    total = 0
    with sock:
        sock.settimeout(10)
        try:
            while data := sock.recv(1 << 20):
                total += len(data)
        except ConnectionResetError:
            pass
    return total


async def test_an_address_with_many_connections_keeps_no_other_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its own idlest gives way; who has one keeps it."""
    monkeypatch.setattr(http_limits, "MAX_CONNECTIONS", 3)
    async with serving() as address:
        kept_reader, kept = await connect(address, "127.0.0.3")
        greedy = [await connect(address, "127.0.0.2") for _ in range(4)]
        assert await asyncio.wait_for(all_of(greedy[0][0]), 30) == b""
        assert await is_answered(address)
        kept.write(GET)
        assert (await kept_reader.readuntil(b"here")).startswith(b"HTTP/1.1 200")
        for _, writer in [*greedy, (None, kept)]:
            writer.close()


@contextmanager
def descriptors(free: int) -> Iterator[None]:
    """So many and no more may be opened by this process while the block lasts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = {int(each.name) for each in Path("/proc/self/fd").iterdir()}
    limit = next(n for n in range(free, soft) if n - len([t for t in taken if t < n]) == free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_hundreds_who_connect_in_the_same_moment_take_no_more_than_all_may() -> None:
    """However many are waiting when the loop looks; nobody of another address loses a connection.

    The kernel is the witness: with that many descriptors and no more, none is turned away.
    """
    with capture_logs() as logs:
        async with serving() as address:
            kept_reader, kept = await connect(address, "127.0.0.3")
            flood = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", FLOOD, str(address[1]), "600"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            assert flood.stdin is not None
            assert flood.stdout is not None
            with descriptors(http_limits.MAX_CONNECTIONS + IN_PASSING):
                assert await flood.stdout.readline() == b"connected\n"
                await until(lambda: len(logs) >= 600 + 1 - http_limits.MAX_CONNECTIONS)
            kept.write(GET)
            assert (await kept_reader.readuntil(b"here")).startswith(b"HTTP/1.1 200")
            flood.stdin.close()
            await flood.wait()
            kept.close()

    assert {each["event"] for each in logs} == {"connection closed"}
    assert {each["peer"] for each in logs} == {"127.0.0.2"}


async def test_an_ipv6_network_is_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has one address of it has them all, and would have the share of each."""
    monkeypatch.setattr(BoundedProtocol, "client", ("2001:db8::1", 1), raising=False)
    one = object.__new__(BoundedProtocol).whose()
    monkeypatch.setattr(BoundedProtocol, "client", ("2001:db8::2", 1), raising=False)
    assert object.__new__(BoundedProtocol).whose() == one


async def test_without_descriptors_who_connects_is_turned_away_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a line, and not with thousands; then others are served again."""
    turned: list[str] = []
    real = socket.socket.accept
    left = [2]

    def exhausted(self: socket.socket) -> tuple[socket.socket, Any]:
        left[0] -= 1
        if left[0] == 1:
            raise OSError(errno.EMFILE, "Too many open files")
        return real(self)

    monkeypatch.setattr(socket.socket, "accept", exhausted)
    monkeypatch.setattr(http_limits.log, "error", lambda event, **_: turned.append(event))
    async with serving() as address:
        reader, writer = await connect(address)
        assert await asyncio.wait_for(all_of(reader), 30) == b""
        assert await is_answered(address)
        writer.close()

    assert turned == ["connection turned away"]
