"""Bodies that are too large."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.web.body_limits import (
    MAX_BODY_BYTES,
    MAX_LARGE_BYTES,
    MAX_POLICY_BYTES,
    MAX_TABLE_BYTES,
    BodyLimit,
)
from tests.api.examples import CALL, scene, window
from tests.api.web.pages.browser import browser

CHUNK_BYTES = 1 << 20
# As much of an application as a refusal is said with.
APP = SimpleNamespace(
    state=SimpleNamespace(application=SimpleNamespace(words=lambda _language, text: text))
)


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
async def test_one_byte_past_the_limit_is_refused(tmp_path: Path, extra: int, status: int) -> None:
    """Whoever has no token may send a body too; it must not fill the memory."""
    async with scene(tmp_path) as it:
        body = it.client.build_request("POST", "/calls/search", json={"window": window()}).content
        padded = body + b" " * (MAX_BODY_BYTES + extra - len(body))
        answer = await it.client.post(
            "/calls/search", content=padded, headers={"Content-Type": "application/json"}
        )

    assert answer.status_code == status


async def test_a_body_that_does_not_say_its_length_is_counted(tmp_path: Path) -> None:
    """Chunked requests have no Content-Length."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1024 + 1):
            yield bytes(1024)

    async with scene(tmp_path) as it:
        answer = await it.client.post("/calls/search", content=endless())

    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"


async def test_a_policy_may_be_as_long_as_one_is_read(tmp_path: Path) -> None:
    """A thousand rules are more than a question; still nobody fills the memory with one."""
    async with scene(tmp_path) as it:
        for method, path in (
            ("PUT", "/policies"),
            ("POST", "/policies/check"),
            ("POST", "/simulations"),
        ):
            answers = [
                (await it.client.request(method, path, json={"text": "#" * size})).status_code
                for size in (MAX_BODY_BYTES, MAX_POLICY_BYTES)
            ]
            assert answers == [403, 413]


async def test_a_form_that_is_too_large_is_answered_with_a_page(tmp_path: Path) -> None:
    """Who pastes a book into a note is a person, and reads no JSON."""
    async with browser(tmp_path) as page:
        answer = await page.send(f"/calls/{CALL}/notes", {"note": "x" * (MAX_BODY_BYTES + 1)})

    assert answer.status_code == 413
    assert "<h1>Too much at once</h1>" in answer.text


class Sending:
    """One who sends a body to a limit, as a server hands it over; counts what was taken of it."""

    def __init__(
        self,
        chunks: int,
        *,
        length: int | None = None,
        path: str = "/api/v1/agents",
        size: int = CHUNK_BYTES,
    ) -> None:
        self.taken, self.status, self._chunks, self._size = 0, 0, chunks, size
        headers = [] if length is None else [(b"content-length", str(length).encode())]
        self.scope: Scope = {
            "type": "http", "method": "PUT", "path": path, "headers": headers,
            "query_string": b"", "app": APP,
        }  # fmt: skip

    async def receive(self) -> Message:
        self.taken += 1
        more = self.taken < self._chunks
        return {"type": "http.request", "body": bytes(self._size), "more_body": more}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]

    async def to(self, limit: BodyLimit) -> int:
        await limit(self.scope, self.receive, self.send)
        return self.status


class Table:
    """A route that deals with each expected table until it is told to end."""

    def __init__(self, expected: int) -> None:
        self.end, self.all_in, self._expected = asyncio.Event(), asyncio.Event(), expected

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["path"].endswith("/agents") and self._expected:
            self._expected -= 1
            if self._expected == 0:
                self.all_in.set()
            await self.end.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})


async def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    """Nobody waits for 4 GB to say no."""
    sending = Sending(chunks=3, length=MAX_TABLE_BYTES + 1)

    assert await sending.to(BodyLimit(Table(0))) == 413
    assert sending.taken == 0


async def test_large_bodies_of_all_share_what_memory_there_is() -> None:
    """Each is within its own limit; questions are taken all the same, and who comes later is."""
    fit, table = MAX_LARGE_BYTES // MAX_TABLE_BYTES, MAX_TABLE_BYTES // CHUNK_BYTES
    route = Table(fit)
    limit = BodyLimit(route)
    async with asyncio.TaskGroup() as group:
        others = [group.create_task(Sending(table).to(limit), name="other") for _ in range(fit)]
        await route.all_in.wait()
        one_more = await Sending(table).to(limit)
        question = await Sending(1, path="/api/v1/calls/search", size=MAX_BODY_BYTES).to(limit)
        route.end.set()

    assert (one_more, question) == (503, 200)
    assert {each.result() for each in others} == {200}
    assert await Sending(table).to(limit) == 200
