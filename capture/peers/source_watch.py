"""When each source was last heard of: by a call, by a ping; and which ones are silent for too long.

Pure but for the files of that and of unknown callers, which `rokuon doctor` and `rokuon source
unknown` read. Knows nothing of what a call is.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from capture.peers.published_file import PublishedFile
from capture.peers.sources import Source, UnknownSources

SEEN_FILE: Final = "sources-seen.json"
# A client pings at least every few minutes, or nobody knows that it lives.
ALIVE_US: Final = 300_000_000
# How long `rokuon doctor` tells of who spoke in another's dialog.
TOLD_FOR_US: Final = 86_400_000_000
_MICRO: Final = 1_000_000
# A line of JSON per unknown address: {"address", "count", "last_at"}.
UNKNOWN_FILE: Final = "unknown-sources.jsonl"


class SourceSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A source and when it was last heard of, µs UTC; 0 = never. `since_us`: watched since then.

    At `intruded_us` it spoke last in a dialog of another tenant.
    """

    name: str
    since_us: int
    call_us: int = 0
    ping_us: int = 0
    intruded_us: int = 0

    def is_intruder(self, now_us: int) -> bool:
        """Did it speak in a dialog of another tenant of late?"""
        return self.intruded_us > 0 and now_us - self.intruded_us < TOLD_FOR_US

    def is_silent(self, after_s: int, now_us: int) -> bool:
        """Does it live, and has it sent no call for so long? Never where `after_s` is 0."""
        lives = self.ping_us > 0 and now_us - self.ping_us < ALIVE_US
        quiet_us = now_us - max(self.call_us, self.since_us)
        return bool(after_s) and lives and quiet_us > after_s * _MICRO


class SourceWatch:
    """Every configured source; `calls` counts since the start."""

    def __init__(self, sources: Iterable[Source], now_us: int, before: bytes = b"") -> None:
        self.calls: Final[Counter[str]] = Counter()
        self._after_s: dict[str, int] = {}
        self._seen: dict[str, SourceSeen] = {each.name: each for each in read_seen(before)}
        self.configure(sources, now_us)

    def configure(self, sources: Iterable[Source], now_us: int) -> None:
        self._after_s = {source.name: source.alarm_after_s for source in sources}
        self._seen = {
            name: self._seen.get(name, SourceSeen(name=name, since_us=now_us))
            for name in self._after_s
        }

    def called(self, name: str, now_us: int) -> None:
        self.calls[name] += 1
        self._note(name, call_us=now_us)

    def pinged(self, name: str, now_us: int) -> None:
        """The source asks whether we are there."""
        self._note(name, ping_us=now_us)

    def intruded(self, name: str, now_us: int) -> None:
        """The source spoke in a dialog of another tenant."""
        self._note(name, intruded_us=now_us)

    def _note(self, name: str, **when: int) -> None:
        if (known := self._seen.get(name)) is not None:
            self._seen[name] = msgspec.structs.replace(known, **when)

    def silent(self, now_us: int) -> Iterator[str]:
        """The sources that live and send nothing."""
        for name, seen in self._seen.items():
            if seen.is_silent(self._after_s[name], now_us):
                yield name

    def as_bytes(self) -> bytes:
        return msgspec.json.encode(list(self._seen.values()))


def read_seen(content: bytes) -> list[SourceSeen]:
    """What the file says; a file that cannot be read says nothing."""
    try:
        return msgspec.json.decode(content, type=list[SourceSeen]) if content else []
    except msgspec.MsgspecError:
        return []


class SeenFile:
    """The file in the capture folder, written where something has changed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SEEN_FILE
        self._file = PublishedFile(self._path)

    def read(self) -> bytes:
        """What it says; b"" where there is none. Raises `OSError`."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""

    def left(self) -> bytes:
        """What a predecessor left; b"" where that cannot be read."""
        return self._file.left()

    def says(self, content: bytes) -> bool:
        """Whether it says this, as far as we know."""
        return self._file.says(content)

    def show(self, content: bytes) -> None:
        """Write it again, if that can be, where it says something else."""
        self._file.show(content)


@dataclass(frozen=True, slots=True)
class UnknownSourcesNews:
    """How many INVITEs of unknown callers there were, and the lines that tell of them."""

    total: int
    lines: bytes


class UnknownSourcesFile:
    """Written only where there are new ones; `written` is how many INVITEs it tells of."""

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
