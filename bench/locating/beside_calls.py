"""Calls that are recorded while calls are looked for by what somebody remembers: what was lost.

`python -m bench.locating.beside_calls FOLDER`: 20 questions a second, of which one is over all and
the others within a window, over the catalog of `bench.locating.answered`, beside 500 calls. What
was lost is counted in the recordings, beside what was sent. The catalog is one in which nothing was
destroyed (`python -m eval load --none-destroyed`). Exit code 3 where anything was lost.
"""

import argparse
import asyncio
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from bench.beside import HEADS, Audience, Scene
from bench.generator import raise_descriptor_limit
from bench.locating.answered import asking, until_answered
from bench.locating.remembered import CLASSES, Drawn, Remembered, draw
from bench.ours import ROOM
from bench.promises import BESIDE_CALLS, FINDINGS, SEARCHES_PER_S
from bench.report import table

_SEED: Final = 11
_WARM_S: Final = 5.0


def mixed(drawn: Drawn) -> tuple[Remembered, ...]:
    """Questions in turn: of as many as are asked in a second one is over all."""
    names, a_second = list(CLASSES), round(SEARCHES_PER_S)
    windowed = {name: list(drawn.questions(name, windowed=True)) for name in names}
    all_of = {name: list(drawn.questions(name, windowed=False)) for name in names}
    return tuple(
        (windowed if turn % a_second else all_of)[names[turn % len(names)]][turn % len(drawn.calls)]
        for turn in range(len(names) * len(drawn.calls))
    )


def main() -> int:
    """Print the searches alone, and a row beside calls."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.locating.beside_calls", description=__doc__
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--calls", type=int, default=BESIDE_CALLS)
    parser.add_argument("--per-s", type=float, default=SEARCHES_PER_S)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    raise_descriptor_limit()
    drawn = draw(asked.folder / "var/catalog/catalog.db", 40, seed=_SEED)
    questions = mixed(drawn)
    pool = ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn"))
    with asking(asked.folder, max_calls=asked.calls + ROOM) as (running, door), pool:
        with door.client() as client:
            until_answered(client, questions[0])
        audience = Audience(
            door=door, recordings=(), asked=questions, listeners=0, per_s=asked.per_s
        )
        scene = Scene(running=running, audience=audience, pool=pool)
        asyncio.run(scene.alone(_WARM_S))
        alone = asyncio.run(scene.alone(asked.seconds))
        print(f"alone: p50 {alone.p50_ms:.0f}, p99 {alone.p99_ms:.0f} ms, {alone.failed} failed")
        beside = asyncio.run(scene.beside(asked.calls, asked.seconds))
    print(table(HEADS, [beside.row(alone)]))
    return FINDINGS if beside.lost or beside.run.setup.answered < asked.calls else 0


if __name__ == "__main__":
    sys.exit(main())
