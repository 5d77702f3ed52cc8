"""What this checkout costs beside another one of ours, in turns: ingest, relay and keeper.

Run `python -m bench.versions FOLDER`, a checkout in which `make .venv native` was run. Each turn
measures the other one twice: how far that is from itself says what a difference is worth. Knows
both by their measurements of themselves, nothing of what differs.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench import keeper
from bench.facts import machine_facts
from bench.progress import steps
from bench.promises import FINDINGS
from bench.report import median_of, spread, table, write_json

# By how much a version may cost more than the one before.
MAX_CHANGE: Final = 0.03
_KEEPER: Final = f"import runpy; keeper = runpy.run_path({keeper.__file__!r})"
# What each checkout runs of its own; the last line that it prints is µs of CPU per packet, of rows
# per part.
MEASURED: Final = {
    "ingest, {streams} streams": (
        "from bench.ours import run_ours; print(run_ours({streams}, {seconds}).us_per_packet)"
    ),
    "relay and record, {calls} calls": (
        "from bench.relay_ours import run_ours; "
        "print(run_ours({calls}, {seconds}, secure=False).us_per_packet)"
    ),
    "keeper reads a part": f"{_KEEPER}; print(keeper['read_us'](20))",
    "keeper writes a recording's rows": f"{_KEEPER}; print(keeper['commit_us'](300))",
}
HEADS: Final = ("measured", "before", "before, again", "now", "now ÷ before", "again ÷ before")


@dataclass(slots=True, kw_only=True)
class Compared:
    """One measurement of both in each turn, µs of CPU."""

    name: str
    before: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    now: list[float] = field(default_factory=list)

    def ratios(self, runs: Sequence[float]) -> list[float]:
        """Turn by turn, beside the mean of both runs of the one before."""
        pairs = zip(runs, self.before, self.again, strict=True)
        return [run / ((one + other) / 2) for run, one, other in pairs]

    @property
    def own_spread(self) -> float:
        """How far one run of the same checkout lay from the other of its turn, at most."""
        return max(abs(one / other - 1) for one, other in zip(self.before, self.again, strict=True))

    @property
    def has_missed(self) -> bool:
        """Whether it costs more by more than is allowed, and by more than chance explains."""
        return median_of(self.ratios(self.now)) - 1 > max(MAX_CHANGE, self.own_spread)

    def row(self) -> list[object]:
        """A line of the table."""
        ratios = (
            self.ratios(self.now),
            [b / a for a, b in zip(self.before, self.again, strict=True)],
        )
        return [self.name, *map(spread, (self.before, self.again, self.now)), *map(spread, ratios)]


def measured(folder: Path, program: str) -> float:
    """Run a measurement by the interpreter of its checkout; raises `CalledProcessError`."""
    command = [str(folder / ".venv/bin/python"), "-c", program]
    ran = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return float(ran.stdout.split()[-1])


def compare(options: argparse.Namespace) -> list[Compared]:
    """All turns; what differs in a slow minute strikes both."""
    given = {"streams": options.streams, "calls": options.calls, "seconds": options.seconds}
    programs = {
        name.format(**given): text.format(**given)
        for name, text in MEASURED.items()
        if options.only in name
    }
    every = {name: Compared(name=name) for name in programs}
    folders = {"before": options.folder, "now": Path(), "again": options.folder}
    with steps(options.runs * len(programs) * len(folders)) as step:
        for _ in range(options.runs):
            for name, program in programs.items():
                for which, folder in folders.items():
                    step(f"{name}, {which}")
                    getattr(every[name], which).append(measured(folder.resolve(), program))
    return [*every.values()]


def main() -> int:
    """Print the table; exit code 3 where this checkout costs more than it may."""
    parser = argparse.ArgumentParser(prog="python -m bench.versions", description=__doc__)
    parser.add_argument("folder", type=Path, help="the checkout of the version before")
    parser.add_argument("--streams", type=int, default=1_000, help="streams of SIPREC")
    parser.add_argument("--calls", type=int, default=300, help="relayed calls")
    parser.add_argument("--seconds", type=int, default=20, help="steady state of each run")
    parser.add_argument("--runs", type=int, default=5, help="turns; the table shows medians")
    parser.add_argument("--only", default="", metavar="TEXT", help="what has this in its name")
    parser.add_argument("--json", type=Path, default=Path("build/bench-versions.json"))
    options = parser.parse_args()
    every = compare(options)
    write_json(options.json, {"machine": machine_facts(), "compared": every})
    print(table(HEADS, [each.row() for each in every]), end="")
    missed = [each.name for each in every if each.has_missed]
    print("\n".join(f"missed: {name} costs more" for name in missed))
    return FINDINGS if missed else 0


if __name__ == "__main__":
    sys.exit(main())
