"""Keeps the memory of a bench's processes in use, for machines whose host takes back what rests.

Some virtual machines lose a page that nobody has touched for some hundred milliseconds: the next
touch costs 5 to 50 µs there, a hundredth of one elsewhere. That is a figure of the host, and falls
most on whoever wakes up seldom. Run `python -m bench.awake PID`: whoever is started by it, and who
that starts, is looked for again and again. Touches all alike, peers too; uses only idle time.
"""

import argparse
import ctypes
import mmap
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import median
from subprocess import Popen
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.processes import family_of

PAGE: Final = mmap.PAGESIZE
# A page that has rested for so long costs a fraction of what it costs after a second.
PASS_S: Final = 0.1
LOOK_S: Final = 3.0
REST_S: Final = 0.5
RESTING_PAGES: Final = 2048
# More than this for a page that has rested is a host's doing.
COLD_US: Final = 1.0
_COLD: Final = (
    "On this machine a page of memory that has rested for {} s costs {:.1f} µs: figures are of\n"
    "that more than of what is measured. --keep-awake keeps memory in use."
)
# So few that nobody waits long for a kernel that lets nobody in meanwhile.
_A_CALL: Final = 8
# Of an entry of /proc/<pid>/pagemap (proc(5)): whether the page is there, and which one it is.
_PRESENT: Final = np.uint64(1 << 63)
_FRAME: Final = np.uint64((1 << 55) - 1)
_libc: Final = ctypes.CDLL(None, use_errno=True)

Pages = NDArray[np.uint64]


@cache
def rested_page_us() -> float:
    """What touching a page costs that has rested for half a second: median of three, in µs.

    Measured once: it is a figure of the machine.
    """
    with mmap.mmap(-1, RESTING_PAGES * PAGE) as memory:
        pages = np.frombuffer(memory, np.uint8)[::PAGE]
        pages[:] = 1
        costs = [_cost_us(pages) for _ in range(3)]
        del pages
    return median(costs)


def _cost_us(pages: NDArray[np.uint8]) -> float:
    time.sleep(REST_S)
    began_s = time.perf_counter()
    pages.sum()
    return (time.perf_counter() - began_s) * 1e6 / len(pages)


def add_option(parser: argparse.ArgumentParser) -> None:
    """Whether memory is kept in use: `keep_awake`."""
    parser.add_argument(
        "--keep-awake", action="store_true", help="keep the memory of all that is measured in use"
    )


@contextmanager
def kept_awake(*, wanted: bool = True) -> Iterator[None]:
    """Keep the memory of this process and of all that it starts in use while the block lasts.

    Where that is not wanted, say so on a machine that would need it.
    """
    if not wanted:
        if (cost_us := rested_page_us()) > COLD_US:
            print(_COLD.format(REST_S, cost_us), file=sys.stderr)
        yield
        return
    with Popen([sys.executable, "-m", "bench.awake", str(os.getpid())]) as toucher:
        try:
            yield
        finally:
            toucher.kill()


def resident(pid: int, seen: Pages) -> tuple[Pages, Pages]:
    """The addresses of a process's pages that are there and not among the frames seen; the frames.

    Nothing of one that has ended. Frames are told to root alone: else nothing is ever seen.
    """
    found: list[Pages] = []
    try:
        maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
        with Path(f"/proc/{pid}/pagemap").open("rb", buffering=0) as file:
            for line in maps:
                span, mode, *_ = line.split()
                first, end = (int(each, 16) // PAGE for each in span.split("-"))
                if mode.startswith("r") and "[v" not in line:
                    found.append(_entries(file.fileno(), first, end))
    except (FileNotFoundError, ProcessLookupError):
        pass
    addresses, frames = np.concatenate([np.empty((2, 0), np.uint64), *found], axis=1)
    is_new = (frames == 0) | ~np.isin(frames, seen)
    return addresses[is_new], np.concatenate([seen, frames[is_new]])


def _entries(pagemap: int, first: int, end: int) -> Pages:
    """Addresses and frames of the pages that are there."""
    entries = np.frombuffer(os.pread(pagemap, (end - first) * 8, first * 8), np.uint64)
    there = np.flatnonzero(entries & _PRESENT)
    return np.stack([(there + first).astype(np.uint64) * np.uint64(PAGE), entries[there] & _FRAME])


def touch(pid: int, addresses: Pages) -> int:
    """Read a byte of each page; how many were read."""
    spans = np.ones((len(addresses), 2), np.uint64)
    spans[:, 0] = addresses
    into = ctypes.create_string_buffer(_A_CALL)
    local = (ctypes.c_uint64 * 2)(ctypes.addressof(into), _A_CALL)
    touched = 0
    for first in range(0, len(spans), _A_CALL):
        some = spans[first : first + _A_CALL]
        local[1] = len(some)
        at = ctypes.c_void_p(some.ctypes.data)
        touched += max(0, _libc.process_vm_readv(pid, local, 1, at, len(some), 0))
    return touched


def main() -> None:
    """Touch until killed, or until the process that was named has ended."""
    root = int(sys.argv[1])
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    known: dict[int, Pages] = {}
    looked_s = -LOOK_S
    while Path(f"/proc/{root}").exists():
        if time.monotonic() - looked_s >= LOOK_S:
            looked_s, known = time.monotonic(), _look(root)
        for pid, addresses in known.items():
            touch(pid, addresses)
        time.sleep(PASS_S)


def _look(root: int) -> dict[int, Pages]:
    """The pages of each of them, those that they share once."""
    known, seen = {}, np.empty(0, np.uint64)
    for pid in family_of(root):
        if pid != os.getpid():
            known[pid], seen = resident(pid, seen)
    return known


if __name__ == "__main__":
    main()
