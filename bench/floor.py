"""Runs `floor.c`, the bare `recvmmsg` sweep, under the load of a media engine.

Knows nothing of SIP or of the recorder.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.generator import Generated, generated, speaking

SOURCE: Final = Path(__file__).with_name("floor.c")
# The recorder's sweep period and the sockets of one of its batches (docs/capture.md).
PERIOD_MS: Final = 640
BATCH_SOCKETS: Final = 64
WARM_S: Final = 3
FIRST_PORT: Final = 10_000


class FloorDidNotStart(Exception):
    """The program could not open its sockets; its own words are on standard error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorRun:
    """What the floor measured of itself in `seconds` of steady state."""

    stamps: bool
    packets: int
    seconds: float
    cpu_user_s: float
    cpu_system_s: float
    us_per_packet: float
    drops: int
    calls: int
    generator: Generated


@contextmanager
def built() -> Iterator[Path]:
    """The compiled program, for as long as the block lasts; raises `CalledProcessError`."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "floor"
        subprocess.run(
            ["gcc", "-O2", "-Wall", "-Wextra", "-o", str(program), str(SOURCE)], check=True
        )
        yield program


def _command(program: Path, streams: int, seconds: int, extra: Sequence[str]) -> list[str]:
    options = {
        "--first": FIRST_PORT,
        "--count": streams,
        "--step": 2,
        "--period-ms": PERIOD_MS,
        "--batch": BATCH_SOCKETS,
        "--warm-s": WARM_S,
        "--seconds": seconds,
    }
    return [str(program), *(word for pair in options.items() for word in map(str, pair)), *extra]


def run_floor(program: Path, streams: int, seconds: int, *, stamps: bool) -> FloorRun:
    """Let the engine send `streams` streams to the floor for `seconds` after a warm-up.

    Raises `FloorDidNotStart`.
    """
    command = _command(program, streams, seconds, ["--stamps"] if stamps else [])
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise FloorDidNotStart
        ports = [FIRST_PORT + 2 * number for number in range(streams)]
        with speaking([("127.0.0.1", port) for port in ports]) as engine:
            before = engine.report()
            figures = json.loads(process.stdout.readline())
            after = engine.report()
    return FloorRun(stamps=stamps, generator=generated(before, after), **figures)
