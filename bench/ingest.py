"""Cost per packet: the bare sweep, our recorder and rtpengine, in turn, under the same load.

Run `python -m bench.ingest --streams 1000 2000 6000 --seconds 60 --runs 5 --json FILE`; exit code 3
where a promise is missed.
"""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.facts import machine_facts
from bench.floor import FloorRun, built, run_floor
from bench.generator import raise_descriptor_limit
from bench.ours import OursRun, run_ours
from bench.report import median_of, table, write_json
from bench.rtpengine import MAX_STREAMS, PeerRun, run_rtpengine

# DESIGN's promises: µs per packet, and as a multiple of the floor with time stamps and addresses.
MAX_US_PER_PACKET: Final = 2.0
MAX_RATIO: Final = 1.8
FINDINGS: Final = 3
HEADS: Final = (
    "streams", "floor, bare", "floor, stamps + source", "ours", "÷ bare", "÷ stamps",
    "rtpengine", "rtpengine + pcap", "generator", "lost",
)  # fmt: skip


@dataclass(slots=True)
class Figures:
    """All runs at one number of streams, in the order in which they were made."""

    streams: int
    bare: list[FloorRun] = field(default_factory=list)
    stamps: list[FloorRun] = field(default_factory=list)
    ours: list[OursRun] = field(default_factory=list)
    relay: list[PeerRun] = field(default_factory=list)
    relay_pcap: list[PeerRun] = field(default_factory=list)

    @property
    def us_per_packet(self) -> float:
        """The median of our runs."""
        return median_of([run.us_per_packet for run in self.ours])

    def ratio(self, floors: list[FloorRun]) -> float:
        """The median of run by run: ours beside the floor of the same turn."""
        pairs = zip(self.ours, floors, strict=True)
        return median_of([ours.us_per_packet / floor.us_per_packet for ours, floor in pairs])

    @property
    def lost(self) -> int:
        """Packets dropped before our recorder read them, in all runs."""
        return sum(run.dropped for run in self.ours)

    def row(self) -> list[object]:
        """A line of the table: medians in µs per packet."""
        peers = [
            median_of([run.us_per_packet for run in runs]) if runs else "–"
            for runs in (self.relay, self.relay_pcap)
        ]
        return [
            f"{self.streams:,}",
            median_of([run.us_per_packet for run in self.bare]),
            median_of([run.us_per_packet for run in self.stamps]),
            self.us_per_packet,
            self.ratio(self.bare),
            self.ratio(self.stamps),
            *peers,
            median_of([run.generator.us_per_packet for run in self.ours]),
            self.lost,
        ]

    @property
    def keeps_promises(self) -> bool:
        """Whether the medians are within DESIGN's figures and nothing was lost."""
        cheap = self.us_per_packet <= MAX_US_PER_PACKET
        return cheap and self.ratio(self.stamps) <= MAX_RATIO and self.lost == 0


def one_turn(figures: Figures, program: Path, seconds: int) -> None:
    """Everything once, one after another, so that a slow minute of the machine strikes all."""
    streams = figures.streams
    figures.bare.append(run_floor(program, streams, seconds, stamps=False))
    figures.ours.append(run_ours(streams, seconds))
    figures.stamps.append(run_floor(program, streams, seconds, stamps=True))
    if streams <= MAX_STREAMS:
        figures.relay.append(run_rtpengine(streams, seconds, recording=False))
        figures.relay_pcap.append(run_rtpengine(streams, seconds, recording=True))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, nargs="+", default=[1_000, 2_000, 6_000])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, default=Path("ingest.json"))
    return parser.parse_args()


def main() -> int:
    """Measure, write the JSON file, print the table."""
    arguments = _arguments()
    raise_descriptor_limit()
    everything = [Figures(streams) for streams in arguments.streams]
    with built() as program:
        for _ in range(arguments.runs):
            for figures in everything:
                one_turn(figures, program, arguments.seconds)
                content = {
                    "command": ["python", "-m", "bench.ingest", *sys.argv[1:]],
                    "machine": machine_facts(),
                    "runs": everything,
                }
                write_json(arguments.json, content)
                print(table(HEADS, [figures.row()]), flush=True)
    print(table(HEADS, [figures.row() for figures in everything]))
    return 0 if all(figures.keeps_promises for figures in everything) else FINDINGS


if __name__ == "__main__":
    sys.exit(main())
