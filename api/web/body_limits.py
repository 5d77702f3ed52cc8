"""Refuses bodies that are larger than any question, before they are read.

Knows nothing of what the bodies say or of who sends them.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.handlers import sent
from api.web.http.problems import Problem
from api.web.refusals.refusal_kind import RefusalKind
from api.web.refusals.table import TOO_LARGE
from api.words.texts import said

# A search with eight clues is under 4 KiB.
MAX_BODY_BYTES: Final = 64 * 1024
# A hundred thousand agents.
MAX_TABLE_BYTES: Final = 16 * 1024 * 1024
# A policy as long as one may be, in JSON, where each of its ends of lines is two bytes.
MAX_POLICY_BYTES: Final = 2 * 1024 * 1024
# A list of 25,000 ids.
MAX_HOLD_BYTES: Final = 1024 * 1024
# Of all bodies that are larger than a question, beyond that: four tables at the same moment.
MAX_LARGE_BYTES: Final = 64 * 1024 * 1024
# Of a length that a server passes on; a longer one is counted as it comes.
_MAX_DIGITS: Final = 18
_LARGER: Final = {
    ("POST", "/holds"): MAX_HOLD_BYTES,
    ("PUT", "/agents"): MAX_TABLE_BYTES,
    ("PUT", "/retention-events"): MAX_TABLE_BYTES,
    ("PUT", "/policies"): MAX_POLICY_BYTES,
    ("POST", "/policy-draft"): MAX_POLICY_BYTES,
    ("POST", "/policy-draft/check"): MAX_POLICY_BYTES,
    ("POST", "/policy-draft/simulate"): MAX_POLICY_BYTES,
    ("POST", "/policies/check"): MAX_POLICY_BYTES,
    ("POST", "/simulations"): MAX_POLICY_BYTES,
}


_TOO_MUCH_AT_ONCE: Final = RefusalKind(
    503,
    "unavailable",
    said("Too much is being sent at the same moment; send it again in a few seconds."),
    {"Retry-After": "5"},
)


class BodyLimit:
    """ASGI middleware: 413 for a body that says it is too large, or turns out to be.

    Of bodies larger than a question only so much is in memory at a time, of everybody's together:
    503 beyond, for whoever has no token may send one, too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._large_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole body in hand, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(limit_of(scope))
        try:
            problem = await self._take(body, _declared_bytes(scope), receive)
            if problem is None:
                await self._app(scope, _Replay(bytes(body.content), receive), send)
            else:
                await sent(Request(scope), problem)(scope, receive, send)
        finally:
            self._large_bytes -= body.large_bytes

    async def _take(self, body: "_Body", declared: int, receive: Receive) -> Problem | None:
        """Read a body to its end; why it is not taken."""
        if declared > body.most:
            return body.too_large()
        async for chunk in _chunks(receive):
            body.content += chunk
            if len(body.content) > body.most:
                return body.too_large()
            more = max(0, len(body.content) - MAX_BODY_BYTES) - body.large_bytes
            if self._large_bytes + more > MAX_LARGE_BYTES:
                return _TOO_MUCH_AT_ONCE.problem()
            self._large_bytes += more
            body.large_bytes += more
        return None


@dataclass(slots=True)
class _Body:
    """A body on its way: at most so many bytes, and how many of them count as large."""

    most: int
    content: bytearray = field(default_factory=bytearray)
    large_bytes: int = 0

    def too_large(self) -> Problem:
        """It has more bytes than it may."""
        return TOO_LARGE.problem({"most": str(self.most)})


class _Replay:
    """Hands out a body that was read, then whatever comes after it."""

    def __init__(self, body: bytes, after: Receive) -> None:
        self._message: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._after = after

    async def __call__(self) -> Message:
        message, self._message = self._message, None
        return message if message is not None else await self._after()


def limit_of(scope: Scope) -> int:
    """How many bytes the body of a request may have."""
    method, path = scope["method"], str(scope["path"])
    larger = (most for (own, end), most in _LARGER.items() if own == method and path.endswith(end))
    return next(larger, MAX_BODY_BYTES)


def _declared_bytes(scope: Scope) -> int:
    """What Content-Length says; 0 where nothing does that can be read: it is counted then."""
    said = Headers(scope=scope).get("content-length", "")
    return int(said) if said.isdecimal() and len(said) <= _MAX_DIGITS else 0


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    """The body as it comes; a client that leaves has sent nothing more."""
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return
        yield message.get("body", b"")
        more = message.get("more_body", False)
