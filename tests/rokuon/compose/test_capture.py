"""The part `capture` as it is put together: its processes."""

import asyncio
import sys
from pathlib import Path

import pytest

from rokuon.compose.capture import has_spare, part_names, run_capture, workers_of
from rokuon.config.load import parse
from tests.rokuon.compose.processes import configured
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
