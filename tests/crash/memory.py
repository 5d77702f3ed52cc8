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
        for start, end in readable_regions(pid):
            for at in range(start, end, CHUNK_BYTES):
                data = _read(descriptor, at, min(end, at + CHUNK_BYTES + overlap) - at)
                found |= {name for name, needle in missing.items() if needle in data}
            for name in found & missing.keys():
                del missing[name]
    finally:
        os.close(descriptor)
    return found


def readable_regions(pid: int) -> Iterator[tuple[int, int]]:
    """Address ranges that can be read: heap, stacks, libraries, shared memory."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        span, rights, *_ = line.split()
        if rights.startswith("r") and not line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
            start, _, end = span.partition("-")
            yield int(start, 16), int(end, 16)


def _read(descriptor: int, at: int, size: int) -> bytes:
    """What can be read from `at`; a region that went away meanwhile holds nothing any more."""
    try:
        return os.pread(descriptor, size, at)
    except OSError:
        return b""
