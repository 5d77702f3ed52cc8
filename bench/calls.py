"""How many calls are held without a lost packet, how fast they are set up, when they are found.

Run `python -m bench.calls --calls 3000 4000 5000 --hold 60 --rates 100 150 200 --json FILE`.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.facts import machine_facts
from bench.generator import raise_descriptor_limit
from bench.ours import ROOM, OursRun, measure
from bench.report import median_of, table, write_json
from bench.searchable import Find, api_finder, searchable_after_s
from bench.server import Running, fresh_rokuon
from rokuon.selftest.calls import SetupReport, open_load
from rokuon.selftest.signalling import Target

# Longer than any start-up effect, short enough for a handful of rates.
RATE_S: Final = 10
HELD_HEADS: Final = (
    "calls", "answered", "lost", "µs/packet", "CPU of ours", "CPU of generator", "missed slots",
    "worst late ms",
)  # fmt: skip
RATE_HEADS: Final = ("set-ups/s asked", "reached", "failures", "p50 ms", "p99 ms", "worst ms")


@dataclass(frozen=True, slots=True)
class Held:
    """One number of calls, held."""

    calls: int
    run: OursRun

    @property
    def clean(self) -> bool:
        """Every call answered, no packet lost, and the generator itself was in time."""
        setup, sent = self.run.setup, self.run.generator
        lost = self.run.dropped + sent.failed
        return setup.answered == self.calls and lost == 0 and sent.missed_slots == 0

    def row(self) -> list[object]:
        """A line of the table; CPU in cores."""
        run, sent = self.run, self.run.generator
        return [
            self.calls, run.setup.answered, run.dropped, run.us_per_packet,
            run.cpu_s / run.seconds, sent.cpu_s / sent.seconds, sent.missed_slots,
            sent.worst_late_ms,
        ]  # fmt: skip


def hold(calls: int, seconds: int, *, per_s: float) -> Held:
    """A fresh recorder with that many calls for `seconds`."""
    with fresh_rokuon(max_calls=calls + ROOM) as running:
        return Held(calls, asyncio.run(measure(running, calls, seconds, per_s=per_s)))


async def set_up_at(target: Target, per_s: float, seconds: int) -> SetupReport:
    """Calls begun at that rate for `seconds`, then all ended."""
    calls = int(per_s * seconds)
    async with open_load(target, max_calls=calls) as load:
        setup = await load.place(calls, per_s=per_s)
        await load.end(per_s=per_s)
        return setup


def find_rate(rates: list[float], seconds: int) -> list[SetupReport]:
    """Each rate with a fresh recorder, up to and with the first at which a set-up fails."""
    reports: list[SetupReport] = []
    for per_s in rates:
        with fresh_rokuon(max_calls=int(per_s * seconds) + ROOM) as running:
            target = Target(port=running.sip_port)
            reports.append(asyncio.run(set_up_at(target, per_s, seconds)))
        if reports[-1].failures:
            break
    return reports


async def _search_delays(target: Target, find: Find, times: int) -> list[float]:
    return [await searchable_after_s(target, find) for _ in range(times)]


def search_delays(times: int, finder: Callable[[Running], Find] = api_finder) -> list[float]:
    """Seconds from call end to found, so many times with one recorder."""
    with fresh_rokuon() as running:
        target = Target(port=running.sip_port)
        return asyncio.run(_search_delays(target, finder(running), times))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, nargs="*", default=[3_000, 4_000, 4_500, 5_000])
    parser.add_argument("--hold", type=int, default=60)
    parser.add_argument("--per-s", type=float, default=150.0)
    parser.add_argument("--rates", type=float, nargs="*", default=[100, 150, 200, 300, 400])
    parser.add_argument("--searches", type=int, default=5)
    parser.add_argument("--json", type=Path, default=Path("calls.json"))
    return parser.parse_args()


def main() -> int:
    """Measure, write the JSON file, print the tables."""
    arguments = _arguments()
    raise_descriptor_limit()
    rates = find_rate(arguments.rates, RATE_S)
    held: list[Held] = []
    for calls in arguments.calls:
        held.append(hold(calls, arguments.hold, per_s=arguments.per_s))
        if not held[-1].clean:
            break
    delays = search_delays(arguments.searches) if arguments.searches else []
    content = {
        "command": ["python", "-m", "bench.calls", *sys.argv[1:]],
        "machine": machine_facts(),
        "rates": rates,
        "held": held,
        "searchable_after_s": delays,
    }
    write_json(arguments.json, content)
    print(table(HELD_HEADS, [one.row() for one in held]))
    rows = [
        [asked, one.setups_per_s, one.failures, one.p50_ms, one.p99_ms, one.worst_ms]
        for asked, one in zip(arguments.rates, rates, strict=False)
    ]
    print(table(RATE_HEADS, rows))
    worst_s = max(delays, default=0.0)
    print(f"searchable after {median_of(delays):.2f} s (median), {worst_s:.2f} s (worst)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
