"""Cost per packet: the bare sweep, our recorder and rtpengine, in turn, under the same load.

Run `python -m bench.ingest --streams 1000 2000 6000 --seconds 60 --runs 5 --json FILE`; exit code 3
where a promise is missed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.facts import machine_facts
from bench.floor import FloorRun, built, run_floor
from bench.generator import raise_descriptor_limit
from bench.ours import OursRun, run_ours
from bench.progress import steps
from bench.promises import FINDINGS, MAX_RATIO, MAX_US_PER_PACKET
from bench.report import median_of, spread, table, write_json
from bench.rtpengine import MAX_STREAMS, PeerRun, run_rtpengine

# µs of CPU per packet. Two floors: the C loop as bare as it can be, and the same loop that asks for
# what a recorder must know of each packet.
HEADS: Final = (
    "streams", "C loop, bare", "C loop, time stamps + sender", "ours, all processes", "÷ bare",
    "÷ with stamps", "rtpengine, relay", "rtpengine, relay + pcap", "generator", "lost",
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
        return [
            f"{self.streams:,}",
            *(_cost(runs) for runs in (self.bare, self.stamps, self.ours)),
            self.ratio(self.bare),
            self.ratio(self.stamps),
            *(_cost(runs) for runs in (self.relay, self.relay_pcap)),
            median_of([run.generator.us_per_packet for run in self.ours]),
            self.lost,
        ]

    @property
    def missed(self) -> list[str]:
        """The promises that the medians do not keep, in words; judged by the bare loop."""
        ratio = self.ratio(self.bare)
        told = (
            (self.us_per_packet > MAX_US_PER_PACKET, f"{self.us_per_packet:.2f} µs per packet"),
            (ratio > MAX_RATIO, f"{ratio:.2f} × the bare loop"),
            (self.lost > 0, f"{self.lost:,} packets lost"),
        )
        return [f"{self.streams:,} streams: {what}" for missed, what in told if missed]


def _cost(runs: Sequence[FloorRun] | Sequence[OursRun] | Sequence[PeerRun]) -> str:
    return spread([run.us_per_packet for run in runs])


@dataclass(slots=True, kw_only=True)
class IngestFigures:
    """Everything that was measured of the cost per packet."""

    command: list[str]
    machine: dict[str, object]
    seconds: int
    runs: list[Figures]

    @property
    def missed(self) -> list[str]:
        """The promises that are not kept, in words."""
        return [what for figures in self.runs for what in figures.missed]

    def table(self) -> str:
        """A line per number of streams."""
        return table(HEADS, [figures.row() for figures in self.runs])


def turn(figures: Figures, program: Path, seconds: int) -> list[tuple[str, Callable[[], None]]]:
    """Everything once, each with its name: one after another, so that a slow minute strikes all."""
    streams = figures.streams
    every: list[tuple[str, Callable[[], None]]] = [
        (
            "C loop, bare",
            lambda: figures.bare.append(run_floor(program, streams, seconds, stamps=False)),
        ),
        ("ours", lambda: figures.ours.append(run_ours(streams, seconds))),
        (
            "C loop, stamps",
            lambda: figures.stamps.append(run_floor(program, streams, seconds, stamps=True)),
        ),
    ]
    peers: list[tuple[str, Callable[[], None]]] = [
        (
            "rtpengine",
            lambda: figures.relay.append(run_rtpengine(streams, seconds, recording=False)),
        ),
        (
            "rtpengine + pcap",
            lambda: figures.relay_pcap.append(run_rtpengine(streams, seconds, recording=True)),
        ),
    ]
    return every + peers if streams <= MAX_STREAMS else every


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this bench can be asked for."""
    add = parser.add_argument
    add("--streams", type=int, nargs="+", default=[1_000, 2_000, 6_000], help="numbers of streams")
    add("--seconds", type=int, default=60, help="steady state measured in each run")
    add("--runs", type=int, default=5, help="turns; the table shows medians")


def measure(arguments: argparse.Namespace, command: Sequence[str]) -> IngestFigures:
    """All turns, interleaved; written to the file after each."""
    raise_descriptor_limit()
    figures = IngestFigures(
        command=list(command),
        machine=machine_facts(),
        seconds=arguments.seconds,
        runs=[Figures(streams) for streams in arguments.streams],
    )
    with built() as program:
        turns = [
            (each, turn(each, program, arguments.seconds))
            for _ in range(arguments.runs)
            for each in figures.runs
        ]
        with steps(sum(len(works) for _, works in turns)) as step:
            for each, works in turns:
                for name, work in works:
                    step(f"{name}, {each.streams:,} streams for {arguments.seconds} s")
                    work()
                write_json(arguments.json, figures)
    return figures


def main() -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-ingest.json"))
    figures = measure(parser.parse_args(), ["python", "-m", "bench.ingest", *sys.argv[1:]])
    print(figures.table())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
