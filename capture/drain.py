"""Whether new calls are refused until an operator says otherwise; a file, so that it outlives us.

Knows nothing of calls.
"""

from pathlib import Path
from typing import Final

DRAIN_FILE: Final = "draining"


class Drain:
    """The wish to take no new calls. Its file goes when capture is started anew."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / DRAIN_FILE
        self.wanted = self._path.exists()

    def want(self, *, wanted: bool) -> None:
        """Drain from now on, or no longer; raises `OSError`."""
        if wanted:
            self._path.touch()
        else:
            self._path.unlink(missing_ok=True)
        self.wanted = wanted
