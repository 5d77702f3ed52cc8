"""The use cases of one installation."""

from pathlib import Path

from api.services import Application, Place
from archive.catalog.database.engine import catalog_url, open_async_engine
from tests.api.examples import LIMITS, MemoryNode, MemoryRendering, MemorySource
from tests.api.sign_in_terms import TERMS
from tests.archive.catalog.examples import NOW_US, new_catalog
from tests.support.services import services


async def test_all_use_cases_go_through_the_same_door(tmp_path: Path) -> None:
    """What is decided in one place cannot be decided otherwise in another."""
    new_catalog(tmp_path)
    catalog = open_async_engine(catalog_url(tmp_path / "catalog.db"))
    application = Application.of(
        services(
            engine=catalog,
            audio=MemorySource(MemoryRendering(b"")),
            clock_us=lambda: NOW_US,
            node=MemoryNode(),
            sign_in=TERMS,
            limits=LIMITS,
            place=Place(purposes=frozenset({"quality"})),
        )
    )

    assert application.calls.door is application.live.door
    assert application.calls.door.purposes == {"quality"}
    await catalog.dispose()
