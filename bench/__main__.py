"""`make bench`: everything that stands in docs/benchmarks.md, measured, and the page written anew.

`python -m bench capacity` measures a Rokuon that runs, with the settings of its installation.
Knows the measurements by their modules and nothing of what they measure.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

from bench import answers, awake, calls, capacity, ingest, inline
from bench.page import ANSWERS, CALLS, INGEST, INLINE, JOURNAL, LINEAR, LISTENERS, page
from bench.promises import FINDINGS

BUILD: Final = Path("build")
PAGE: Final = Path("docs/benchmarks.md")
APART: Final = (
    "bench.listeners",
    "bench.journal",
    "bench.linear_sip",
    "bench.linear_sdp_xml",
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    ingest.add_options(parser)
    calls.add_options(parser)
    answers.add_options(parser)
    inline.add_options(parser)
    awake.add_option(parser)
    alone = parser.add_subparsers(dest="alone", title="measured alone")
    told = "calls that a running Rokuon holds on this host, raised until a packet is lost"
    capacity.add_options(alone.add_parser("capacity", help=told, description=told))
    parser.add_argument("--build", type=Path, default=BUILD, help="folder of the measured figures")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page that is written")
    return parser


def _run(module: str, path: Path) -> int:
    """A measurement that wants a process without anything else alive; its exit code."""
    command = [sys.executable, "-m", module, "--json", str(path)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode


def main() -> int:
    """Measure all, write the page; exit code 3 where a promise is missed. Or one thing alone."""
    arguments = _parser().parse_args()
    if arguments.alone:
        return capacity.run(arguments)
    with awake.kept_awake(wanted=arguments.keep_awake):
        missed = _measure(arguments)
    arguments.page.write_text(page(arguments.build))
    print(arguments.page.read_text())
    return FINDINGS if missed else 0


def _measure(arguments: argparse.Namespace) -> list[str]:
    """Write every file; the promises that were missed, in words."""
    build: Path = arguments.build
    command = ["python", "-m", "bench", *sys.argv[1:]]
    arguments.json = build / INGEST
    missed = ingest.measure(arguments, command).missed
    arguments.json = build / CALLS
    missed += calls.measure(arguments, command).missed
    arguments.json = build / ANSWERS
    missed += answers.measure(arguments, command).missed
    arguments.json = build / INLINE
    missed += inline.measure(arguments, command).missed
    for module, name in zip(APART, (LISTENERS, JOURNAL, *LINEAR), strict=True):
        code = _run(module, build / name)
        missed += [f"{module}: exit code {code}"] if code else []
    return missed


if __name__ == "__main__":
    sys.exit(main())
