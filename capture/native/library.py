"""The compiled inner loop of the relay: found beside this module and loaded, or why it is not.

Knows nothing of packets, calls or settings; what the loop does is asked of what is loaded.
"""

import stat
from ctypes import CDLL, c_uint32
from enum import StrEnum
from pathlib import Path
from typing import Final

# Made of relay_loop.c by deploy/native_build.py; never committed, never taken from elsewhere.
LIBRARY: Final = Path(__file__).with_name("relay_loop.so")
# Raised with every change of what Python and C share; relay_loop.c has the same number.
ABI: Final = 3


class Unavailable(StrEnum):
    """Why there is no compiled loop; the text is for a log line, doctor has its own."""

    NOT_BUILT = "no compiled loop"
    WRITABLE = "the compiled loop may be written by everybody"
    NOT_LOADABLE = "the compiled loop does not load on this machine"
    OTHER_VERSION = "the compiled loop is of another version"


def load_library(path: Path = LIBRARY) -> CDLL | Unavailable:
    """Return the compiled loop at this place, or why it is not used."""
    try:
        is_open = any(each.stat().st_mode & stat.S_IWOTH for each in (path, path.parent))
    except OSError:
        return Unavailable.NOT_BUILT
    if is_open:
        return Unavailable.WRITABLE
    try:
        library = CDLL(str(path))
        abi = library.rokuon_abi
    except (OSError, AttributeError):
        return Unavailable.NOT_LOADABLE
    abi.restype, abi.argtypes = c_uint32, ()
    return library if abi() == ABI else Unavailable.OTHER_VERSION
