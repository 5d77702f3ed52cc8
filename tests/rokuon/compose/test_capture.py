"""The part `capture` as it is put together."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

import pytest

from archive.ids import DEFAULT_TENANT
from archive.live import Reloaded
from capture.inline.exchange import Switch
from capture.relaying import Latch
from rokuon.compose import capture
from rokuon.compose.capture import (
    has_spare,
    part_names,
    run_capture,
    run_holder,
    run_ingest,
    run_relay,
    run_signalling,
    source_from,
    volumes_of,
    workers_of,
)
from rokuon.compose.switch import prompts_path
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.identity import read_identity
from tests.rokuon.installation import Installation


def test_the_holder_starts_first_and_signalling_last(tmp_path: Path) -> None:
    """Calls are answered when somebody is there to record them."""
    config = parse("[media]\nworkers = 2", name="-", base=tmp_path)

    assert part_names(config) == ("holder", "ingest-0", "ingest-1", "signalling")


def test_with_inline_calls_each_worker_has_a_relay_beside_it(
    tmp_path: Path,
) -> None:
    """Started when somebody is there to seal, and before signalling needs it."""
    text = '[media]\nworkers = 2\n[inline]\nemergency_to = ["pbx"]\n'
    text += '[[target]]\nname = "pbx"\nuri = "sip:192.0.2.2"\n'
    config = parse(text, name="-", base=tmp_path)

    assert part_names(config) == (
        *("holder", "ingest-0", "ingest-1", "relay-0", "relay-1", "signalling"),
    )


def test_who_would_be_missed_while_he_loads_has_a_spare() -> None:
    """An ingest worker's packets wait in the kernel, or in the ring."""
    names = ("holder", "ingest-0", "relay-0", "relay-11", "signalling")

    assert [name for name in names if has_spare(name)] == ["relay-0", "relay-11", "signalling"]


def test_without_a_number_there_is_a_worker_for_each_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 in the configuration means what the machine has."""
    monkeypatch.setattr("os.cpu_count", lambda: 6)

    assert workers_of(parse("", name="-", base=tmp_path)) == 6


def test_a_source_keeps_its_settings_on_the_way_to_capture(tmp_path: Path) -> None:
    """Addresses as networks, the tenant as its id."""
    source = source_from(parse("", name="-", base=tmp_path).source[0])

    assert source.tenant == DEFAULT_TENANT.raw
    assert any(ip_address("127.0.0.1") in network for network in source.networks)
    assert source.allow_telephone_event is False
    assert source.keep_anything is False


def test_what_a_source_says_of_inline_calls_reaches_capture(tmp_path: Path) -> None:
    """Whose packets are its media, and what it is told."""
    text = (
        '[[source]]\nname = "a"\naddress = ["192.0.2.1/32"]\n'
        'latch = "nat"\ntrusted = false\npass_headers = ["X-Agent"]\ncall_id_headers = ["X-Ref"]\n'
    )
    source = source_from(parse(text, name="-", base=tmp_path).source[0])

    assert (source.latch, source.trusted, source.pass_headers) == (Latch.NAT, False, ("X-Agent",))
    assert source.call_id_headers == ("X-Ref",)


def test_a_second_spool_comes_behind_the_first(tmp_path: Path) -> None:
    """Calls go on there when the first fails."""
    both = parse('[spool]\npath = "a"\nsecond = "b"', name="-", base=tmp_path)

    assert volumes_of(both) == (tmp_path / "a", tmp_path / "b")
    assert len(volumes_of(parse("", name="-", base=tmp_path))) == 1


@dataclass
class Processes:
    """What each process was started with, in place of the process."""

    plans: list[Any] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def __call__(self, plan: Any, *_: object) -> Self:
        self.plans.append(plan)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.order.append("handed over")

    def serve(self, ready: Callable[[], None]) -> None:
        ready()

    def run(self, stopping: Callable[[], bool]) -> None:
        self.order.append(f"stopping {stopping()}")

    def ready(self) -> None:
        self.order.append("ready")

    @property
    def plan(self) -> Any:
        """What the process itself got; the holder's socket is asked first."""
        return self.plans[-1]


class Answering(Processes):
    """Signalling runs in the loop."""

    def reloads_by(self, reload: Callable[[], Reloaded]) -> None:
        self.reload = reload

    def reconfigure(self, _sources: object, switch: Switch, _tls: object) -> None:
        self.switch = switch

    async def run(self, _stop: asyncio.Event, ready: Callable[[], None]) -> None:  # type: ignore[override]  # as Signalling has it
        ready()


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Processes:
    made = Processes()
    for name in ("Holder", "Handover", "Relay", "Worker"):
        monkeypatch.setattr(capture, name, made)
    monkeypatch.setattr(capture, "keep_memory_private", lambda: made.order.append("private"))
    return made


def configured(site: Installation, text: str) -> Config:
    """Another configuration of the same installation."""
    return parse(f'[node]\ndata = "{site.config.node.data}"\n{text}', name="-", base=Path("/"))


def test_the_holder_gets_addresses_ports_and_the_number_of_workers(
    site: Installation, processes: Processes
) -> None:
    """Everything that must not change while calls are up."""
    config = configured(
        site, "[media]\nworkers = 3\n[rtp]\nfirst_port = 20000\nlast_port = 20998\n"
    )
    run_holder(config, processes.ready)

    plan = processes.plan
    assert (plan.first_port, plan.last_port, plan.workers) == (20_000, 20_998, 3)
    assert (plan.sip_bind, plan.sip_port) == (config.sip.bind, config.sip.port)
    assert processes.order == ["private", "ready"]


def test_a_worker_is_ready_once_it_has_its_sockets(
    site: Installation, processes: Processes
) -> None:
    """It keeps no connection to the holder, which serves whoever comes next."""
    config = configured(site, "[media]\nworkers = 3\nsweep_ms = 500\n[spool]\nsync = 'syncfs'\n")
    run_ingest(config, 2, processes.ready, lambda: True)

    plan = processes.plan
    assert (plan.number, plan.workers, plan.sweep_s) == (2, 3, 0.5)
    assert plan.own_file_system
    assert plan.volumes == volumes_of(config)
    assert plan.writer.node == read_identity(config.capture_path).node
    assert processes.order == ["private", "handed over", "ready", "stopping True"]


def test_a_relay_keeps_its_connection_to_the_holder(
    site: Installation, processes: Processes
) -> None:
    """It asks for sockets as calls come."""
    config = configured(site, "[media]\nworkers = 3\n")
    run_relay(config, 2, processes.ready, lambda: True)

    plan = processes.plan
    assert (plan.number, plan.workers) == (2, 3)
    assert plan.prompts == prompts_path(config)
    assert plan.link.parent == config.run_path
    assert processes.order == ["private", "ready", "stopping True", "handed over"]


@pytest.mark.parametrize(
    ("text", "sip", "rtp"),
    [
        ("[sip]\nbind = '192.0.2.9'\n[rtp]\nbind = '192.0.2.8'\n", "192.0.2.9", "192.0.2.8"),
        (
            "[sip]\nadvertise = '192.0.2.9'\n[rtp]\nadvertise = '192.0.2.8'\n",
            "192.0.2.9",
            "192.0.2.8",
        ),
    ],
    ids=["bound", "advertised"],
)
async def test_signalling_says_the_address_that_its_peers_reach(
    site: Installation, monkeypatch: pytest.MonkeyPatch, text: str, sip: str, rtp: str
) -> None:
    """Behind a translation of addresses that is not the one it is bound to."""
    made = Answering()
    monkeypatch.setattr(capture, "Handover", made)
    monkeypatch.setattr(capture, "Signalling", made)
    monkeypatch.setattr(capture, "keep_memory_private", lambda: made.order.append("private"))
    config = configured(site, text)
    await run_signalling(lambda: config, config, asyncio.Event(), made.ready)

    assert (made.plan.sip.host, made.plan.rtp_address) == (sip, rtp)
    assert made.plan.timeouts.media_s == 300
    assert made.plan.rest_s == 30.0
    assert made.order == ["private", "ready", "handed over"]


ROUTE = '[[target]]\nname = "t"\nuri = "sip:192.0.2.30"\n[[route]]\nname = "r"\nto = ["t"]\n'


@pytest.mark.parametrize(
    ("begun", "routes", "waiting"), [("", 0, ("route",)), (ROUTE, 1, ())], ids=["first", "another"]
)
async def test_the_first_route_waits_for_the_relays_that_a_restart_brings(
    site: Installation,
    monkeypatch: pytest.MonkeyPatch,
    begun: str,
    routes: int,
    waiting: tuple[str, ...],
) -> None:
    """Until then its calls are refused: without a relay the parties would not hear each other."""
    made = Answering()
    for name in ("Handover", "Signalling"):
        monkeypatch.setattr(capture, name, made)
    monkeypatch.setattr(capture, "keep_memory_private", lambda: None)
    later = configured(site, ROUTE)
    await run_signalling(lambda: later, configured(site, begun), asyncio.Event(), made.ready)

    assert made.reload().later == waiting
    assert len(made.switch.routes.routes) == routes


def test_the_processes_meet_on_the_same_sockets(site: Installation, processes: Processes) -> None:
    """Each is told by itself where the others are."""
    run_holder(site.config, processes.ready)
    run_ingest(site.config, 0, processes.ready, lambda: True)

    holder, _, worker = processes.plans
    assert holder.socket_path == worker.holder
    assert worker.link.parent == worker.holder.parent == site.config.run_path


@pytest.mark.parametrize(("word", "own"), [("syncfs", True), ("fdatasync", False), ("auto", None)])
def test_a_spool_on_the_systems_own_disk_is_synced_part_by_part(
    site: Installation, processes: Processes, word: str, own: bool | None
) -> None:
    """`syncfs` would wait for everybody else's data too; the configuration may know better."""
    config = configured(site, f"[spool]\nsync = '{word}'\n")
    run_ingest(config, 0, processes.ready, lambda: True)

    on_its_own = config.spool.path.stat().st_dev != Path("/").stat().st_dev
    assert processes.plan.own_file_system is (on_its_own if own is None else own)


PART = """
import os, pathlib, signal, sys
from rokuon.notify import READY, tell
log = pathlib.Path(sys.argv[1])
log.open("a").write(f"+{sys.argv[2]} ")
def end(*_):
    log.open("a").write(f"-{sys.argv[2]} ")
    sys.exit()
signal.signal(signal.SIGTERM, end)
tell(READY, os.environ)
signal.pause()
"""


async def test_signalling_stops_first_and_the_holder_last(
    site: Installation, tmp_path: Path
) -> None:
    """Refuse and hang up, then seal, then let go of the sockets."""
    log, stop = tmp_path / "log", asyncio.Event()
    config = configured(site, "[media]\nworkers = 2\n")
    await asyncio.wait_for(
        run_capture(
            config, stop, stop.set, lambda name: (sys.executable, "-c", PART, str(log), name)
        ),
        60.0,
    )

    assert log.read_text().split() == [
        *("+holder", "+ingest-0", "+ingest-1", "+signalling"),
        *("-signalling", "-ingest-1", "-ingest-0", "-holder"),
    ]
