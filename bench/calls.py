"""How many calls are held without a lost packet, how fast they are set up, when they are found.

Run `python -m bench.calls --calls 3000 4000 5000 --hold 60 --rates 100 150 200 --json FILE`; exit
code 3 where a promise is missed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import held, searchable, setups
from bench.facts import machine_facts
from bench.generator import raise_descriptor_limit
from bench.held import Held, hold, most_held
from bench.progress import steps
from bench.promises import (
    CALLS_AIM,
    CALLS_HELD,
    ENDS_PER_S,
    FINDINGS,
    SEARCHABLE_WITHIN_S,
    SETUP_P99_MS,
    SETUPS_PER_S,
)
from bench.report import table, write_json
from bench.room import Bound, by_descriptors, by_ports, capped, tightest
from bench.searchable import Crowd, Searchable, alone, in_crowd
from bench.server import FIRST_RTP_PORT, LAST_RTP_PORT
from bench.setups import RATE_S, Rate, at_fresh_recorder, until_failure

CALLS: Final = (3_000, CALLS_HELD, 4_500, CALLS_AIM)
RATES: Final = (100.0, SETUPS_PER_S, 200.0, 250.0, 300.0, 400.0)


@dataclass(slots=True, kw_only=True)
class CallFigures:
    """Everything that was measured of calls; `bound` is what the host has room for at all."""

    command: list[str]
    machine: dict[str, object]
    bound: Bound
    asked: list[int]
    rates: list[Rate] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    searchable: list[Searchable] = field(default_factory=list)

    @property
    def not_tried(self) -> str:
        """Which numbers of calls the host has no room for, and why; empty where it has."""
        beyond = [f"{calls:,}" for calls in self.asked if calls > self.bound.calls]
        told = f"{self.bound.name} have room for {self.bound.calls:,} calls ({self.bound.told})"
        return f"{', '.join(beyond)} calls were not tried: {told}." if beyond else ""

    @property
    def missed(self) -> list[str]:
        """The promises that were measured and not kept, in words."""
        return [*self._missed_holds(), *self._missed_rates(), *self._missed_searches()]

    def _missed_holds(self) -> list[str]:
        bad = [one for one in self.held if one.calls <= CALLS_HELD and not one.lossless]
        return [f"{one.calls:,} calls held: {'; '.join(one.limits)}" for one in bad]

    def _missed_rates(self) -> list[str]:
        promised = [one for one in self.rates if one.asked_per_s <= SETUPS_PER_S]
        failed = [one for one in promised if one.failures or one.setup.p99_ms > SETUP_P99_MS]
        return [
            f"{one.asked_per_s:g} set-ups/s: {one.failures} failures, p99 {one.setup.p99_ms:.1f} ms"
            for one in failed
        ]

    def _missed_searches(self) -> list[str]:
        late = [one for one in self.searchable if one.worst_s > SEARCHABLE_WITHIN_S]
        lost = sum(one.not_found for one in self.searchable)
        told = [f"call end → searchable: {one.worst_s:.1f} s" for one in late]
        return [*told, *([f"{lost} calls were never found"] if lost else [])]

    def tables(self) -> tuple[str, str, str]:
        """Calls held with what was not tried, rates, call end → searchable."""
        most = f"Most calls held without a lost packet: {most_held(self.held):,}. {self.not_tried}"
        return (
            table(held.HEADS, [one.row() for one in self.held]) + f"\n{most.strip()}\n",
            table(setups.HEADS, [one.row() for one in self.rates]),
            table(searchable.HEADS, [one.row() for one in self.searchable]),
        )


def add_options(parser: argparse.ArgumentParser) -> None:
    """What this bench can be asked for."""
    add = parser.add_argument
    add("--calls", type=int, nargs="*", default=list(CALLS), help="numbers of calls to hold")
    add("--hold", type=int, default=60, help="seconds for which they are held")
    add("--per-s", type=float, default=SETUPS_PER_S, help="their set-ups a second")
    add("--rates", type=float, nargs="*", default=list(RATES), help="set-ups a second to try")
    add("--searches", type=int, default=5, help="calls whose end is timed alone")
    add("--standing", type=int, default=1_000, help="calls up while others end")
    add("--ending", type=int, default=1_020, help="calls that end; 0 leaves this out")
    add("--ends-per-s", type=float, default=ENDS_PER_S, help="their ends a second")
    add("--talk", type=int, default=240, help="their length in seconds")


def measure(arguments: argparse.Namespace, command: Sequence[str]) -> CallFigures:
    """Everything that was asked for, one after another; written to the file after each step."""
    room = tightest(
        by_descriptors(raise_descriptor_limit()), by_ports(FIRST_RTP_PORT, LAST_RTP_PORT)
    )
    figures = CallFigures(
        command=list(command), machine=machine_facts(), bound=room, asked=arguments.calls
    )
    tried = capped(arguments.calls, room)
    with steps(len(arguments.rates) + len(tried) + 2) as step:

        def keep() -> None:
            write_json(arguments.json, figures)

        def rate(per_s: float) -> Rate:
            step(f"{per_s:g} set-ups a second")
            return at_fresh_recorder(per_s, RATE_S)

        figures.rates = until_failure(arguments.rates, rate)
        keep()
        for calls in tried:
            step(f"{calls:,} calls held for {arguments.hold} s")
            figures.held.append(hold(calls, arguments.hold, per_s=arguments.per_s))
            keep()
            if not figures.held[-1].lossless:
                break
        _time_searches(figures, arguments, step)
        keep()
    return figures


def _time_searches(
    figures: CallFigures, arguments: argparse.Namespace, step: Callable[[str], None]
) -> None:
    if arguments.searches:
        step("call end → searchable, alone")
        figures.searchable.append(alone(arguments.searches))
    if arguments.ending:
        crowd = Crowd(
            standing=arguments.standing,
            ending=arguments.ending,
            per_s=arguments.ends_per_s,
            held_s=arguments.talk,
        )
        step(f"call end → searchable, {crowd.per_s:g} ends a second")
        figures.searchable.append(in_crowd(crowd))


def main() -> int:
    """Measure, write the JSON file, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--json", type=Path, default=Path("build/bench-calls.json"))
    figures = measure(parser.parse_args(), ["python", "-m", "bench.calls", *sys.argv[1:]])
    print("\n".join(figures.tables()))
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
