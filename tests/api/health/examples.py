"""Installations as they are seen: one that is well, one whose calls are refused."""

from dataclasses import replace
from typing import Final

from api.health.seen import CaptureSeen, KeysSeen, Seen
from archive.disk.room import DiskState
from archive.keeper.state_file import Backlog, KeeperState
from tests.archive.catalog.examples import MINUTE_US, NOW_US

MB: Final = 1_000_000
_KEEPER: Final = KeeperState(
    at_us=NOW_US,
    round_us=NOW_US,
    disks=(DiskState(name="spool", free_bytes=9_000 * MB, size_bytes=10_000 * MB),),
)
WELL: Final = Seen(
    at_us=NOW_US,
    keeper=_KEEPER,
    keys=KeysSeen(since_us=NOW_US, epoch_us=NOW_US, set_us=NOW_US),
    capture=CaptureSeen(),
)
# The key daemon is stopped, and the spool, of 40 MB, is full.
WRONG: Final = replace(
    WELL,
    keeper=KeeperState(
        at_us=NOW_US,
        round_us=NOW_US - 2 * MINUTE_US,
        awaits="keys",
        backlog=Backlog(parts=3, size_bytes=39 * MB, oldest_us=NOW_US - 12 * MINUTE_US),
        disks=(
            DiskState(name="spool", free_bytes=MB // 2, size_bytes=40 * MB),
            DiskState(name="archive"),
        ),
    ),
    keys=None,
    capture=CaptureSeen(full="spool bytes"),
)
