"""The few system calls that Python does not offer, and the constants of their sockets.

Thin: knows nothing of rings, calls or files.
"""

import ctypes
import os
import socket
import struct
from typing import ClassVar, Final

SO_TIMESTAMPNS: Final = 35
SO_RXQ_OVFL: Final = 40
SO_ATTACH_FILTER: Final = 26
SO_DETACH_FILTER: Final = 27
MSG_TRUNC: Final = 0x20
MSG_DONTWAIT: Final = 0x40
_BPF_RETURN_NOTHING: Final = struct.pack("HBBI", 0x06, 0, 0, 0)
# MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT: of the holder's large memories only what is used.
_MCL_WHAT_IS_USED: Final = 7
_PR_SET_DUMPABLE: Final = 4

# PyDLL keeps the interpreter lock: right for calls that never wait.
_held = ctypes.PyDLL(None)
_released = ctypes.CDLL(None, use_errno=True)

recvmmsg = _held.recvmmsg
recvmmsg.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p)
recvmmsg.restype = ctypes.c_int

# The same for arguments that are ctypes values already: a fifth of the call's time is converting.
recvmmsg_prepared = ctypes.PyDLL(None).recvmmsg
recvmmsg_prepared.restype = ctypes.c_int


def syncfs(descriptor: int) -> None:
    """Write the whole file system that `descriptor` lies on (syncfs(2)); raises `OSError`."""
    if _released.syncfs(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


class _Program(ctypes.Structure):
    _fields_: ClassVar = [("count", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


_NOTHING = ctypes.create_string_buffer(_BPF_RETURN_NOTHING)
_DEAF = _Program(1, ctypes.addressof(_NOTHING))


def close_filter(descriptor: int) -> None:
    """Let the kernel drop whatever arrives on a socket; raises `OSError`."""
    _set_option(descriptor, SO_ATTACH_FILTER, ctypes.byref(_DEAF), ctypes.sizeof(_DEAF))


def open_filter(descriptor: int) -> None:
    """Undo `close_filter`; a socket without a filter stays as it is. Raises `OSError`."""
    unused = ctypes.c_int(0)
    try:
        _set_option(descriptor, SO_DETACH_FILTER, ctypes.byref(unused), ctypes.sizeof(unused))
    except FileNotFoundError:
        return


def _set_option(descriptor: int, option: int, value: object, size: int) -> None:
    if _released.setsockopt(descriptor, socket.SOL_SOCKET, option, value, size) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def keep_memory_private() -> None:
    """No core dump and, where the limits allow it, no swap for this process."""
    _released.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    _released.mlockall(_MCL_WHAT_IS_USED)
