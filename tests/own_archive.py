"""An archive asked by the use cases in this process, as the API would: no API needs to run.

Knows nothing of the wire or of the command line.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from api.permissions.accounts import EVERY_VERB, Account, Authority
from api.permissions.actor import Actor
from api.services import Application
from api.web.http.models import FoundView
from archive.access.query import SearchQuery, Window
from archive.access.reach import EVERYWHERE
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.reading.export_forms import ExportForm
from rokuon.cli.calls.call_rows import recording_row
from rokuon.compose.api.application import services
from rokuon.config.schema import Config
from rokuon.machine import clock

UTC = ZoneInfo("UTC")
_T = TypeVar("_T")
EVERYBODY = Actor(
    account=Account(
        tenant=DEFAULT_TENANT,
        name="test",
        kind="service",
        authority=Authority(own=EVERY_VERB, own_reach=EVERYWHERE),
        purpose="technical",
    )
)
Row = dict[str, Any]


@asynccontextmanager
async def application(config: Config) -> Any:
    """The use cases while the block lasts."""
    async with services(config) as needed:
        yield Application.of(needed)


def find_all(config: Config, days: int = 36_500) -> list[Row]:
    """Every recording of so many days, as `rokuon calls find` shows it.

    But for a second of silence at an edge: so long who has much to do may take to hang up.
    """
    now = clock.now()
    window = Window(start_at=now - timedelta(days=days), end_at=now + timedelta(days=1), zone=UTC)

    async def found() -> list[Row]:
        async with application(config) as it:
            page = await it.calls.search(EVERYBODY, SearchQuery(window=window, limit=500))
        shown = (FoundView.found(each, page, UTC).model_dump(mode="json") for each in page.found)
        return [_but_for_edges(recording_row(each, UTC)) for each in shown]

    return _run(found())


def _but_for_edges(row: Row) -> Row:
    flags = row["flags"]
    assert isinstance(flags, list)
    return {**row, "flags": [each for each in flags if each != "silent_edge"]}


def exported(config: Config, recording: str, form: ExportForm = ExportForm.PCAP) -> bytes:
    """A copy of one recording."""

    async def copied() -> bytes:
        async with application(config) as it:
            own = RecordingId.parse(recording)
            copy = await it.exports.export(EVERYBODY, own, form)
            return b"".join(copy.pieces)

    return _run(copied())


def _run(question: Coroutine[Any, Any, _T]) -> _T:
    """In a loop of its own, whether or not this thread has one."""
    with ThreadPoolExecutor(max_workers=1) as threads:
        return threads.submit(asyncio.run, question).result()
