"""Rules of measuring how many calls a host holds."""

import sys
from pathlib import Path

import pytest

from bench import __main__ as whole, capacity
from bench.capacity import Capacity, Step, dropped, read_drops
from rokuon.config.schema import Config, RtpSettings

HEADING = (
    "sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ref pointer drops"
)


def row(port: int, drops: int) -> str:
    """A socket as proc(5) shows it."""
    return f" 1: 0100007F:{port:04X} 00000000:0000 07 0:0 0:0 0 0 0 1 2 0 {drops}"


TABLE = "\n".join([HEADING, row(10_000, 7), row(10_001, 0)])


def test_the_kernels_drops_are_read_by_port() -> None:
    """A lost packet is what ends the measurement: it must be seen on our ports alone."""
    assert read_drops(TABLE) == [(10_000, 7), (10_001, 0)]


def test_a_table_of_no_sockets_has_no_drops() -> None:
    """Before anything listens there is only a heading."""
    assert read_drops(TABLE.splitlines()[0]) == []


def test_ports_of_others_do_not_count() -> None:
    """Another program's full queue says nothing of this host's capacity for calls."""
    nobodys = Config(rtp=RtpSettings(first_port=1024, last_port=1024))

    assert dropped(nobodys) == 0


def asked(monkeypatch: pytest.MonkeyPatch, folder: Path, *options: str) -> int:
    """The exit code of the command, with a Rokuon whose port is closed."""
    config = folder / "rokuon.toml"
    config.write_text("[sip]\nport = 9\n")
    written = ["--json", str(folder / "capacity.json")]
    line = ["bench", "capacity", "--config", str(config), *written, *options]
    monkeypatch.setattr(sys, "argv", line)
    return whole.main()


def test_a_measurement_without_a_server_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And not answered with a figure."""
    assert asked(monkeypatch, tmp_path, "--seconds", "5") == 1
    assert capsys.readouterr().out == "no call came about: is rokuon serve running?\n"
    assert not (tmp_path / "capacity.json").exists()


@pytest.mark.parametrize("seconds", ["1", "86400", "long"])
def test_a_measurement_has_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    """A slip of the keyboard must not load a machine for a day."""
    with pytest.raises(SystemExit) as ended:
        asked(monkeypatch, tmp_path, "--seconds", seconds)

    assert ended.value.code == 2


def test_what_a_host_holds_is_shown_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what ended it: the number alone would not say whether the sender was to blame."""
    steps = [
        Step(
            calls=calls,
            packets=calls * 100,
            lost=lost,
            refused=0,
            p99_setup_ms=4.5,
            sender_missed=0,
            limit="packets lost" if lost else "",
        )
        for calls, lost in ((100, 0), (150, 7))
    ]
    found = Capacity(calls_held=100, limit="packets lost", steps=steps)
    monkeypatch.setattr(capacity, "measure_capacity", lambda _config, _seconds: found)

    assert asked(monkeypatch, tmp_path) == 0
    shown = capsys.readouterr().out
    assert "| 150 | 15000 | 7 | 0 | 4.50 | 0 | packets lost |" in shown
    assert shown.endswith("100 calls held; then: packets lost\n")
    assert '"calls_held": 100' in (tmp_path / "capacity.json").read_text()


def test_a_host_that_holds_no_step_is_told_what_ended_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Calls came about: that nothing listens would send its reader the wrong way."""
    step = Step(
        calls=100, packets=9, lost=0, refused=0, p99_setup_ms=1.0, sender_missed=99,
        limit="the sender on this host",
    )  # fmt: skip
    found = Capacity(calls_held=0, limit=step.limit, steps=[step])
    monkeypatch.setattr(capacity, "measure_capacity", lambda _config, _seconds: found)

    assert asked(monkeypatch, tmp_path) == 0
    assert capsys.readouterr().out.endswith("0 calls held; then: the sender on this host\n")
