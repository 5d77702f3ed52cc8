"""Who may come in."""

from pathlib import Path

import httpx2
import pytest

from api.access.rate_buckets import FAILURES
from api.permissions.peers import Peer
from api.permissions.verbs import Verb
from api.web.http.requester import MAX_PURPOSE_LENGTH
from archive.catalog.database.engine import reading
from tests.api.examples import CALL, EACH_TOKEN, EVERYTHING, OTHERS_CALL, scene, window
from tests.archive.catalog.examples import (
    NOW_US,
    adopt,
    adoption,
    inbound,
    recording_id,
    service_token,
)
from tests.support.catalog.reach import routed
from tests.told import all_told

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


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
async def test_a_reason_is_written_down_as_it_was_meant(tmp_path: Path, encoding: str) -> None:
    """What a header holds is Latin-1 by the book; people who have other letters send UTF-8."""
    reason = "Gefahr für Leib und Leben" + ("：人命にかかわる" if encoding == "utf-8" else "")
    async with scene(tmp_path) as it:
        adopt(it.engine, adoption(3, (*inbound(), routed("support", "quality"))))
        raw = [(b"Rokuon-Purpose", b"training"), (b"Rokuon-Break-Glass", reason.encode(encoding))]
        token = it.token(*EVERYTHING, Verb.BREAK_GLASS)
        it.client.headers = httpx2.Headers(token)
        answer = await it.client.get(f"/calls/{recording_id(3)}", headers=raw)
        with reading(it.engine) as connection:
            told = [each.entry for each in all_told(connection)]

    assert answer.status_code == 200
    assert [each.detail["why"] for each in told if each.action == "broke_glass"] == [reason]


@pytest.mark.parametrize("sent", ["a\u0085b".encode(), b"a\tb", "録" * 201])
async def test_a_reason_with_signs_that_steer_or_too_long_is_refused(
    tmp_path: Path, sent: bytes | str
) -> None:
    """Also those that only UTF-8 has."""
    raw = sent.encode() if isinstance(sent, str) else sent
    async with scene(tmp_path) as it:
        refused = await it.client.get(f"/calls/{CALL}", headers=[(b"Rokuon-Purpose", raw)])

    assert refused.status_code == 422


async def test_a_token_that_asks_too_often_hears_when_to_come_again(tmp_path: Path) -> None:
    """A client that runs wild slows itself alone; after the wait it is served."""
    now_us = NOW_US

    async with scene(tmp_path, clock_us=lambda: now_us) as it:
        answers = [await it.client.get("/agents") for _ in range(EACH_TOKEN.burst + 1)]
        refused = answers.pop()
        made = service_token(it.engine, "other", {Verb.AGENTS_READ, Verb.CASE})
        headers = {"Authorization": f"Bearer {made.secret}"}
        other = await it.client.get("/agents", headers=headers)
        now_us += int(refused.headers["retry-after"]) * 1_000_000
        again = await it.client.get("/agents")

    assert {each.status_code for each in answers} == {200}
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert (other.status_code, again.status_code) == (200, 200)


async def test_who_guesses_tokens_is_soon_told_to_wait(tmp_path: Path) -> None:
    """A good one beside it, which nobody has used since the start, is served."""
    async with scene(tmp_path) as it:
        wrong = {"Authorization": "Bearer rokuon_x"}
        guesses = [await it.client.get("/agents", headers=wrong) for _ in range(25)]
        right = await it.client.get("/agents")

    said = [each.status_code for each in guesses]
    assert said == [401] * FAILURES.burst + [429] * (25 - FAILURES.burst)
    assert guesses[-1].headers["retry-after"] == "10"
    assert right.status_code == 200


async def test_who_asks_at_the_socket_is_limited_too(tmp_path: Path) -> None:
    """Root that nobody mapped may see nobody, and soon not ask for it either."""
    async with scene(tmp_path, peer=Peer(0, "root")) as it:
        del it.client.headers["Authorization"]
        said = [
            (await it.client.get("/users")).status_code for _ in range(2 * EACH_TOKEN.burst + 1)
        ]

    assert said == [403] * (2 * EACH_TOKEN.burst) + [429]
