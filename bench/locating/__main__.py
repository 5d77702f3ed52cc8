"""`python -m bench.locating`: places at which the ranking has the calls that are meant.

Beside those of the oracle, for each set of requests of a drawn world. `eval/` asks a whole Rokuon
by HTTP; here only the ranking is judged, with clues that need no reading.
"""

import argparse
from time import perf_counter
from typing import Final

import numpy as np

from archive.locate.ranking.ranked_calls import rank
from bench.locating.columns import Kept, kept_of
from bench.locating.requests import Asker
from eval.memory.model import read_model, varied
from eval.oracle.oracle import Oracle
from eval.oracle.table import FATES, Ranks, beside, cause_of, inverse, rank_of
from eval.requests.drawn import NEVER, Memory, Request
from eval.world.world import Fate, make_world

_BEST: Final = 200


def judge(memory: Memory, kept: Kept, requests: list[Request]) -> tuple[Ranks, Ranks, float]:
    """The oracle's places, those of the ranking, and its milliseconds a request."""
    oracle, asker = Oracle(memory), Asker(memory.world, kept, memory.model)
    best, own, spent_s = Ranks(), Ranks(), 0.0
    for request in requests:
        posterior = oracle.posterior(request)
        asked = asker.asked(request)
        began_s = perf_counter()
        ranking = rank(kept.months, asked, _BEST)
        spent_s += perf_counter() - began_s
        fate = NEVER if request.meant == NEVER else int(memory.world.fate[request.meant])
        if fate == Fate.RECORDED:
            best.ranks.append(rank_of(posterior, request.meant))
            places = [each.conversation - 1 for each in ranking.candidates]
            found = request.meant in places
            own.ranks.append(places.index(request.meant) + 1 if found else 0)
        best.causes.append(cause_of(posterior, memory.world) == fate)
        told = ranking.chances
        masses = (told.never, told.recorded, told.not_recorded, told.destroyed)
        own.causes.append(FATES[int(np.argmax(masses))] == fate)
    return best, own, spent_s * 1_000 / len(requests)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.locating", description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--vary", type=int)
    asked = parser.parse_args()
    world = make_world(asked.calls, seed=asked.seed)
    model = read_model()
    memory = Memory(world, model if asked.vary is None else varied(model, asked.vary))
    kept = kept_of(world)
    heads = (
        "set", "P@1", "R@5", "R@10", "MRR", "fate",
        "of the oracle's: R@10 (95 %)", "MRR (95 %)", "fate", "ms",
    )  # fmt: skip
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)
    for name in model.sets:
        requests = list(memory.requests(name, asked.count, asked.seed))
        best, own, spent_ms = judge(memory, kept, requests)
        cells = [
            name,
            *(f"{own.share(within):.3f}" for within in (1, 5, 10)),
            f"{own.mrr:.3f}",
            f"{own.cause:.3f}",
            beside([0 < each <= 10 for each in own.ranks], [0 < each <= 10 for each in best.ranks]),
            beside(inverse(own.ranks), inverse(best.ranks)),
            f"{own.cause / best.cause:.3f}",
            f"{spent_ms:.0f}",
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
