"""A test that hangs is ended, and the run says which it was."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The two ways in which tests hang: waiting for a child's line, and for what never happens.
HANGING = """
import asyncio, subprocess, sys

def test_that_waits_for_its_childs_line():
    wait = "import sys; print('a line'); sys.stdin.read()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", wait], stdin=pipe, stdout=pipe) as child:
        try:
            child.stdout.readline()
        finally:
            child.kill()

async def test_that_waits_for_an_event():
    await asyncio.Event().wait()

def test_that_comes_after_them():
    pass
"""


@pytest.mark.parametrize("processes", [[], ["-n", "1"]], ids=["in one process", "in parallel"])
def test_a_test_that_hangs_is_ended_by_its_name(tmp_path: Path, processes: list[str]) -> None:
    """Those behind it are run all the same: one limit for all is in the project's settings."""
    file = tmp_path / "test_hanging.py"
    file.write_text(HANGING)
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--timeout", "3"]
    command += ["-p", "no:cacheprovider", "--rootdir", str(tmp_path), *processes, str(file)]
    # Where a run makes its folder by itself, it closes those of the run that it is a part of.
    command += ["--basetemp", str(tmp_path / "its-own")]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    said = subprocess.run(command, capture_output=True, text=True, check=False, env=plain).stdout

    assert "2 failed, 1 passed" in said
    for name in ("test_that_waits_for_its_childs_line", "test_that_waits_for_an_event"):
        assert f"{file.name}::{name}" in said
    assert said.count("Failed: Timeout (>3.0s) from pytest-timeout.") == 2


def test_every_test_has_a_limit(request: pytest.FixtureRequest) -> None:
    """Whole installations have longer, and have one too."""
    assert float(request.config.getini("timeout")) > 0
