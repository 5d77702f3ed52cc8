"""Who may come in."""

from pathlib import Path

import pytest

from api.web.access import MAX_PURPOSE_LENGTH
from tests.api.examples import CALL, EVERYTHING, OTHERS_CALL, scene, window

CLOSED = [
    ("POST", "/calls/search"),
    ("GET", f"/calls/{CALL}"),
    ("GET", f"/calls/{CALL}/audio"),
    ("HEAD", f"/calls/{CALL}/audio"),
    ("GET", f"/recordings/{CALL}"),
    ("GET", f"/recordings/{CALL}/audio"),
    ("HEAD", f"/recordings/{CALL}/audio"),
    ("GET", f"/recordings/{CALL}/peaks"),
    ("GET", f"/recordings/{CALL}/parts"),
    ("GET", f"/recordings/{OTHERS_CALL}"),
]


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer rokuon_x", "Basic eDp5", "rokuon_x"]
)
async def test_without_a_valid_token_there_is_no_answer(
    tmp_path: Path, method: str, path: str, authorization: str
) -> None:
    """Denied by default, before it is known whether there is such a call."""
    async with scene(tmp_path) as it:
        answer = await it.client.request(
            method,
            path,
            headers={"Authorization": authorization},
            json={"window": window()} if method == "POST" else None,
        )

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert it.journal() == []


async def test_an_expired_token_opens_nothing(tmp_path: Path) -> None:
    """The clock is the server's, the expiry the token's."""
    async with scene(tmp_path) as it:
        expired = it.token(*EVERYTHING, lifetime_us=0)
        answer = await it.client.get(f"/calls/{CALL}", headers=expired)

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"


async def test_a_purpose_is_kept_and_bounded(tmp_path: Path) -> None:
    """The journal keeps it for ever, so it has a length."""
    async with scene(tmp_path) as it:
        long = {"Rokuon-Purpose": "x" * (MAX_PURPOSE_LENGTH + 1)}
        refused = await it.client.get(f"/calls/{CALL}", headers=long)
        fits = {"Rokuon-Purpose": "matter:" + "x" * 64}
        taken = await it.client.get(f"/calls/{CALL}", headers=fits)

        assert (refused.status_code, taken.status_code) == (422, 200)
        assert [entry.reason for entry in it.journal()] == [fits["Rokuon-Purpose"]]
