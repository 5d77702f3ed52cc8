"""Figures on a page for a monitoring system, answered on the loop: Prometheus' text over HTTP.

Takes no thread for who asks, and makes its text at most once a second, however often it is asked.
Knows nothing of what is measured.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

# A monitoring system has one connection or two; of one address no more than so many.
MAX_CONNECTIONS: Final = 16
MAX_OF_ADDRESS: Final = 4
MAX_REQUEST_BYTES: Final = 8_192
# For the whole of a request and its answer.
REQUEST_S: Final = 5.0
KEPT_S: Final = 1.0
_METHODS: Final = {b"GET": True, b"HEAD": False}

log = structlog.get_logger("metrics")


@dataclass(slots=True)
class MetricsPage:
    """What is shown of a registry, who is being answered, and the text of the last second."""

    registry: CollectorRegistry
    _asking: Counter[str] = field(default_factory=Counter)
    _text: bytes = b""
    _made_s: float = float("-inf")

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close; who is slow, or one too many, is cut off."""
        peer = writer.get_extra_info("peername")
        address = peer[0] if peer else ""
        if self._asking[address] >= MAX_OF_ADDRESS or self._asking.total() >= MAX_CONNECTIONS:
            writer.transport.abort()
            return
        self._asking[address] += 1
        try:
            async with asyncio.timeout(REQUEST_S):
                writer.write(self._answer_to(await reader.readuntil(b"\r\n\r\n")))
                writer.close()
                await writer.wait_closed()
        except (TimeoutError, EOFError, OSError, asyncio.LimitOverrunError):
            writer.transport.abort()
        finally:
            self._asking[address] -= 1
            self._asking += Counter()  # forgets who asks no more

    def _answer_to(self, request: bytes) -> bytes:
        has_body = _METHODS.get(request.partition(b" ")[0])
        if has_body is None:
            return _head(HTTPStatus.METHOD_NOT_ALLOWED, b"", b"Allow: GET, HEAD\r\n")
        text = self._now()
        return _head(HTTPStatus.OK, text) + (text if has_body else b"")

    def _now(self) -> bytes:
        """The text; all that it tells is in memory."""
        now_s = asyncio.get_running_loop().time()
        if now_s - self._made_s >= KEPT_S:
            self._text, self._made_s = generate_latest(self.registry), now_s
        return self._text


def _head(status: HTTPStatus, body: bytes, more: bytes = b"") -> bytes:
    kind = f"Content-Type: {CONTENT_TYPE_LATEST}\r\nContent-Length: {len(body)}\r\n"
    first = f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
    return (first + kind).encode() + more + b"\r\n"


@asynccontextmanager
async def metrics_page(
    registry: CollectorRegistry, address: str, port: int
) -> AsyncIterator[asyncio.Server | None]:
    """Serve the page while the block lasts; port 0: nowhere.

    A port that is taken is no reason to do nothing else: it is said, and the block goes on.
    """
    server: asyncio.Server | None = None
    if port:
        page = MetricsPage(registry)
        try:
            server = await asyncio.start_server(page.answer, address, port, limit=MAX_REQUEST_BYTES)
        except OSError as error:
            log.error("metrics are not served", port=port, reason=error.strerror)
    try:
        yield server
    finally:
        if server is not None:
            server.close()
