"""One of a kind in a folder."""

import asyncio
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rokuon.compose.processes.lock import former_ends, lock_path, only_one
from rokuon.messages.errors import AlreadyRunning

HOLD = """
import sys, pathlib
from rokuon.compose.processes.lock import only_one
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
        named = rf"\(serve\) .*{tmp_path}.* {first.pid}$"
        with pytest.raises(AlreadyRunning, match=named), only_one(tmp_path, "serve"):
            pass
        first.kill()

    with only_one(tmp_path, "serve"):
        assert (tmp_path / "serve.lock").exists()


def test_another_kind_is_none_of_its_business(tmp_path: Path) -> None:
    """Each part has its own."""
    with only_one(tmp_path, "serve"), only_one(tmp_path, "keys"):
        assert len(list(tmp_path.iterdir())) == 2


def test_a_lock_is_held_where_the_disk_has_no_room_for_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not keep a part from starting again, nor let a second one in."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    with (
        only_one(tmp_path, "keys"),
        pytest.raises(AlreadyRunning, match=r"process \?"),
        only_one(tmp_path, "keys"),
    ):
        pass


async def test_who_is_ending_is_waited_for(tmp_path: Path) -> None:
    """The children of a supervisor that was killed end in order, and that takes a while."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    first = only_one(tmp_path, "holder")
    first.__enter__()
    ended: list[bool] = []

    def end() -> None:
        ended.append(True)
        first.__exit__(None, None, None)

    loop.call_later(0.05, end)
    await former_ends([lock_path(tmp_path, "none"), lock_path(tmp_path, "holder")], stop, 20.0)

    assert ended


async def test_who_does_not_end_is_named(tmp_path: Path) -> None:
    """It is no former one: somebody runs it."""
    with only_one(tmp_path, "holder"), pytest.raises(AlreadyRunning, match=f"{os.getpid()}$"):
        await former_ends([lock_path(tmp_path, "holder")], asyncio.Event(), 0.0)


async def test_a_stop_ends_the_wait(tmp_path: Path) -> None:
    """Who starts by mistake and is told to stop holds nobody up."""
    stop = asyncio.Event()
    stop.set()
    with only_one(tmp_path, "holder"):
        waiting = former_ends([lock_path(tmp_path, "holder")], stop, 1e9)
        assert await asyncio.wait_for(waiting, 20.0) is None
