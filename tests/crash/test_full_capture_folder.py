"""A capture folder whose file system is really full: nothing beside the spool stops calls.

Needs root, for a small file system of its own.
"""

import asyncio
import errno
import os
import random
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.source_watch import SEEN_FILE
from capture.stranger_file import UNKNOWN_FILE
from rokuon.selftest.signalling import Transport
from tests.crash.account import exported, settle
from tests.crash.runs import SETUPS_PER_S, Asker, is_archived, talking
from tests.crash.whole import START_WITHIN_S, Whole, wait_until
from tests.own_archive import find_all

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system: needs root"),
]
CALLS = 3
# Signalling writes twice a second; it had died with each of the first ones.
ROUNDS = 20
STRANGER = "127.1.2.3"
_SOURCE = """
[[source]]
name = "pbx"
address = ["127.0.0.1/32"]
internal_domains = ["pbx.example"]
"""


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    """One that runs, with a capture folder of 256 KiB."""
    made = Whole(tmp_path)
    with made.file.open("a") as file:
        file.write(_SOURCE)
    folder = made.config.capture_path
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        made.start()
        yield made
        made.stop()
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
    """Counts of strangers and times of OPTIONS wait; they are written once there is room."""
    folder, pid = whole.config.capture_path, whole.running("signalling")
    luck = random.Random(1)  # noqa: S311 - a run must be repeatable
    ballast = await asyncio.to_thread(fill, folder)
    for _ in range(ROUNDS):
        call_as_stranger(whole.sip_port)
        with Asker(whole.sip_port, Transport.UDP) as asker:
            asker.first_answer_s()
    async with talking(whole, luck, Transport.UDP, CALLS) as load:
        await asyncio.sleep(1.0)
        sent = await load.hang_up(per_s=SETUPS_PER_S)
    await asyncio.to_thread(
        wait_until, lambda: is_archived(whole.config, CALLS), within_s=60, what="the calls"
    )
    is_shown = folder / UNKNOWN_FILE, folder / SEEN_FILE
    before = [path.stat().st_size if path.exists() else 0 for path in is_shown]
    ballast.unlink()
    await asyncio.to_thread(
        wait_until,
        lambda: STRANGER in (folder / UNKNOWN_FILE).read_text() if is_shown[0].exists() else False,
        within_s=START_WITHIN_S,
        what="the file of strangers",
    )

    found = find_all(whole.config)
    assert before[0] == 0
    assert whole.running("signalling") == pid
    assert [(row["state"], row["flags"]) for row in found] == [("complete", [])] * CALLS
    assert settle(sent, exported(whole.config, found)).missing == {}
    assert whole.log.read_text().count("a file cannot be written") == len(is_shown)
