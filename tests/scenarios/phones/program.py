"""A phone that is a program of its own: orders as JSON lines on its stdin, events on its stdout.

The library of such a phone lives in a virtual environment apart (`make scenarios` makes it), for
some are GPL and none is ours: it is never imported by a test. Knows nothing of what a phone can do.
"""

import itertools
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.scenarios.phones.told import Told

PYTHON: Final = Path(__file__).parents[3] / "build/phones/bin/python"
_PROGRAMS: Final = Path(__file__).parent / "programs"
# Those of `rokuon selftest --inline --phone`, which ours add orders to.
_SELFTEST: Final = Path(__file__).parents[3] / "rokuon/selftest/phones/programs"
_GRACE_S: Final = 10


def why_not(library: str) -> str:
    """Why a phone of this library cannot run here; "" where it can."""
    if not PYTHON.exists():
        return f"{PYTHON} is not there: make scenarios"
    tried = subprocess.run([PYTHON, "-c", f"import {library}"], capture_output=True, check=False)
    return f"{library} is not in {PYTHON.parents[1]}" if tried.returncode else ""


@dataclass(frozen=True, slots=True)
class Program:
    """One that runs, and what it has told."""

    process: subprocess.Popen[str]
    told: Told
    log: Path
    _orders: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def tell(self, do: str, **what: Any) -> Any:
        """Give an order and wait until it is carried out; what came of it. Raises `Refused`."""
        assert self.process.stdin is not None
        number = next(self._orders)
        self.process.stdin.write(json.dumps({"order": number, "do": do, **what}) + "\n")
        self.process.stdin.flush()
        done = self.told.first(event="done", order=number)
        if done["why"] is not None:
            raise Refused(f"{do}: {done['why']}\n{self.log.read_text('utf-8', 'replace')[-2000:]}")
        return done["result"]


class Refused(AssertionError):
    """The phone did not do what it was told."""


@contextmanager
def running(name: str, folder: Path, settings: Mapping[str, Any]) -> Iterator[Program]:
    """The phone `<name>.py` while the block lasts; it is ready when the block begins."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{name}.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [PYTHON, str(_PROGRAMS / f"{name}.py"), json.dumps(dict(settings))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
            env={**os.environ, "PYTHONPATH": str(_SELFTEST)},
        )  # fmt: skip
    assert process.stdout is not None
    started = Program(process, Told.by(iter(process.stdout.readline, ""), name), log)
    try:
        started.told.first(event="ready")
        yield started
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """The end of its orders is the order to end."""
    assert process.stdin is not None
    try:
        process.stdin.close()
        process.wait(_GRACE_S)
    except (BrokenPipeError, subprocess.TimeoutExpired):
        process.kill()
        process.wait()
