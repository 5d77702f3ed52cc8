"""A capture folder whose file system is really full: nothing beside the spool stops calls.

Needs root, for a small file system of its own.
"""

import asyncio
import errno
import os
import random
import secrets
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from capture.peers.source_watch import UNKNOWN_FILE
from rokuon.config.schema import Config
from rokuon.selftest.signalling import Transport
from tests.crash.account import exported, settle
from tests.crash.load import Sent
from tests.crash.runs import SETUPS_PER_S, is_archived, talking
from tests.crash.whole import START_WITHIN_S, Whole, options, wait_until
from tests.own_archive import find_all

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system: needs root"),
]
CALLS = 3
# Signalling writes twice a second; it had died with each of the first ones.
ROUNDS = 20
STRANGER = "127.1.2.3"
TOLD = "a file cannot be written"
_SOURCE = """
[[source]]
name = "pbx"
address = ["127.0.0.1/32"]
internal_domains = ["pbx.example"]
"""


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    """One that runs, with 256 KiB for the capture folder and as much for its sockets."""
    made = Whole(tmp_path)
    with made.file.open("a") as file:
        file.write(_SOURCE)
    with ExitStack() as mounts:
        for folder in folders_of(made):
            mounts.enter_context(small(folder))
        made.start()
        yield made
        made.stop()


def folders_of(whole: Whole) -> tuple[Path, Path]:
    return whole.config.capture_path, whole.config.run_path


@contextmanager
def small(folder: Path) -> Iterator[None]:
    """A file system of its own while the block lasts."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave not a byte free."""
    file = folder / "ballast"
    with file.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4_096))
        except OSError as full:
            assert full.errno == errno.ENOSPC  # noqa: PT017  # the end of the loop
    return file


def call_as_stranger(port: int) -> None:
    """An INVITE from an address that is no source's."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind((STRANGER, 0))
        sock.sendto(b"INVITE sip:x@y SIP/2.0\r\n\r\n", ("127.0.0.1", port))


async def test_a_full_capture_folder_stops_no_call(whole: Whole) -> None:
    """What is told beside the calls waits until there is room; signalling is the same process.

    Killed, it comes back in the full folder.
    """
    config, pid = whole.config, whole.running("signalling")
    ballast = [fill(folder) for folder in folders_of(whole)]
    for _ in range(ROUNDS):
        call_as_stranger(whole.sip_port)
        ask(whole)
    sent = await called(whole)
    stayed, told = whole.running("signalling") == pid, whole.log.read_text().count(TOLD)
    await asyncio.to_thread(whole.kill, "signalling")
    ask(whole)
    sent += await called(whole)
    for file in ballast:
        file.unlink()
    call_as_stranger(whole.sip_port)
    has_calls, has_file = partial(is_archived, config, 2 * CALLS), partial(names_stranger, config)
    await asyncio.to_thread(wait_until, has_calls, within_s=START_WITHIN_S, what="the calls")
    await asyncio.to_thread(wait_until, has_file, within_s=START_WITHIN_S, what="the stranger")

    found = find_all(config)
    assert (stayed, told) == (True, 2)
    assert [(row["state"], row["flags"]) for row in found] == [("complete", [])] * 2 * CALLS
    assert settle(sent, exported(config, found)).missing == {}


def ask(whole: Whole) -> None:
    """OPTIONS, whose time is noted, until it is answered 200."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", whole.sip_port))
        local = sock.getsockname()[1]

        def is_answered() -> bool:
            sock.settimeout(1.0)
            try:
                sock.send(options(local, whole.sip_port, b"UDP", secrets.token_hex(8).encode()))
                return b"SIP/2.0 200" in sock.recv(65_536)
            except (TimeoutError, ConnectionRefusedError):
                return False

        wait_until(is_answered, within_s=START_WITHIN_S, what="an answer")


async def called(whole: Whole) -> list[Sent]:
    """Calls from begin to end; what was sent in them."""
    luck = random.Random()  # noqa: S311 - no secret
    async with talking(whole, luck, Transport.UDP, CALLS) as load:
        await asyncio.sleep(1.0)
        return await load.hang_up(per_s=SETUPS_PER_S)


def names_stranger(config: Config) -> bool:
    file = config.capture_path / UNKNOWN_FILE
    return file.exists() and STRANGER in file.read_text()
