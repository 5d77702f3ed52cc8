"""How long it takes to say what another retention policy would make of a whole archive.

Run `python -m bench.simulation --json FILE`. Asks the catalog itself, HTTP and journal left out;
knows no table.
"""

import argparse
import resource
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from api.retention.archive_simulation import simulate_archive
from api.retention.simulation import Change, Simulation, Supposition, Then
from archive.catalog.engine import catalog_url, open_engine, reading
from archive.catalog.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from bench.facts import machine_facts
from bench.filled_catalog import fill
from bench.report import table, write_json
from retention.policy_file import read_policy
from retention.shipped import SHIPPED

SEED: Final = 18
CALLS: Final = 100_000
HEADS: Final = ("recordings", "seconds", "recordings/s", "peak MiB")
# Half a year after the first call: some of them are over their time, others are not.
NOW: Final = datetime(2026, 7, 1, tzinfo=UTC)
POLICY: Final = """
form = 1
zone = "Asia/Tokyo"
[[rule]]
id = "default"
[rule.audio]
delete_after = "P2Y"
[[rule]]
id = "support"
[rule.match]
queue = ["support"]
[rule.audio]
delete_after = "P30D"
[[rule]]
id = "small-team"
[rule.match]
team = ["small"]
[rule.audio]
keep_at_least = "P1Y"
[[rule]]
id = "osaka"
[rule.match]
source = ["sbc-osaka"]
direction = ["inbound"]
[rule.audio]
delete_after = "P90D"
[[rule]]
id = "tokyo-numbers"
rank = "law"
[rule.match]
number = ["+813*"]
[rule.audio]
keep_at_least = "P5Y"
"""
_KIB_PER_MIB: Final = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationFigures:
    """How long it took, how much memory, and what came of it."""

    command: list[str]
    machine: dict[str, object]
    recordings: int
    seconds: float
    peak_mib: float
    changes: dict[str, int]
    stands: dict[str, int]

    def told(self) -> str:
        """The table, and what came of it."""
        each_s = round(self.recordings / self.seconds)
        rows = table(HEADS, [[self.recordings, self.seconds, each_s, self.peak_mib]])
        return f"{rows}\n{self.changes}\n{self.stands}\n"


def simulated(file: Path) -> Simulation:
    """What the policy makes of all recordings of a catalog."""
    engine = open_engine(catalog_url(file))
    what = Supposition(policy=read_policy(POLICY), revisions=[SHIPPED], now=NOW)
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        sums = simulate_archive(connection, tenant, what, lambda _done, _total: None)
    engine.dispose()
    return sums


def measure(file: Path, calls: int, command: Sequence[str]) -> SimulationFigures:
    """Make the catalog and simulate."""
    fill(file, calls, seed=SEED, step=lambda _done, _total: None)
    begun_s = time.perf_counter()
    sums = simulated(file)
    seconds = time.perf_counter() - begun_s
    return SimulationFigures(
        command=list(command),
        machine=machine_facts(),
        recordings=sums.whole.recordings,
        seconds=seconds,
        peak_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MIB,
        changes={change: sums.changes[change].recordings for change in Change},
        stands={then: sums.stands[then].recordings for then in Then},
    )


def main() -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=CALLS, help="calls in the catalog")
    parser.add_argument("--folder", type=Path, default=Path("build/simulation"))
    parser.add_argument("--json", type=Path, default=Path("build/bench-simulation.json"))
    arguments = parser.parse_args()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    arguments.folder.mkdir(parents=True)
    command = ["python", "-m", "bench.simulation", *sys.argv[1:]]
    figures = measure(arguments.folder / "catalog.db", arguments.calls, command)
    shutil.rmtree(arguments.folder)
    write_json(arguments.json, figures)
    print(figures.told())
    return 0


if __name__ == "__main__":
    sys.exit(main())
