"""An installation that runs, and those who watch it: `/health`, `/metrics`, `doctor`, the log.

A keeper, a key daemon and an API in this process, over real folders; only time is moved.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from api.health import board
from archive.keeper import reporter
from archive.keys.daemon import disk_watch
from capture.status import metrics_page
from rokuon.compose.api.server import run_api
from rokuon.compose.start.foreground_part import part_main
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.doctor.examine import examine
from rokuon.doctor.gather import gather
from rokuon.machine import clock
from rokuon.messages.check_result import Severity
from tests.rokuon.installation import Installation, installation
from tests.support.compose.api import free_port, get

Alarm = tuple[str, str]
Step = Callable[["Watched"], Awaitable[None]]
MINUTE_S = 60
HOUR_S = 3_600
# The files of the certificate of each door.
DOORS: Final = {"sip": "node", "http": "api"}


@dataclass
class MovedClock:
    """The machine's, ahead by some seconds."""

    ahead_s: int = 0
    real: Callable[[], int] = clock.now_us

    def now_us(self) -> int:
        """µs since 1970 UTC."""
        return self.real() + self.ahead_s * 1_000_000


@dataclass
class Watched:
    """An installation that runs, and those who watch it."""

    site: Installation
    config: Config
    clock: MovedClock
    logs: list[Any]
    group: asyncio.TaskGroup
    keys: ExitStack = field(default_factory=ExitStack)
    keeping: tuple[asyncio.Event, asyncio.Task[None]] | None = None

    async def health(self) -> set[Alarm]:
        """What `/health` names."""
        transport = httpx2.AsyncHTTPTransport(uds=str(self.config.http.socket))
        async with httpx2.AsyncClient(transport=transport, base_url="http://local") as client:
            body = (await client.get("/api/v1/health", timeout=60)).content
        told = msgspec.json.decode(body)["alarms"]
        return {(each["alarm"], each["about"]) for each in told}

    async def metrics(self) -> set[Alarm]:
        """What rings at `/metrics`."""
        _, text = await get(self.config.metrics.api_port, "/metrics", "")
        return {
            (sample.labels["alarm"], sample.labels["about"])
            for family in text_string_to_metric_families(text.decode())
            if family.name == "rokuon_alarm"
            for sample in family.samples
            if sample.value
        }

    async def doctor(self) -> set[str]:
        """The checks that find something."""
        found = await asyncio.to_thread(lambda: examine(gather(self.config)))
        return {each.check for each in found if each.severity is not Severity.OK}

    def logged(self, event: str) -> list[Alarm]:
        """The alarms of all lines of this event."""
        return [(each["alarm"], each["about"]) for each in self.logs if each["event"] == event]

    async def until(self, *alarms: Alarm, ring: bool) -> None:
        """All of them ring, or none does."""
        wanted = set(alarms)
        while len(wanted & await self.health()) != (len(wanted) if ring else 0):
            await asyncio.to_thread(self.config.keeper_file.exists)

    async def start_keeper(self) -> None:
        """From now on it tells."""
        stop, ready = asyncio.Event(), asyncio.Event()
        running = self.group.create_task(part_main("keeper")(self.config, stop, ready.set))
        self.keeping = stop, running
        await ready.wait()

    async def stop_keeper(self) -> None:
        """From now on it tells nothing."""
        assert self.keeping is not None
        stop, running = self.keeping
        stop.set()
        await running


@asynccontextmanager
async def watched(
    monkeypatch: pytest.MonkeyPatch, more: str = "", catalog: str = ""
) -> AsyncIterator[Watched]:
    """Everything up, and looked at anew by every question.

    `more`: where its data lies; `catalog`: the database of its server.
    """
    monkeypatch.setattr(board, "KEPT_S", 0.0)
    monkeypatch.setattr(metrics_page, "KEPT_S", 0.0)
    monkeypatch.setattr(reporter, "PERIOD_S", 0.05)
    monkeypatch.setattr(disk_watch, "PERIOD_S", 0.05)
    moved = MovedClock()
    monkeypatch.setattr(clock, "now_us", moved.now_us)
    server = f'[catalog]\nurl = "{catalog}"\n' if catalog else ""
    with installation(f"{server}[keys]\nturn_every_h = 0\n{more}") as site, capture_logs() as logs:
        http, page = free_port(), free_port()
        config = parse(
            f'{server}[http]\nport = {http}\nsocket = "{site.folder}/own.sock"\n'
            f'certificate = "{site.folder}/api.pem"\nkey = "{site.folder}/api.key"\n'
            f"[metrics]\napi_port = {page}\n[keys]\nturn_every_h = 0\n"
            f'[sip]\ncertificate = "{site.folder}/node.pem"\nkey = "{site.folder}/node.key"\n'
            f'[node]\ndata = "{site.config.node.data}"',
            name="-",
            base=site.folder,
        )
        stop, ready = asyncio.Event(), asyncio.Event()
        async with asyncio.timeout(240), asyncio.TaskGroup() as group:
            it = Watched(site, config, moved, logs, group)
            for door in DOORS:
                await certify(it, 30, door)
            site.put_call()
            await it.start_keeper()
            group.create_task(run_api(config, stop, ready.set))
            await ready.wait()
            with it.keys:
                yield it
            await it.stop_keeper()
            stop.set()


async def certify(it: Watched, days: int, door: str) -> None:
    """A certificate of this door that is valid for so many days."""
    name = f"{it.site.folder}/{DOORS[door]}"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", str(days), "-subj", "/CN=rokuon.example"]
    command += ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)


@dataclass(frozen=True)
class Row:
    """What is done, which alarms ring by it, which checks find it, and what mends it."""

    cause: Step
    alarms: tuple[Alarm, ...]
    checks: set[str]
    mend: Step


async def tried(it: Watched, row: Row) -> None:
    """The alarms are nowhere before the cause and after the mend, and everywhere between."""
    alarms = set(row.alarms)
    assert not alarms & await it.health(), row
    begun, ended = len(it.logged("not well")), len(it.logged("well again"))

    await row.cause(it)
    await it.until(*row.alarms, ring=True)
    assert alarms <= await it.metrics(), row
    assert row.checks <= await it.doctor(), row
    assert alarms <= set(it.logged("not well")[begun:]), row

    await row.mend(it)
    await it.until(*row.alarms, ring=False)
    assert not alarms & await it.metrics(), row
    assert not row.checks & await it.doctor(), row
    assert alarms <= set(it.logged("well again")[ended:]), row
