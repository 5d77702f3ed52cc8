"""inotify(7), which Python does not offer: what happens in folders, told by the kernel.

Thin: knows nothing of spools or parts.
"""

import ctypes
import os
import struct
from typing import Final, NamedTuple, Self

IN_CLOSE_WRITE: Final = 0x8
IN_MOVED_TO: Final = 0x80
IN_CREATE: Final = 0x100
IN_UNMOUNT: Final = 0x2000
IN_Q_OVERFLOW: Final = 0x4000
IN_IGNORED: Final = 0x8000
IN_ONLYDIR: Final = 0x1000000
IN_DONT_FOLLOW: Final = 0x2000000
IN_ISDIR: Final = 0x40000000

# watch, mask, cookie, bytes of the name that follows, in this machine's order.
_NOTICE: Final = struct.Struct("=iIII")
# Some hundred notices a read.
_READ_BYTES: Final = 1 << 16

_libc = ctypes.CDLL(None, use_errno=True)


class InotifyEvent(NamedTuple):
    """One thing that happened: in which watched folder, what (`IN_…`), to which name."""

    watch: int
    mask: int
    name: str


class Inotify:
    """A queue of notices, and the folders that feed it; everything raises `OSError`.

    `descriptor` can be read while notices wait.
    """

    def __init__(self) -> None:
        self.descriptor = _checked(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))

    def watch(self, folder: str, mask: int) -> int:
        """Let a folder feed the queue; its number in an `InotifyEvent`. Links are not followed."""
        wanted = mask | IN_ONLYDIR | IN_DONT_FOLLOW
        return _checked(_libc.inotify_add_watch(self.descriptor, os.fsencode(folder), wanted))

    def read(self) -> list[InotifyEvent]:
        """All notices that wait, in their order; does not wait for any."""
        found: list[InotifyEvent] = []
        while True:
            try:
                found.extend(_notices(os.read(self.descriptor, _READ_BYTES)))
            except BlockingIOError:
                return found

    def close(self) -> None:
        """Let go of queue and folders."""
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _notices(packed: bytes) -> list[InotifyEvent]:
    found, at = [], 0
    while at < len(packed):
        watch, mask, _, size = _NOTICE.unpack_from(packed, at)
        at += _NOTICE.size
        found.append(InotifyEvent(watch, mask, os.fsdecode(packed[at : at + size].rstrip(b"\0"))))
        at += size
    return found


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
