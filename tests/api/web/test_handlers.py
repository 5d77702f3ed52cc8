"""Every refusal of the application as a problem."""

from pathlib import Path

import pytest

from api.web.http.problems import MEDIA_TYPE
from rokuon.messages.i18n import words_in
from tests.api.examples import CALL, OTHERS_CALL, scene, window

PRIVATE = "+81312347788"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("DELETE", f"/calls/{CALL}", 405, "method_not_allowed"),
        ("GET", "/calls/search", 422, "request_invalid"),
    ],
)
async def test_what_the_framework_refuses_is_a_problem_too(
    tmp_path: Path, method: str, path: str, status: int, code: str
) -> None:
    """One shape for all of them (RFC 9457 §3)."""
    async with scene(tmp_path) as it:
        refused = await it.client.request(method, path)

    assert refused.status_code == status
    assert refused.headers["content-type"] == MEDIA_TYPE
    assert refused.json()["status"] == status
    assert refused.json()["code"] == code
    assert ("allow" in refused.headers) == (status == 405)


async def test_a_refusal_does_not_repeat_what_was_sent(tmp_path: Path) -> None:
    """Problems end up in logs and tickets; what was sent may be a customer's number."""
    body = {"window": window(), "clues": [{"kind": "number", "value": [PRIVATE]}]}
    async with scene(tmp_path) as it:
        refused = await it.client.post("/calls/search", json=body)

    assert refused.status_code == 422
    assert PRIVATE not in refused.text


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", f"/calls/{OTHERS_CALL}", {}, 404),
        ("GET", f"/calls/{CALL}", {"Authorization": "Bearer x"}, 401),
        ("GET", f"/calls/{CALL}", {"Rokuon-Purpose": "none-of-ours"}, 403),
        ("GET", f"/calls/{CALL}/audio", {"Range": "bytes=9999-"}, 416),
        ("GET", "/nothing", {}, 404),
        ("GET", "/calls/x", {}, 422),
        ("POST", "/calls/search", {"Content-Length": "9999999"}, 413),
    ],
)
async def test_a_refusal_is_said_in_its_readers_language(
    tmp_path: Path, method: str, path: str, headers: dict[str, str], status: int, language: str
) -> None:
    """What a person shall do next is of no use in a language that it does not read."""
    asked = {"Accept-Language": f"{language}-XX,fr;q=0.9"} | headers
    async with scene(tmp_path, words=words_in) as it:
        content = b" " * 9_999_999 if status == 413 else None
        refused = await it.client.request(method, path, headers=asked, content=content)

    assert (refused.status_code, refused.headers["content-language"]) == (status, language)
    assert refused.json()["detail"].isascii() == (language == "en")
