"""Wait until the kernel stamps datagrams as they arrive.

The kernel begins to stamp some time after the first socket has asked for it; until then a datagram
bears the time at which it was read. Knows nothing of calls.
"""

import socket
import time
from typing import Final

from capture.holder import kernel

WAIT_S: Final = 1.0
_PAUSE_S: Final = 0.001
_CONTROL_BYTES: Final = 64
_PROBE: Final = b"?"
_STAMP_BYTES: Final = 16


def await_stamps(wait_s: float = WAIT_S) -> bool:
    """Send datagrams to ourselves until one bears its arrival; False where none did in time."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ears,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth,
    ):
        ears.setsockopt(socket.SOL_SOCKET, kernel.SO_TIMESTAMPNS, 1)
        ears.bind(("127.0.0.1", 0))
        ears.settimeout(wait_s)
        mouth.connect(ears.getsockname())
        until_s = time.monotonic() + wait_s
        while time.monotonic() < until_s:
            if _bears_its_arrival(mouth, ears):
                return True
            time.sleep(_PAUSE_S)
    return False


def _bears_its_arrival(mouth: socket.socket, ears: socket.socket) -> bool:
    """Whether a datagram that has arrived says so although it is read later."""
    mouth.send(_PROBE)
    sent_ns = time.time_ns()
    _, control, _, _ = ears.recvmsg(len(_PROBE), _CONTROL_BYTES)
    return any(
        _nanoseconds(stamp) <= sent_ns
        for level, kind, stamp in control
        if (level, kind) == (socket.SOL_SOCKET, kernel.SO_TIMESTAMPNS)
    )


def _nanoseconds(stamp: bytes) -> int:
    """A `struct timespec` as a number."""
    seconds, rest = (
        int.from_bytes(stamp[at : at + 8], "little") for at in range(0, _STAMP_BYTES, 8)
    )
    return seconds * 1_000_000_000 + rest
