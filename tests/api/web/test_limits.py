"""Bodies that are too large."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.web.limits import MAX_BODY_BYTES, MAX_POLICY_BYTES
from tests.api.examples import CALL, scene, window
from tests.api.web.pages.browser import browser


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
