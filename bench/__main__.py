"""`make bench`: every measurement whose figures stand in docs/benchmarks.md, one after another.

Knows the commands and nothing of what they measure.
"""

import subprocess
import sys
from typing import Final

COMMANDS: Final = (
    ("bench.ingest", "--streams", "1000", "2000", "6000", "--seconds", "60", "--runs", "5",
     "--json", "build/bench-ingest.json"),
    ("bench.calls", "--calls", "3000", "4000", "5000", "--hold", "60", "--searches", "5",
     "--rates", "100", "150", "200", "--json", "build/bench-calls.json"),
    ("bench.linear_sip",),
    ("bench.linear_sdp_xml",),
)  # fmt: skip


def main() -> int:
    """Run all; the number of those that missed a promise."""
    missed = 0
    for command in COMMANDS:
        print("$ python -m " + " ".join(command), flush=True)
        missed += subprocess.run([sys.executable, "-m", *command], check=False).returncode != 0
    return missed


if __name__ == "__main__":
    raise SystemExit(main())
