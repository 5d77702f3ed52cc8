"""What a running Rokuon says at its pages of metrics: names and labels as Prometheus reads them."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from api.destruction.figures import RetentionFigures
from api.destruction.gauges import RetentionGauges
from archive.call.live import LiveCalls
from archive.disk.files import LocalDisk
from archive.disk.room import DiskState, RoomSample
from archive.keeper.state_file import KeeperState, StateFile, read_state
from capture.status.metrics import Figures, Metrics, WorkerFigures
from retention.decisions.due import Waiting
from rokuon.compose.api.server import run_api
from rokuon.compose.processes.sockets import status_socket
from rokuon.compose.start.foreground_part import part_main
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.machine import clock
from tests.capture.endpoints.papers import Authority
from tests.rokuon.installation import installation
from tests.support.cli.node import signalling
from tests.support.compose.api import free_port, get

DAY_US = 86_400_000_000
DISKS = ("spool", "archive", "catalog", "pages")


def had_room_yesterday(config: Config, free_bytes: int = 1 << 50) -> None:
    """The keeper of yesterday measured so much room on each disk."""
    then = RoomSample(clock.now_us() - DAY_US, free_bytes)
    disks = tuple(DiskState(name=name, samples=(then,)) for name in DISKS)
    told = KeeperState(at_us=then.at_us, disks=disks)
    StateFile(config.keeper_file, LocalDisk()).tell(told)


@contextmanager
def monitored() -> Iterator[str]:
    """The page of an API that runs beside keeper and signalling, with disks that fill."""
    with installation() as site:
        certificate, key = Authority(site.folder).issue("recorder")
        http, page = free_port(), free_port()
        config = parse(
            f'[http]\nport = {http}\nsocket = "{site.folder}/own.sock"\n'
            f"[metrics]\napi_port = {page}\n"
            f'[sip]\ncertificate = "{certificate}"\nkey = "{key}"\n'
            f'[node]\ndata = "{site.config.node.data}"',
            name="-",
            base=site.folder,
        )
        had_room_yesterday(config)
        takes_calls = LiveCalls(total=0, calls=())
        with signalling(status_socket(config), lambda _: takes_calls):
            yield asyncio.run(_page(config))


async def _page(config: Config) -> str:
    stop, ready = asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(120), asyncio.TaskGroup() as group:
        group.create_task(part_main("keeper")(config, stop, lambda: None))
        while (told := read_state(config.keeper_file)) is None or not told.round_us:
            await asyncio.to_thread(config.keeper_file.exists)
        group.create_task(run_api(config, stop, ready.set))
        await ready.wait()
        await get(config.http.port, "/api/v1/health", "")
        _, text = await get(config.metrics.api_port, "/metrics", "")
        stop.set()
    return text.decode()


def page_of_capture() -> str:
    """The page of a signalling that has seen one of everything."""
    metrics, one = Metrics(), {("pbx",): 1}
    metrics.now = Figures(
        begun=one,
        refused={("pbx", "full"): 1},
        troubles={("pbx", "silent"): 1},
        workers=WorkerFigures(busy_permille={("0",): 1}, loops={("0", "native"): 1}),
        silent_sources=("pbx",),
        outsiders={("pbx", "stranger"): 1},
    )
    return generate_latest(metrics.registry).decode()


def page_of_retention() -> str:
    """That of an API with a recording overdue for each reason."""
    registry = CollectorRegistry()
    overdue = dict.fromkeys(map(str, Waiting), 1)
    RetentionGauges(registry).show(RetentionFigures(overdue=overdue), 0)
    return generate_latest(registry).decode()


def exported(*pages: str) -> Mapping[str, set[str]]:
    """The names on the pages, with the labels of their samples."""
    found: dict[str, set[str]] = {}
    for page in pages:
        for family in text_string_to_metric_families(page):
            suffix = "_total" if family.type == "counter" else ""
            found.setdefault(family.name + suffix, set())
            for sample in family.samples:
                found.setdefault(sample.name, set()).update(sample.labels)
    return found
