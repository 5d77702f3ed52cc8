"""Reading this machine."""

import os
import socket
import time
from pathlib import Path

import pytest
from sqlalchemy import update

from archive.catalog.database.engine import writing
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.tables import catalog
from capture.peers.source_watch import SeenFile, SourceWatch
from capture.peers.sources import Source
from rokuon.compose.archive.catalog import open_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.config.load import parse
from rokuon.doctor.facts import ListState, PortState
from rokuon.doctor.gather import gather, listening
from tests.rokuon.installation import Installation, installation
from tests.support.catalog.packed import change_events


def free_port() -> int:
    """A port for SIP that nobody has now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def test_a_machine_before_the_first_start_can_be_examined(tmp_path: Path) -> None:
    """The doctor is called before anything exists, and leaves nothing behind."""
    facts = gather(parse(f"[sip]\nport = {free_port()}", name="-", base=tmp_path))

    assert facts.sip_port is PortState.FREE
    assert facts.spool.writable
    assert facts.spool.free_bytes > 0
    assert facts.keys.passphrase_mode == 0
    assert facts.keys.intake_list is ListState.ABSENT
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_another_program_has_is_noticed(tmp_path: Path) -> None:
    """The most frequent reason why nothing arrives."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        text = f"[sip]\nport = {other.getsockname()[1]}"

        assert gather(parse(text, name="-", base=tmp_path)).sip_port is PortState.OTHER


def test_a_port_of_tcp_is_seen_by_who_listens_on_it() -> None:
    """By the kernel's own table, of either family; one that is merely connected is none."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
        assert port in listening()
        assert closed.getsockname()[1] not in listening()
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        assert other.getsockname()[1] in listening()


def test_our_own_holder_is_recognised(tmp_path: Path) -> None:
    """While Rokuon runs its port is taken, by itself."""
    (tmp_path / "var/run").mkdir(parents=True)
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sip,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as holder,
    ):
        sip.bind(("127.0.0.1", 0))
        holder.bind(str(tmp_path / "var/run/holder.sock"))
        holder.listen()
        text = f"[sip]\nport = {sip.getsockname()[1]}"

        assert gather(parse(text, name="-", base=tmp_path)).sip_port is PortState.OURS


def test_an_address_of_another_machine_is_noticed(tmp_path: Path) -> None:
    """A configuration copied from elsewhere."""
    config = parse(f'[sip]\nbind = "192.0.2.1"\nport = {free_port()}', name="-", base=tmp_path)

    assert gather(config).sip_port is PortState.NO_ADDRESS


def test_a_source_that_pings_and_sends_no_call_is_seen(tmp_path: Path) -> None:
    """Somebody switched its recording rule off, and nobody would notice."""
    text = '[[source]]\nname = "pbx"\naddress = ["192.0.2.1/32"]\nalarm_after_s = 60'
    config = parse(text, name="-", base=tmp_path)
    config.capture_path.mkdir(parents=True)
    now_us = time.time_ns() // 1_000
    watch = SourceWatch(
        [Source(name="pbx", tenant=bytes(16), networks=(), alarm_after_s=60)], now_us - 61_000_000
    )
    watch.pinged("pbx", now_us)
    watch.intruded("pbx", now_us)
    SeenFile(config.capture_path).show(watch.as_bytes())

    assert gather(config).calls.silent_sources == ("pbx",)
    assert gather(config).calls.intruders == ("pbx",)


def test_a_recording_whose_stored_events_cannot_be_read_is_named() -> None:
    """It is put aside by the keeper, and nobody else would hear of it."""
    with installation() as made:
        recording = made.put_call()
        recover(made.config)
        engine = open_catalog(made.config)
        with writing(engine) as connection:
            change_events(connection, lambda told: dict.fromkeys(told, b"{}"))
            connection.execute(update(catalog.recording).values(derived=0))
        CatalogWriter(engine, time.time_ns).derive(9)

        assert gather(made.config).calls.unread == (str(recording),)


def test_a_notice_that_cannot_be_played_is_seen_with_its_reason(tmp_path: Path) -> None:
    """A file that is missing, and one that is no sound; what no route plays does not count."""
    (tmp_path / "text.wav").write_text("no sound")
    prompts = "".join(
        f'[[prompt]]\nname = "{name}"\nfile = "{file}"\n'
        for name, file in (("a", "gone.wav"), ("b", "text.wav"), ("c", "gone.wav"))
    )
    route = '[[route]]\nname = "r"\nto = ["t"]\nnotice = ["b", "a", "notice-ja"]\n'
    target = '[[target]]\nname = "t"\nuri = "sip:192.0.2.30"\n'

    facts = gather(parse(target + route + prompts, name="-", base=tmp_path))

    assert facts.unplayable_prompts == ("a (PRM-001)", "b (PRM-001)")


def test_a_started_installation_has_its_keys(site: Installation) -> None:
    """Daemon, passphrase and signed list are seen as they are."""
    keys = gather(site.config).keys

    assert (keys.passphrase_mode, keys.daemon_answers) == (0o600, True)
    assert keys.intake_list is ListState.SIGNED


def test_a_changed_list_of_intake_keys_is_broken(site: Installation, tmp_path: Path) -> None:
    """Capture would seal to somebody else's key."""
    config = parse("", name="-", base=tmp_path)
    config.capture_path.mkdir(parents=True)
    for name in ("intake-keys.json", "signing.pub"):
        content = (site.config.capture_path / name).read_text()
        (config.capture_path / name).write_text(content.replace('"created_us":1', '"created_us":2'))

    assert gather(config).keys.intake_list is ListState.BROKEN


def test_a_second_spool_on_another_machines_disk_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls go on there when the first one fails, and its locks are not seen either."""
    folders = map(Path, ("/dev/shm", "/", "/proc"))  # noqa: S108  # nothing is written there
    memory = next(each for each in folders if each.stat().st_dev != tmp_path.stat().st_dev)
    table = tmp_path / "mountinfo"
    devices = {tmp_path: "ext4", memory: "nfs4"}
    table.write_text(
        "".join(
            f"23 1 {os.major(dev)}:{os.minor(dev)} / {folder} rw - {kind} disk rw\n"
            for folder, kind in devices.items()
            for dev in [folder.stat().st_dev]
        )
    )
    monkeypatch.setattr("rokuon.doctor.gather.MOUNTS", table)

    def network(second: str) -> str:
        text = f"[sip]\nport = {free_port()}\n[spool]\npath = 'a'\n{second}"
        return gather(parse(text, name="-", base=tmp_path)).spool.network

    assert network("") == ""
    assert network(f"second = '{memory / 'b'}'") == "nfs4"
