"""Metrics as Prometheus fetches them, beside those who only want to keep it from them."""

import asyncio
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import Metric
from prometheus_client.registry import Collector
from structlog.testing import capture_logs

from capture.status import metrics_page as page
from capture.status.metrics_page import MAX_OF_ADDRESS, MAX_REQUEST_BYTES

GREEDY = "127.0.0.2"


def registry() -> CollectorRegistry:
    found = CollectorRegistry()
    Counter("seen", "Things that were seen", registry=found).inc(7)
    return found


def port_of(server: asyncio.Server | None) -> int:
    assert server is not None
    port: int = server.sockets[0].getsockname()[1]
    return port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


async def fetched(port: int, method: str = "GET") -> tuple[int, str]:
    """What a client that nobody here wrote gets."""

    def fetch() -> tuple[int, str]:
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", method=method)
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310  # it is ours
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, ""

    return await asyncio.to_thread(fetch)


async def test_metrics_are_served_over_http() -> None:
    """Other methods are refused, and HEAD has no text."""
    async with page.metrics_page(registry(), "127.0.0.1", free_port()) as server:
        port = port_of(server)
        status, text = await fetched(port)

        assert status == HTTPStatus.OK
        assert "seen_total 7.0" in text.splitlines()
        assert await fetched(port, "HEAD") == (HTTPStatus.OK, "")
        assert await fetched(port, "POST") == (HTTPStatus.METHOD_NOT_ALLOWED, "")


async def test_who_only_connects_takes_no_thread_and_keeps_nobody_from_asking() -> None:
    """Each connection had a thread of the process that answers calls, for as long as it stood."""
    threads = threading.active_count()
    async with page.metrics_page(registry(), "127.0.0.1", free_port()) as server:
        port = port_of(server)
        idle = [
            await asyncio.open_connection("127.0.0.1", port, local_addr=(GREEDY, 0))
            for _ in range(3 * page.MAX_CONNECTIONS)
        ]
        left = [await _is_cut(reader) for reader, _ in idle[MAX_OF_ADDRESS:]]

        assert all(left), "no more than its share is kept"
        assert threading.active_count() == threads
        assert (await fetched(port))[0] == HTTPStatus.OK
        for _, writer in idle:
            writer.transport.abort()


async def _is_cut(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize("said", [b"GET /metrics HTTP/1.1\r\n", b"G" * (2 * MAX_REQUEST_BYTES)])
async def test_who_does_not_come_to_an_end_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    """A request that is never finished, or has no bounds; the next one is answered."""
    monkeypatch.setattr(page, "REQUEST_S", 0.2)
    async with page.metrics_page(registry(), "127.0.0.1", free_port()) as server:
        port = port_of(server)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)

        assert await _is_cut(reader)
        writer.transport.abort()
        assert (await fetched(port))[0] == HTTPStatus.OK


async def test_the_text_is_made_once_a_second_however_often_it_is_asked() -> None:
    """Who asks in a loop must not keep signalling from its calls."""
    made = []

    class Counted(Collector):
        def collect(self) -> Iterator[Metric]:
            made.append(None)
            yield from ()

    counted = CollectorRegistry()
    counted.register(Counted())
    made.clear()
    async with page.metrics_page(counted, "127.0.0.1", free_port()) as server:
        port = port_of(server)
        answers = await asyncio.gather(*(fetched(port) for _ in range(MAX_OF_ADDRESS)))

    assert answers == [(HTTPStatus.OK, "")] * MAX_OF_ADDRESS
    assert len(made) == 1


async def test_a_port_that_is_taken_is_said_and_the_block_goes_on() -> None:
    """Metrics are no reason to take no calls."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with capture_logs() as logs:
            async with page.metrics_page(registry(), "127.0.0.1", port) as server:
                assert server is None

    assert [line["event"] for line in logs] == ["metrics are not served"]
