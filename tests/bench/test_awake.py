"""Memory that is kept in use."""

import mmap
import os
import subprocess
import sys

import numpy as np

from bench.awake import PAGE, kept_awake, resident, rested_page_us, touch
from bench.processes import family_of

PAGES = 64
NOTHING = np.empty(0, np.uint64)
# Has that many pages that it has written to, says where, and lives until its input ends.
SLEEPER = (
    "import ctypes, mmap, sys; m = mmap.mmap(-1, 64 * mmap.PAGESIZE);"
    "a = ctypes.addressof(ctypes.c_char.from_buffer(m)); m.write(b'x' * 32 * mmap.PAGESIZE);"
    "print(a, flush=True); sys.stdin.read()"
)


def test_the_pages_of_another_process_that_are_there_are_read() -> None:
    """Half of its memory was never written to, and is not brought into being by being kept."""
    with subprocess.Popen(
        [sys.executable, "-c", SLEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        address = int(process.stdout.readline())
        own = np.arange(PAGES, dtype=np.uint64) * np.uint64(PAGE) + np.uint64(address)
        pages, frames = resident(process.pid, NOTHING)
        touched = touch(process.pid, pages)
        again, _ = resident(process.pid, NOTHING)
        process.communicate(b"")

    assert np.isin(own, pages).tolist() == [True] * 32 + [False] * 32
    assert len(pages) == len(frames) == touched
    assert np.isin(own, again).tolist() == [True] * 32 + [False] * 32


def test_what_was_seen_is_not_touched_twice() -> None:
    """Processes share most of what they have loaded; frames are told to root alone."""
    pages, frames = resident(os.getpid(), NOTHING)
    left, _ = resident(os.getpid(), frames)

    assert len(left) < len(pages) // 2 or not frames.any()


def test_of_a_process_that_has_ended_nothing_is_kept() -> None:
    """It may end between two looks, or between a look and a touch."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()

    assert len(resident(process.pid, NOTHING)[0]) == 0
    assert touch(process.pid, np.array([mmap.PAGESIZE], np.uint64)) == 0


def test_it_is_kept_by_a_process_beside_that_ends_with_the_block() -> None:
    """Whoever is measured does not pay for it."""
    before = set(family_of(os.getpid()))
    with kept_awake(wanted=False):
        unwanted = set(family_of(os.getpid())) - before
    with kept_awake():
        (beside,) = set(family_of(os.getpid())) - before
    after = set(family_of(os.getpid()))

    assert not unwanted
    assert beside not in after


def test_a_page_that_has_rested_has_its_price() -> None:
    """More than nothing, and no more than a disk would take."""
    assert 0 < rested_page_us() < 1e6
