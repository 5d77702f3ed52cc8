"""The file of unknown callers, which `rokuon source unknown` reads.

Written whole and only where there are new ones. Knows nothing of SIP.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capture.peers.published_file import PublishedFile
from capture.peers.sources import UnknownSources

# A line of JSON per unknown address: {"address", "count", "last_at"}.
UNKNOWN_FILE: Final = "unknown-sources.jsonl"


@dataclass(frozen=True, slots=True)
class UnknownSourcesNews:
    """How many INVITEs of unknown callers there were, and the lines that tell of them."""

    total: int
    lines: bytes


class UnknownSourcesFile:
    """One file in the capture folder; `written` is how many INVITEs it tells of."""

    def __init__(self, folder: Path) -> None:
        self._file = PublishedFile(folder / UNKNOWN_FILE)
        self.written = 0

    def news(self, unknown: UnknownSources) -> UnknownSourcesNews:
        """What it has to tell; no lines where nobody has called since it was written."""
        lines = unknown.as_lines().encode() if unknown.total != self.written else b""
        return UnknownSourcesNews(unknown.total, lines)

    def show(self, news: UnknownSourcesNews) -> None:
        """Write it again, if that can be, where there are news."""
        if news.lines and self._file.show(news.lines):
            self.written = news.total
