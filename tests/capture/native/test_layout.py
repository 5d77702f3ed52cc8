"""One layout on both sides of the compiled loop."""

import ctypes

import pytest

from capture.native import layout
from capture.native.choice import layout_of
from capture.native.layout import Loop, LoopEnd, VoiceNumbers, described
from capture.native.library import Unavailable, load_library

library = load_library()


@pytest.mark.skipif(isinstance(library, Unavailable), reason="no compiled loop")
def test_the_compiled_loop_was_built_with_this_layout() -> None:
    """Bounds, sizes, and the place and size of each field."""
    assert isinstance(library, ctypes.CDLL)
    assert layout_of(library) == described()


def test_every_bound_and_field_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    """What moves, or has another size, is another description."""
    before = described()
    monkeypatch.setattr(layout, "MAX_RUN", layout.MAX_RUN + 1)
    bounds = described()

    class Moved(ctypes.Structure):
        _fields_ = [("more", ctypes.c_uint32), *VoiceNumbers._fields_]

    monkeypatch.setattr(layout, "STRUCTURES", (Moved, *layout.STRUCTURES[1:]))

    assert bounds != before
    assert described() != bounds


def test_a_leg_lies_on_few_lines_of_the_cache() -> None:
    """A thousand calls have two thousand of them, and each packet touches two."""
    assert ctypes.sizeof(LoopEnd) <= 7 * 64
    assert ctypes.sizeof(Loop) <= 4096
