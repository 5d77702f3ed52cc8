"""What a process has in its memory, searched for given bytes (proc(5), as root).

Linux only. Knows nothing of keys: needles are bytes with a name.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

CHUNK_BYTES: Final = 16 << 20


def found_in(pid: int, needles: Mapping[str, bytes]) -> set[str]:
    """The names of those needles that lie anywhere in the memory of a process."""
    missing, found = dict(needles), set[str]()
    overlap = max(map(len, needles.values())) - 1
    descriptor = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        for start, end in written_regions(pid):
            for at in range(start, end, CHUNK_BYTES):
                data = _read(descriptor, at, min(end, at + CHUNK_BYTES + overlap) - at)
                found |= {name for name, needle in missing.items() if needle in data}
            for name in found & missing.keys():
                del missing[name]
    finally:
        os.close(descriptor)
    return found


def written_regions(pid: int) -> Iterator[tuple[int, int]]:
    """Address ranges that can hold what a process has made: heap, stacks, data, shared memory.

    Left out are pages of program files that nobody can write.
    """
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        span, rights, *_ = line.split()
        if rights.startswith("rw") or (rights.startswith("r") and is_anonymous(line)):
            start, _, end = span.partition("-")
            yield int(start, 16), int(end, 16)


def is_anonymous(line: str) -> bool:
    """Whether a mapping is of no file and none of the kernel's own pages."""
    return len(line.split()) < 6


def _read(descriptor: int, at: int, size: int) -> bytes:
    """What can be read from `at`; a region that went away meanwhile holds nothing any more."""
    try:
        return os.pread(descriptor, size, at)
    except OSError:
        return b""
