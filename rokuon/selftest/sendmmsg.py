"""sendmmsg(2) and the layouts of the structures that it reads, as numpy types.

Thin: knows nothing of RTP, streams or time.
"""

import ctypes
from collections.abc import Callable
from typing import Final

import numpy as np

SOCKADDR_IN: Final = np.dtype([("family", "u2"), ("port", ">u2"), ("host", "u1", 4), ("", "u1", 8)])
IOVEC: Final = np.dtype([("base", "u8"), ("length", "u8")])
# struct mmsghdr of a 64-bit Linux: struct msghdr, then msg_len, each padded to 8 bytes.
MMSGHDR: Final = np.dtype(
    {
        "names": ["name", "name_length", "vectors", "vector_count"],
        "formats": ["u8", "u4", "u8", "u8"],
        "offsets": [0, 8, 16, 24],
        "itemsize": 64,
    }
)
# The kernel takes at most this many messages in one call (UIO_MAXIOV).
MAX_MESSAGES: Final = 1024

# (address of the first mmsghdr, how many) → (messages taken, errno if it is none)
Transmit = Callable[[int, int], tuple[int, int]]

# CDLL lets go of the interpreter lock: the signalling runs while the kernel copies packets.
_sendmmsg = ctypes.CDLL(None, use_errno=True).sendmmsg
_sendmmsg.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int)
_sendmmsg.restype = ctypes.c_int


def transmit_from(descriptor: int) -> Transmit:
    """A `Transmit` that sends from the socket `descriptor`."""

    def transmit(messages: int, count: int) -> tuple[int, int]:
        taken = _sendmmsg(descriptor, messages, min(count, MAX_MESSAGES), 0)
        return (taken, 0) if taken > 0 else (0, ctypes.get_errno())

    return transmit
