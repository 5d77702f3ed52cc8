"""Touches the machine's free memory once, so that nobody is charged for the host's work.

A virtual machine gets its memory from the host page by page, at the first touch: 12 µs a page where
this was measured, three times what it takes to write one. A recorder writes fresh pages all the
time; on a machine that has been up for a while they are not fresh to the host.
"""

from pathlib import Path
from typing import Final

import numpy as np

PAGE_BYTES: Final = 4096
CHUNK_BYTES: Final = 1 << 30
# For everybody else while it lasts.
LEFT_BYTES: Final = 1 << 30


def free_bytes() -> int:
    """Memory that holds nothing, not even files that were read (MemFree of proc(5))."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        name, _, figure = line.partition(":")
        if name == "MemFree":
            return int(figure.split()[0]) * 1024
    return 0


def touch_free_memory() -> int:
    """Write into each free page, then give all back; how many bytes that were."""
    chunks = max(0, free_bytes() - LEFT_BYTES) // CHUNK_BYTES
    held = []
    for _ in range(chunks):
        held.append(np.zeros(CHUNK_BYTES, np.uint8))
        held[-1][::PAGE_BYTES] = 1
    return len(held) * CHUNK_BYTES
