"""Relayed and recorded calls beside rtpengine: CPU per packet, added delay, set-ups a second.

Run `python -m bench.inline --calls 100 500 1000 --seconds 30 --runs 3 --json FILE`; exit
code 3 where a promise is missed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import awake, inline_setups
from bench.facts import machine_facts
from bench.generator import raise_descriptor_limit
from bench.inline_setups import MAX_P99_MS, RateFigures, at_fresh_recorders, highest
from bench.progress import Step, steps
from bench.promises import (
    FINDINGS,
    RELAY_MAX_RATIO,
    RELAY_P99_MS,
    SETUP_P99_MS,
    SETUPS_PER_S,
    SRTP_RELAY_MAX_RATIO,
)
from bench.relay_ours import run_ours
from bench.relay_rtpengine import run_rtpengine
from bench.relay_run import RelayRun
from bench.report import median_of, spread, table, write_json

CALLS: Final = (100, *RELAY_P99_MS)
RATES: Final = (25.0, 50.0, 75.0, 100.0, SETUPS_PER_S, 200.0, 250.0, 300.0, 400.0, 500.0)
COST_HEADS: Final = (
    "calls", "SRTP", "ours, relay + record + seal", "of it the relays", "rtpengine, relay",
    "rtpengine, relay + pcap", "÷ relay", "÷ relay + pcap", "generator", "refused", "lost",
)  # fmt: skip
DELAY_HEADS: Final = (
    "calls", "SRTP", "ours p50", "p99", "worst", "host took %",
    "rtpengine + pcap p50", "p99", "worst", "host took %",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class RelayFigures:
    """All runs at one number of calls, in clear or with SRTP on both sides, in their order."""

    calls: int
    secure: bool
    ours: list[RelayRun] = field(default_factory=list)
    relay: list[RelayRun] = field(default_factory=list)
    relay_pcap: list[RelayRun] = field(default_factory=list)

    @property
    def _name(self) -> str:
        return f"{self.calls:,} calls{' with SRTP' if self.secure else ''}"

    def ratio(self, peers: list[RelayRun]) -> float:
        """The median of turn by turn: ours beside the peer of the same turn."""
        pairs = zip(self.ours, peers, strict=True)
        return median_of([ours.us_per_packet / peer.us_per_packet for ours, peer in pairs])

    @property
    def lost(self) -> int:
        """Packets that ours lost, in all runs."""
        return sum(run.lost + max(run.lossy, 0) for run in self.ours)

    @property
    def refused(self) -> int:
        """Calls that a run of ours had no room for, at the most."""
        return max((self.calls - run.calls for run in self.ours), default=0)

    def cost_row(self) -> list[object]:
        """µs per packet: medians with least and most."""
        return [
            f"{self.calls:,}",
            "both sides" if self.secure else "no",
            _cost(self.ours),
            spread([run.relays_us_per_packet for run in self.ours]),
            _cost(self.relay),
            _cost(self.relay_pcap),
            self.ratio(self.relay),
            self.ratio(self.relay_pcap),
            median_of([run.generator.us_per_packet for run in self.ours]),
            self.refused,
            self.lost,
        ]

    def delay_row(self) -> list[object]:
        """Medians of the runs in ms, the worst of all; what the host took of the machine."""
        row: list[object] = [f"{self.calls:,}", "both sides" if self.secure else "no"]
        for runs in (self.ours, self.relay_pcap):
            delays = [run.delays for run in runs]
            row += [
                spread([each.p50_ms for each in delays]),
                spread([each.p99_ms for each in delays]),
                max((each.worst_ms for each in delays), default=0.0),
                spread([run.stolen_share for run in runs]),
            ]
        return row

    @property
    def missed(self) -> list[str]:
        """The promises that are not kept, and what was not right, in words."""
        ratio, late_ms = self.ratio(self.relay_pcap), self.p99_ms
        most = SRTP_RELAY_MAX_RATIO if self.secure else RELAY_MAX_RATIO
        most_ms = next((ms for calls, ms in RELAY_P99_MS.items() if self.calls <= calls), late_ms)
        every = [*self.ours, *self.relay, *self.relay_pcap]
        told = (
            (ratio > most, f"{ratio:.2f} × rtpengine with pcap"),
            (late_ms > most_ms, f"p99 {late_ms:.2f} ms"),
            (self.lost > 0, f"{self.lost:,} packets or recordings with losses"),
            (self.refused > 0, f"no room for {self.refused} calls"),
            (any(run.failed for run in self.ours), "calls failed"),
            (any(run.found not in (-1, run.calls + 1) for run in self.ours), "recordings missing"),
            (any(run.is_wrong for run in every), "what was heard was not what was said"),
        )
        return [f"{self._name}: {what}" for missed, what in told if missed]

    @property
    def p99_ms(self) -> float:
        """The median of our runs."""
        return median_of([run.delays.p99_ms for run in self.ours])


def _cost(runs: Sequence[RelayRun]) -> str:
    return spread([run.us_per_packet for run in runs])


@dataclass(slots=True, kw_only=True)
class InlineFigures:
    """Everything that was measured of inline calls."""

    command: list[str]
    machine: dict[str, object]
    seconds: int
    runs: list[RelayFigures]
    rates: list[RateFigures] = field(default_factory=list)

    @property
    def missed(self) -> list[str]:
        """The promises that were measured and not kept, in words."""
        promised = [rate for rate in self.rates if rate.asked_per_s <= SETUPS_PER_S]
        bad = [rate for rate in promised if rate.failed or rate.p99_ms > SETUP_P99_MS]
        return [what for figures in self.runs for what in figures.missed] + [
            f"{each.asked_per_s:g} inline set-ups/s: {each.failed} failures, "
            f"p99 {each.p99_ms:.1f} ms"
            for each in bad
        ]

    def tables(self) -> tuple[str, str, str]:
        """Cost, delay, rates with the two highest."""
        limits = [(SETUP_P99_MS, "20 ms"), (MAX_P99_MS, "1 s")]
        best = "; ".join(f"within {told}: {highest(self.rates, ms):g}/s" for ms, told in limits)
        return (
            table(COST_HEADS, [each.cost_row() for each in self.runs]),
            table(DELAY_HEADS, [each.delay_row() for each in self.runs]),
            table(inline_setups.HEADS, [each.row() for each in self.rates])
            + f"\nHighest rate without a failure, p99 {best}.\n",
        )


def turn(figures: RelayFigures, seconds: int) -> list[tuple[str, Callable[[], None]]]:
    """Everything once, each with its name: one after another, so that a slow minute strikes all."""
    calls, secure = figures.calls, figures.secure

    def peer(*, recording: bool) -> RelayRun:
        return run_rtpengine(calls, seconds, secure=secure, recording=recording)

    return [
        ("ours", lambda: figures.ours.append(run_ours(calls, seconds, secure=secure))),
        ("rtpengine", lambda: figures.relay.append(peer(recording=False))),
        ("rtpengine + pcap", lambda: figures.relay_pcap.append(peer(recording=True))),
    ]


def add_options(parser: argparse.ArgumentParser, prefix: str = "inline-") -> None:
    """What this bench can be asked for; the prefix keeps it apart from others' options."""

    def add(name: str, kind: type, default: object, told: str) -> None:
        parser.add_argument(
            f"--{prefix}{name}",
            dest=f"inline_{name}",
            type=kind,
            default=default,
            help=told,
            nargs="*" if isinstance(default, list) else None,
        )

    add("calls", int, list(CALLS), "numbers of relayed calls")
    add("seconds", int, 30, "steady state of each run of them")
    add("runs", int, 3, "turns of them, and of each rate; the tables show medians")
    add("rates", float, list(RATES), "their set-ups a second")


def _ramp(figures: InlineFigures, rates: Sequence[float], runs: int, step: Step) -> None:
    for per_s in rates:
        step(f"{per_s:g} inline set-ups a second")
        figures.rates.append(at_fresh_recorders(per_s, runs))
        if figures.rates[-1].failed or figures.rates[-1].p99_ms > MAX_P99_MS:
            break


def measure(arguments: argparse.Namespace, command: Sequence[str]) -> InlineFigures:
    """All turns, interleaved, then the rates; written to the file after each."""
    raise_descriptor_limit()
    figures = InlineFigures(
        command=list(command),
        machine=machine_facts(),
        seconds=arguments.inline_seconds,
        runs=[
            RelayFigures(calls=calls, secure=secure)
            for calls in arguments.inline_calls
            for secure in (False, True)
        ],
    )
    turns = [
        (each, turn(each, arguments.inline_seconds))
        for _ in range(arguments.inline_runs)
        for each in figures.runs
    ]
    with steps(sum(len(works) for _, works in turns) + len(arguments.inline_rates)) as step:
        for each, works in turns:
            for name, work in works:
                secure = " with SRTP" if each.secure else ""
                step(f"{name}, {each.calls:,} relayed calls{secure} for {figures.seconds} s")
                work()
            write_json(arguments.json, figures)
        _ramp(figures, arguments.inline_rates, arguments.inline_runs, step)
        write_json(arguments.json, figures)
    return figures


def main() -> int:
    """Measure, write the JSON file, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser, prefix="")
    awake.add_option(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-inline.json"))
    arguments = parser.parse_args()
    with awake.kept_awake(wanted=arguments.keep_awake):
        figures = measure(arguments, ["python", "-m", "bench.inline", *sys.argv[1:]])
    print("\n".join(figures.tables()))
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
