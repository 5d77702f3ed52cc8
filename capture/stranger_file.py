"""The file of unknown callers, which `rokuon source unknown` reads.

Written whole and only where there are new ones. Knows nothing of SIP.
"""

from pathlib import Path
from typing import Final

from capture.shown_file import ShownFile
from capture.sources import Strangers

# A line of JSON per unknown address: {"address", "count", "last_at"}.
UNKNOWN_FILE: Final = "unknown-sources.jsonl"


class StrangerFile:
    """One file in the capture folder; `written` is how many INVITEs it tells of."""

    def __init__(self, folder: Path) -> None:
        self._file = ShownFile(folder / UNKNOWN_FILE)
        self.written = 0

    def show(self, strangers: Strangers) -> None:
        """Write it again, if that can be, where somebody has called since."""
        told = strangers.total
        if told != self.written and self._file.show(strangers.as_lines().encode()):
            self.written = told
