"""Whether it can answer."""

from pathlib import Path

import httpx2
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from api.services import Services
from api.web.app import create_app
from archive.catalog.engine import catalog_url, open_async_engine
from tests.api.examples import SOUND, MemoryNode, MemoryRendering, MemorySource, scene
from tests.api.sign_in_terms import TERMS


async def test_health_needs_no_token_and_tells_nothing(tmp_path: Path) -> None:
    """A load balancer asks; it has no business with data, and the journal none with it."""
    async with scene(tmp_path) as it:
        answer = await it.client.get("/health", headers={"Authorization": ""})

        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "stuck": 0})
        assert it.journal() == []


async def test_without_its_catalog_it_is_not_healthy(tmp_path: Path) -> None:
    """It must be taken out of service, not go on answering."""
    engine = open_async_engine(catalog_url(tmp_path / "catalog.db"))
    event.listen(engine.engine, "begin", _gone)
    source = MemorySource(MemoryRendering(SOUND))
    app = create_app(
        Services(engine=engine, audio=source, clock_us=lambda: 0, node=MemoryNode(), sign_in=TERMS)
    )
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://rokuon") as client:
        answer = await client.get("/api/v1/health")
    await engine.dispose()

    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"


def _gone(_connection: object) -> None:
    raise OperationalError("BEGIN", {}, OSError("the disk is gone"))
