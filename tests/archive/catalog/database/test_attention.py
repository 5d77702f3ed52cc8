"""Whether anybody waits for an answer of the catalog."""

import asyncio
from itertools import chain, repeat
from pathlib import Path
from threading import Event

from archive.catalog.database.attention import Attention
from archive.catalog.database.engine import AsyncEngine, catalog_url, open_async_engine, run


async def test_who_asks_has_it_until_he_is_answered(tmp_path: Path) -> None:
    """Also while his question waits in a thread; and for a moment behind it, for the next one."""
    times_s = chain([0.0, 0.01], repeat(1.0))
    opened = open_async_engine(catalog_url(tmp_path / "catalog.db"))
    catalog = AsyncEngine(opened.engine, opened.threads, Attention(lambda: next(times_s)))
    answered = Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(run(catalog, lambda _: answered.wait(20)))
        await asyncio.sleep(0)
        assert catalog.attention.is_paid()
        answered.set()

    assert catalog.attention.is_paid()
    assert not catalog.attention.is_paid()
    await catalog.dispose()


def test_nobody_has_asked_yet() -> None:
    """Who has time goes on."""
    assert not Attention().is_paid()
