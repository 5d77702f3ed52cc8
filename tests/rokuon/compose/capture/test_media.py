"""Ingest workers and relays as they are put together."""

import subprocess
import sys
from pathlib import Path

import pytest

from rokuon.compose.capture import holder, media
from rokuon.compose.capture.holder import run_holder
from rokuon.compose.capture.media import run_ingest, run_relay, volumes_of
from rokuon.compose.capture.node_identity import read_identity
from rokuon.compose.processes.sockets import prompts_path
from rokuon.config.load import parse
from tests.rokuon.installation import Installation
from tests.support.node_processes import Processes, configured


def test_a_second_spool_comes_behind_the_first(tmp_path: Path) -> None:
    """Calls go on there when the first fails."""
    both = parse('[spool]\npath = "a"\nsecond = "b"', name="-", base=tmp_path)

    assert volumes_of(both) == (tmp_path / "a", tmp_path / "b")
    assert len(volumes_of(parse("", name="-", base=tmp_path))) == 1


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Processes:
    made = Processes()
    for name in ("HolderClient", "Relay", "Worker"):
        monkeypatch.setattr(media, name, made)
    monkeypatch.setattr(holder, "Holder", made)
    monkeypatch.setattr(media, "keep_memory_private", lambda: made.order.append("private"))
    return made


def test_a_process_of_media_loads_neither_sip_nor_what_opens_anything() -> None:
    """Whoever takes a dead one's place is there sooner, and has no key daemon's code in it."""
    others = (
        *(
            "capture.signalling.daemon",
            "capture.recording.session",
            "capture.inline.machine",
            "dns",
        ),
        *("prometheus_client", "sqlalchemy", "sqlite3", "archive.keys.daemon.assembly", "fastapi"),
    )
    asked = (
        f"import sys, rokuon.compose.capture.media; print(*({set(others)!r} & sys.modules.keys()))"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.split() == []


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
    assert (plan.number, plan.workers, plan.priority) == (2, 3, "realtime")
    assert plan.prompts == prompts_path(config)
    assert plan.link.parent == config.run_path
    assert processes.order == ["private", "ready", "stopping True", "handed over"]


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
