"""Whether it can answer."""

from pathlib import Path

import httpx2
from sqlalchemy.ext.asyncio import create_async_engine

from api.web.app import Services, create_app
from tests.api.examples import SOUND, MemoryRendering, MemorySource, scene


async def test_health_needs_no_token_and_tells_nothing(tmp_path: Path) -> None:
    """A load balancer asks; it has no business with data, and the journal none with it."""
    async with scene(tmp_path) as it:
        answer = await it.client.get("/health", headers={"Authorization": ""})

        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert it.journal() == []


async def test_without_its_catalog_it_is_not_healthy(tmp_path: Path) -> None:
    """It must be taken out of service, not go on answering."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/missing/catalog.db")
    source = MemorySource(MemoryRendering(SOUND))
    app = create_app(Services(engine=engine, audio=source, clock_us=lambda: 0))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://rokuon") as client:
        answer = await client.get("/api/v1/health")

    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
