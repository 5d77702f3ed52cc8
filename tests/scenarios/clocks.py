"""A clock for all processes of a Rokuon that a test can put forward.

Knows nothing of what passes meanwhile. Processes find it by their environment.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

_DAY_US: Final = 86_400_000_000
# Python imports it before anything else.
_SHIFT: Final = """\
import pathlib
from rokuon import clock
_real, _ahead = clock.now_us, pathlib.Path(__file__).with_name("ahead")
clock.now_us = lambda: _real() + int(_ahead.read_text())
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """Of every process that is started from now on; `folder` is its own."""

    folder: Path

    @classmethod
    def hung_up(cls, folder: Path, environment: pytest.MonkeyPatch) -> "Clock":
        """Begin with the right time."""
        (folder / "ahead").write_text("0")
        (folder / "sitecustomize.py").write_text(_SHIFT)
        environment.setenv("PYTHONPATH", str(folder), prepend=":")
        return cls(folder)

    def put_forward(self, days: int) -> None:
        """In one step, for all of them."""
        new = self.folder / "new"
        new.write_text(str(int((self.folder / "ahead").read_text()) + days * _DAY_US))
        new.replace(self.folder / "ahead")
