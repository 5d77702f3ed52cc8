"""How long the answers take over HTTP: calls by what somebody remembers, by class of question.

`python -m bench.locating.answered FOLDER`: a product is started over the catalog in
`FOLDER/var/catalog/catalog.db` (`python -m eval load --into …`), and its columns are made where
there are none. Exit code 3 where an answer takes longer than is promised.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from archive.disk.archive_place import ArchivePlace
from archive.disk.files import LocalDisk
from bench.audience import Door, Waits
from bench.call_load import percentile
from bench.locating.remembered import CLASSES, Drawn, Remembered, draw
from bench.processes import cpu_by_process
from bench.promises import FINDINGS, RANKED_ALL_MS, RANKED_FIRST_S, RANKED_WINDOW_MS
from bench.questions import MS_PER_S, Client, command
from bench.report import table
from bench.server import Running, data_of, start_rokuon

HEADS: Final = (
    "within", "question", "asked", "p50, ms", "p99, ms", "wanted, ms", "CPU of ours, ms", "load",
)  # fmt: skip
_SEED: Final = 7
_WARM: Final = 3
_SCOPES: Final = ("calls:search", "calls:read", "ledger:read", "destruction:read")
_AGAIN_S: Final = 1.0


@contextmanager
def asking(folder: Path, *, max_calls: int = 100) -> Iterator[tuple[Running, Door]]:
    """A product over a standing catalog, and a door to it.

    Its archive has none of the recordings that the catalog knows, and is told that it is the one.
    """
    archive = data_of(folder) / "archive"
    archive.mkdir(exist_ok=True)
    ArchivePlace(archive, tuple).begin(LocalDisk())
    running = start_rokuon(folder, max_calls=max_calls)
    try:
        scopes = [part for each in _SCOPES for part in ("--scope", each)]
        made = command(running, "user", "token", "bench", *scopes)
        yield running, Door(running.http_port, made.split()[-1])
    finally:
        running.stop()


def until_answered(client: Client, question: Remembered) -> float:
    """Seconds until columns are made, and the question is answered."""
    begun_s = time.monotonic()
    while not question.is_answered(client):
        time.sleep(_AGAIN_S)
    return time.monotonic() - begun_s


def waits_of(client: Client, questions: Sequence[Remembered]) -> Waits:
    """One after another, the first few not counted."""
    times_ms = []
    for at, each in enumerate([*questions[:_WARM], *questions]):
        begun_s = time.perf_counter()
        each.ask(client)
        if at >= _WARM:
            times_ms.append((time.perf_counter() - begun_s) * MS_PER_S)
    return Waits(
        asked=len(times_ms),
        failed=0,
        late=0,
        p50_ms=percentile(times_ms, 0.5),
        p99_ms=percentile(times_ms, 0.99),
        worst_ms=max(times_ms),
    )


def measured(
    scene: tuple[Running, Client], drawn: Drawn, names: Sequence[str]
) -> Iterator[list[object]]:
    """A row for each class, of a window and of all; of all our processes the CPU of a question."""
    running, client = scene
    for windowed, wanted_ms in ((True, RANKED_WINDOW_MS), (False, RANKED_ALL_MS)):
        for name in names:
            before_s = sum(cpu_by_process(running.pids).values())
            waits = waits_of(client, list(drawn.questions(name, windowed=windowed)))
            cpu_s = sum(cpu_by_process(running.pids).values()) - before_s
            within = f"{drawn.window.total_seconds() / 86_400:.1f} days" if windowed else "all"
            told: list[object] = [within, name, waits.asked, waits.p50_ms, waits.p99_ms]
            cpu_ms = cpu_s * MS_PER_S / (waits.asked + _WARM)
            row = [*told, wanted_ms, cpu_ms, os.getloadavg()[0]]
            print(table(HEADS, [row]).splitlines()[-1], flush=True)
            yield row


def main() -> int:
    """Print a table as it comes about."""
    parser = argparse.ArgumentParser(prog="python -m bench.locating.answered", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=100, help="questions of each class")
    parser.add_argument("--classes", nargs="*", choices=CLASSES, default=list(CLASSES))
    asked = parser.parse_args()
    drawn = draw(asked.folder / "var/catalog/catalog.db", asked.count, seed=_SEED)
    first = next(drawn.questions("when, agent, last four", windowed=False))
    with asking(asked.folder) as (_, door), door.client() as client:
        print(f"columns made or opened: {until_answered(client, first):.1f} s after the start")
    with asking(asked.folder) as (running, door), door.client() as client:
        first_s = until_answered(client, first)
        print(f"first after a start: {first_s:.2f} s, {RANKED_FIRST_S:g} wanted\n")
        print(table(HEADS, []), end="")
        rows = list(measured((running, client), drawn, asked.classes))
    missed = first_s > RANKED_FIRST_S or any(row[4] > row[5] for row in rows)  # type: ignore[operator]  # both are times
    return FINDINGS if missed else 0


if __name__ == "__main__":
    sys.exit(main())
