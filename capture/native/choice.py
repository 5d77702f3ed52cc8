"""Which loop a relay runs, and why: as `inline.relay_loop` wishes and what is there allows.

The one place that says it: relays run by it, doctor and metrics tell it. Knows no call.
"""

import ctypes
from ctypes import CDLL, POINTER, c_bool, c_uint32
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from capture.native.layout import described
from capture.native.library import Unavailable, load_library

LoopWord = Literal["auto", "native", "python"]


class RelayLoop(StrEnum):
    """The loop that plain packets take."""

    NATIVE = "native"
    # In clear the compiled one, with SRTP Python's.
    NATIVE_CLEAR = "native in clear"
    PYTHON = "python"


class Because(StrEnum):
    """Why it is that one, where the compiled loop could be loaded or was not wished."""

    LOADED = "the compiled loop is loaded"
    NO_CRYPTO = "SRTP needs a libcrypto.so.3 that is not there, or lacks something"
    WISHED = "inline.relay_loop says so"
    OTHER_LAYOUT = "the compiled loop lays out its memory in another way"


@dataclass(frozen=True, slots=True)
class LoopChoice:
    """The loop, why, and its library."""

    loop: RelayLoop
    because: Because | Unavailable
    library: CDLL | None = None

    @property
    def is_lacking(self) -> bool:
        """Whether some packets take Python's loop because the compiled one is not to be had."""
        return self.because not in (Because.LOADED, Because.WISHED)


def choose_loop(wish: LoopWord) -> LoopChoice:
    """The loop to run; without the compiled one it is Python's, whatever is wished."""
    if wish == "python":
        return LoopChoice(RelayLoop.PYTHON, Because.WISHED)
    library = load_library()
    if isinstance(library, Unavailable):
        return LoopChoice(RelayLoop.PYTHON, library)
    if layout_of(library) != described():
        return LoopChoice(RelayLoop.PYTHON, Because.OTHER_LAYOUT)
    if not finds_crypto(library):
        return LoopChoice(RelayLoop.NATIVE_CLEAR, Because.NO_CRYPTO, library)
    return LoopChoice(RelayLoop.NATIVE, Because.LOADED, library)


def finds_crypto(library: CDLL) -> bool:
    """Have the compiled loop look for libcrypto; whether it has all that SRTP needs."""
    look = library.rokuon_crypto
    look.restype, look.argtypes = c_bool, ()
    return bool(look())


def layout_of(library: CDLL) -> list[int]:
    """What the compiled loop says of its structures, in the order of `described`."""
    numbers = POINTER(c_uint32)()
    tell = library.rokuon_layout
    tell.restype, tell.argtypes = c_uint32, (POINTER(POINTER(c_uint32)),)
    return numbers[: tell(ctypes.byref(numbers))]
