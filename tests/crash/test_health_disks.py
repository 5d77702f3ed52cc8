"""Disks that take nothing are named wherever somebody would look, with no call that meets them.

Each folder has a file system of its own, and the faults are the kernel's. As root.
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.crash.disks import Fault, Volume, needs_disks, volumes
from tests.health_watch import Row, Watched, tried, watched

pytestmark = [needs_disks, pytest.mark.slow]
NAMES = {"spool": "spool", "archive": "archive", "catalog": "catalog", "keys": "keystore"}
# A frozen catalog answers what it has in memory, a frozen spool is capture's to tell.
FAULTS = (*((name, Fault.FULL) for name in NAMES), ("keys", Fault.SLOW), ("archive", Fault.SLOW))


def row(volume: Volume, name: str, fault: Fault) -> Row:
    """A disk breaks, and is mended."""

    async def cause(_it: Watched) -> None:
        await asyncio.to_thread(volume.break_by, fault)

    async def mend(_it: Watched) -> None:
        await asyncio.to_thread(volume.mend, fault)

    return Row(cause, (("disk_refuses", NAMES[name]),), {"STOR-006"}, mend)


async def test_a_disk_that_takes_nothing_is_named_until_it_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full archive was green as long as no call was stuck, a full catalog for ever."""
    # Sockets lie in it: its name is short.
    with TemporaryDirectory(prefix="rk") as data, volumes(Path(data), [*NAMES], tmp_path) as made:
        async with watched(monkeypatch, f'[node]\ndata = "{data}"') as it:
            await it.until(("keeper_silent", ""), ring=False)
            for name, fault in FAULTS:
                await tried(it, row(made[name], name, fault))
