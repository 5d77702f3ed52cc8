"""One of a kind in a folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from rokuon.compose.errors import AlreadyRunning
from rokuon.lock import only_one

HOLD = """
import sys, pathlib
from rokuon.lock import only_one
with only_one(pathlib.Path(sys.argv[1]), "serve"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_told_who_the_first_is_and_takes_nothing(tmp_path: Path) -> None:
    """It would take the sockets from the first, which then answers nobody."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match=str(first.pid)), only_one(tmp_path, "serve"):
            pass
        first.kill()

    with only_one(tmp_path, "serve"):
        assert (tmp_path / "serve.lock").exists()


def test_another_kind_is_none_of_its_business(tmp_path: Path) -> None:
    """Each part has its own."""
    with only_one(tmp_path, "serve"), only_one(tmp_path, "keys"):
        assert len(list(tmp_path.iterdir())) == 2
