"""Refuses bodies that are larger than any question, before they are read.

Knows nothing of what the bodies say or of who sends them.
"""

from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.handlers import sent
from api.web.refusals import TOO_LARGE

# A search with eight clues is under 4 KiB.
MAX_BODY_BYTES: Final = 64 * 1024
# A hundred thousand agents.
MAX_TABLE_BYTES: Final = 16 * 1024 * 1024
# A policy as long as one may be, in JSON, where each of its ends of lines is two bytes.
MAX_POLICY_BYTES: Final = 2 * 1024 * 1024
# A list of 25,000 ids.
MAX_HOLD_BYTES: Final = 1024 * 1024
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


class BodyLimit:
    """ASGI middleware: 413 for a body that says it is too large, or turns out to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its whole body in hand, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = limit_of(scope)
        body = await _read(receive, most)
        if body is None:
            await _refuse(scope, receive, send, most)
            return
        await self._app(scope, _Replay(body, receive), send)


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


async def _read(receive: Receive, most: int) -> bytes | None:
    """The body, or None once it is larger than allowed; a client that leaves has sent nothing."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            return None
    return bytes(body)


async def _refuse(scope: Scope, receive: Receive, send: Send, most: int) -> None:
    problem = TOO_LARGE.problem({"most": str(most)})
    await sent(Request(scope), problem)(scope, receive, send)
