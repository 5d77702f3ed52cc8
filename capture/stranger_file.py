"""The file of unknown callers, which `rokuon source unknown` reads.

Written whole and only where there are new ones. Knows nothing of SIP.
"""

from pathlib import Path
from typing import Final

from capture.sources import Strangers

# A line of JSON per unknown address: {"address", "count", "last_at"}.
UNKNOWN_FILE: Final = "unknown-sources.jsonl"


class StrangerFile:
    """One file in the capture folder; `written` is how many INVITEs it tells of."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / UNKNOWN_FILE
        self.written = 0

    def show(self, strangers: Strangers) -> None:
        """Write it again where somebody has called since; raises `OSError`."""
        if strangers.total == self.written:
            return
        self.written = strangers.total
        draft = self._path.with_name(f".{UNKNOWN_FILE}.draft")
        draft.write_text(strangers.as_lines(), "utf-8")
        draft.rename(self._path)
