"""What processes hold: descriptors and memory, read again and again, and how it has grown.

Linux only. Knows nothing of what the processes do.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.processes import name_of
from bench.report import median_of

_BARS: Final = "▁▂▃▄▅▆▇█"
_SHOWN: Final = 30
# A single reading falls into the middle of something; the median of a few does not.
_READINGS: Final = 4
_ROLLUP: Final = re.compile(r"^(Rss|Pss): +([0-9]+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Held:
    """One process at one instant."""

    descriptors: int
    rss_kib: int
    pss_kib: int


@dataclass(slots=True, kw_only=True)
class Footprint:
    """One process through all readings; `start` before the first call, `end` after the last one."""

    name: str
    start: Held
    readings: list[tuple[float, Held]] = field(default_factory=list)
    end: Held | None = None

    @property
    def descriptors_left(self) -> int:
        """How many more it has at the end than at the start."""
        return self.end.descriptors - self.start.descriptors if self.end is not None else 0

    def growth(self, settled_s: float) -> float:
        """Of its memory, as a share: from the first readings after `settled_s` to the last."""
        settled = [held.rss_kib for at_s, held in self.readings if at_s >= settled_s]
        few = max(1, min(_READINGS, len(settled) // 2))
        before, after = median_of(settled[:few]), median_of(settled[-few:])
        return after / before - 1 if before else 0.0

    def row(self, settled_s: float) -> list[object]:
        """A line of the table; memory in MiB."""
        memory = [held.rss_kib / 1024 for _, held in self.readings]
        last = self.readings[-1][1] if self.readings else self.start
        peak = max((held.descriptors for _, held in self.readings), default=0)
        return [
            self.name,
            self.start.descriptors,
            peak,
            self.end.descriptors if self.end is not None else "ended",
            f"{self.start.rss_kib / 1024:.1f}",
            f"{last.rss_kib / 1024:.1f}",
            f"{last.pss_kib / 1024:.1f}",
            f"{100 * self.growth(settled_s):+.2f} %",
            sparkline(memory),
        ]


def _part_of(pid: int) -> str:
    """Which process of a recorder it is: neither its number nor where its files are says so."""
    return " ".join(word for word in name_of(pid).split()[1:] if "/" not in word)


HEADS: Final = (
    "process", "descriptors before", "most", "after", "RSS before, MiB", "RSS with calls",
    "PSS with calls", "growth once settled", "RSS over time",
)  # fmt: skip


def held_by(pid: int) -> Held | None:
    """What a process holds; None once it has ended."""
    try:
        descriptors = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        found = dict(_ROLLUP.findall(Path(f"/proc/{pid}/smaps_rollup").read_text()))
    except (FileNotFoundError, ProcessLookupError):
        return None
    return Held(descriptors, int(found.get("Rss", 0)), int(found.get("Pss", 0)))


class Watch:
    """The footprints of some processes; ended and new ones are told apart."""

    def __init__(self, pids: Iterable[int]) -> None:
        self.footprints: dict[int, Footprint] = {}
        for pid in pids:
            held = held_by(pid)
            if held is not None:
                self.footprints[pid] = Footprint(name=_part_of(pid), start=held)

    def read(self, at_s: float) -> None:
        """One more reading of all."""
        for pid, footprint in self.footprints.items():
            held = held_by(pid)
            if held is not None:
                footprint.readings.append((round(at_s, 1), held))

    def finish(self) -> list[Footprint]:
        """The reading after everything; all footprints."""
        for pid, footprint in self.footprints.items():
            footprint.end = held_by(pid)
        return list(self.footprints.values())


def sparkline(values: Sequence[float]) -> str:
    """Bars between the least and the most, at most thirty of them."""
    if not values:
        return ""
    few = values[:: max(1, -(-len(values) // _SHOWN))]
    least, most = min(few), max(few)
    step = (most - least) / (len(_BARS) - 1) or 1.0
    return "".join(_BARS[int((value - least) / step)] for value in few)
