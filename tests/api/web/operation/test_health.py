"""Whether it can answer."""

import socket
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, TimeoutError as DatabaseHung

from api.health.seen import KeysSeen, Seen
from api.web.app import create_app
from archive.catalog.database.engine import AsyncEngine, catalog_url, open_async_engine
from archive.disk.room import DiskState
from archive.keeper.state_file import KeeperState
from tests.api.examples import LIMITS, SOUND, MemoryNode, MemoryRendering, MemorySource, scene
from tests.api.sign_in_terms import TERMS
from tests.support.services import services


async def test_health_needs_no_token_and_tells_nothing(tmp_path: Path) -> None:
    """A load balancer asks; it has no business with data, and the journal none with it."""
    async with scene(tmp_path) as it:
        answer = await it.client.get("/health", headers={"Authorization": ""})

        assert (answer.status_code, answer.json()["status"]) == (200, "not_well")
        assert it.journal() == []


SINCE = "1970-01-01T00:00:00.000009Z"
FULL = Seen(
    at_us=9,
    keeper=KeeperState(
        at_us=9, counts={"disk_failed": 15}, disks=(DiskState(name="archive", refuses="ENOSPC"),)
    ),
    keys=KeysSeen(since_us=9, epoch_us=9, set_us=9),
)


async def test_what_is_not_well_is_told_to_whoever_asks(tmp_path: Path) -> None:
    """A disk is of no call and no person; a full archive was green for hours. Who balances load
    goes on sending requests all the same: another API would have the same archive.
    """
    async with scene(tmp_path, look=lambda: FULL) as it:
        told = await it.client.get("/health", headers={"Authorization": ""})

        assert told.status_code == 200
        assert told.json() == {
            "status": "not_well",
            "stuck": 15,
            "alarms": [
                {"alarm": "parts_stuck", "about": "", "since": SINCE},
                {"alarm": "disk_refuses", "about": "archive", "since": SINCE},
            ],
        }


@pytest.mark.parametrize(
    "failed",
    [
        OperationalError("BEGIN", {}, OSError("the disk is gone")),
        DatabaseHung("no answer within 20 s"),
    ],
)
async def test_without_its_catalog_it_is_alive_and_not_ready(
    tmp_path: Path, failed: Exception
) -> None:
    """It must be taken out of service, not go on answering; to start it anew would mend nothing."""

    def gone(_connection: object) -> None:
        raise failed

    engine = open_async_engine(catalog_url(tmp_path / "catalog.db"))
    event.listen(engine.engine, "begin", gone)
    app = served(engine)
    answers = [await asked(app, path) for path in ("health", "health/ready", "health/live")]
    await engine.dispose()

    assert [each.status_code for each in answers] == [503, 503, 200]
    assert [each.json().get("code") for each in answers] == [None, "unavailable", None]
    assert answers[0].json()["status"] == "unavailable"
    silent = {"alarm": "keeper_silent", "about": "", "since": None}
    assert silent in answers[0].json()["alarms"]


@pytest.mark.parametrize("path", ["health", "calls/search"])
async def test_a_server_that_hangs_keeps_no_request_for_ever(path: str) -> None:
    """It takes the connection and says nothing, as one does whose disk has gone."""
    pytest.importorskip("psycopg", reason="the driver comes with the extra `postgresql`")
    with socket.create_server(("127.0.0.1", 0)) as hung:
        url = f"postgresql+psycopg://rokuon@127.0.0.1:{hung.getsockname()[1]}/x?connect_timeout=1"
        engine = open_async_engine(url)
        answer = await asked(served(engine), path)
        await engine.dispose()

    assert answer.status_code == 503


def served(engine: AsyncEngine) -> FastAPI:
    """The API over this catalog."""
    source = MemorySource(MemoryRendering(SOUND))
    return create_app(
        services(
            engine=engine,
            audio=source,
            clock_us=lambda: 0,
            node=MemoryNode(),
            sign_in=TERMS,
            limits=LIMITS,
        )
    )


async def asked(app: FastAPI, path: str = "health") -> httpx2.Response:
    """What it answers to who has any token."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://rokuon") as client:
        if path.startswith("health"):
            return await client.get(f"/api/v1/{path}")
        window = {"from": "2026-10-29T00:00:00Z", "to": "2026-10-30T00:00:00Z", "zone": "UTC"}
        headers = {"Authorization": "Bearer " + "0" * 64}
        return await client.post(f"/api/v1/{path}", json={"window": window}, headers=headers)
