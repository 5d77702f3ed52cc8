"""`python -m eval COMMAND`: what is drawn and measured, on the terminal."""

import argparse
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from eval.asking.bodies import WAYS, Way
from eval.asking.certainty import Certainty, ask_until_confirmed
from eval.asking.judged import Judge, Outcome
from eval.asking.kinds import HEADS as KIND_HEADS, clue_kinds, rows as kind_rows
from eval.asking.misread import misreadings
from eval.asking.product import Product
from eval.asking.served import served, standing
from eval.asking.tables import (
    OF_CAUSES,
    PLACES,
    QUESTION,
    cause_rows,
    places_row,
    question_row,
    sure_line,
)
from eval.asking.trace import Trace
from eval.loading.bulk import BARE, NONE_DESTROYED, fill
from eval.loading.catalog import load
from eval.memory.model import FIRST, read_model, varied
from eval.oracle.table import HEADS, judge, row_of
from eval.phrases.wording import HELD_BACK, OPEN, Wording, phrase, read_wording
from eval.requests.drawn import Memory
from eval.world.world import Fate, World, make_world

COMMANDS: Final = ("world", "requests", "oracle", "load", "ask", "locate")
# So many kinds of clue are shown.
_KINDS: Final = 25
_SAID_EVERY: Final = 500


def main() -> None:
    """Draw a world, load it, tell requests of it, or judge what finds them."""
    asked = _asked()
    world = make_world(asked.calls, seed=asked.seed)
    if asked.command == "world":
        describe(world)
        return
    if asked.command == "load":
        without = (*asked.bare, *asked.none_destroyed)
        (load if asked.by_keeper else partial(fill, without=without))(asked.into, world, _say)
        return
    model = read_model(asked.model)
    memory = Memory(world, model if asked.vary is None else varied(model, asked.vary))
    if asked.command == "requests":
        tell(memory, asked.count, asked.seed, asked.phrases and read_wording(asked.phrases))
    else:
        {"ask": ask, "locate": locate, "oracle": compare}[asked.command](memory, asked)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval")
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1, help="of world and requests")
    parser.add_argument("--count", type=int, default=500, help="requests of each set")
    parser.add_argument("--model", type=Path, default=FIRST, help="error model, TOML")
    parser.add_argument("--vary", type=int, metavar="N", help="its rates × 0.5–2, by this seed")
    parser.add_argument("--phrases", type=Path, help="templates; of requests: also their text")
    parser.add_argument("--into", type=Path, default=Path("build/world.db"), help="of load")
    parser.add_argument("--by-keeper", action="store_true", help="of load: each call by itself")
    parser.add_argument(
        "--bare",
        action="store_const",
        const=BARE,
        default=(),
        help="of load: no events, no journal",
    )
    parser.add_argument(
        "--none-destroyed",
        action="store_const",
        const=NONE_DESTROYED,
        default=(),
        help="of load: for a recorder that records beside it",
    )
    parser.add_argument("--at", default="http://127.0.0.1:8080", help="of ask: the product")
    parser.add_argument("--folder", type=Path, default=Path("build/eval"), help="of locate")
    parser.add_argument("--draw", type=int, metavar="N", help="of requests: another seed for them")
    parser.add_argument("--trace", type=Path, help="of ask, locate: a line for each answer")
    parser.add_argument(
        "--confirmed", type=int, metavar="N", help="of ask, locate: until N calls are confirmed"
    )
    parser.add_argument("--held-back", action="store_true", help="of ask: phrases that nobody saw")
    return parser.parse_args()


def describe(world: World) -> None:
    """A line of what there is of each."""
    fates = ", ".join(f"{(world.fate == each).sum():,} {each.name.lower()}" for each in Fate)
    print(f"{len(world):,} conversations on {world.days} days: {fates}".replace("_", " "))
    print(f"{world.agents.count} agents in {world.agents.teams} teams")
    print(
        f"withheld {(world.number == 0).mean():.1%}, in bursts {world.in_burst.mean():.1%}, "
        f"transferred {(world.persona2 >= 0).mean():.1%}, from us {world.outbound.mean():.1%}"
    )
    print(f"digest {world.digest()}")


def _say(done: int, of: int) -> None:
    print(f"\r{done:,} of {of:,}", end="" if done < of else "\n", flush=True)


def tell(memory: Memory, count: int, seed: int, wording: Wording | None) -> None:
    """A line of JSON for each request of each set."""
    for name in memory.model.sets:
        for at, request in enumerate(memory.requests(name, count, seed)):
            if wording is None:
                print(request.as_json())
                continue
            clues = [told for _, told in request.clues]
            print(request.as_json(phrase(clues, request.language, seed=at, templates=wording)))


def compare(memory: Memory, asked: argparse.Namespace) -> None:
    """A line of a table for each set."""
    _head(HEADS)
    began_s = perf_counter()
    for name in memory.model.sets:
        requests = list(memory.requests(name, asked.count, asked.draw or asked.seed))
        judged = judge(memory, requests)
        _line(row_of(name, *judged))
    print(f"\n{perf_counter() - began_s:.0f} s")


def ask(memory: Memory, asked: argparse.Namespace) -> None:
    """Of a product that is there; the token is that of the environment, `ROKUON_TOKEN`."""
    with Product(asked.at, os.environ["ROKUON_TOKEN"]) as product:
        _judge(memory, product, asked)


def locate(memory: Memory, asked: argparse.Namespace) -> None:
    """Of one that is started over the world, which is loaded where it does not stand yet."""
    name = f"{asked.calls}-{asked.seed}"
    with served(standing(asked.folder, memory.world, name, _say)) as product:
        _judge(memory, product, asked)


def wording_asked_in(file: Path | None, *, held_back: bool) -> Wording:
    """What is held back where that was asked for, else the file that was named, or the open one."""
    return read_wording(HELD_BACK if held_back else file or OPEN)


def _judge(memory: Memory, product: Product, asked: argparse.Namespace) -> None:
    """The tables of `docs/locate-eval.md`: places by set and way as they come, then the others."""
    product.wait_until_ready()
    templates = wording_asked_in(asked.phrases, held_back=asked.held_back)
    if asked.confirmed:
        _confirm(memory, product, templates, asked)
        return
    judge, seed, began_s = (
        Judge(memory, product, templates),
        asked.draw or asked.seed,
        perf_counter(),
    )
    told: dict[tuple[str, Way], list[Outcome]] = defaultdict(list)
    _head(PLACES)
    with Trace(asked.trace) as trace:
        for name in memory.model.sets:
            for way, one in judge.judge(list(memory.requests(name, asked.count, seed))):
                told[name, way].append(one)
                trace.note(name, way, one)
            for way in WAYS:
                _line(places_row(name, way, told[name, way]))
    every = [(way, one) for (_, way), outcomes in told.items() for one in outcomes]
    for way in WAYS:
        _line(places_row("all", way, [one for own, one in every if own == way]))
    _table(OF_CAUSES, cause_rows(every))
    _table(QUESTION, (question_row(*own, outcomes) for own, outcomes in told.items()))
    _table(("clue", *KIND_HEADS), kind_rows(every, _KINDS, clue_kinds))
    _table(("read", *KIND_HEADS), kind_rows(every, _KINDS, misreadings))
    print(f"\n{sure_line([one for _, one in every])}; {perf_counter() - began_s:.0f} s")


def _confirm(
    memory: Memory, product: Product, templates: Wording, asked: argparse.Namespace
) -> None:
    """How far it is, now and then; in the end the requests that were answered wrongly."""
    began_s, seed = perf_counter(), asked.draw or asked.seed
    found = Certainty()
    for found in ask_until_confirmed(memory, product, templates, asked.confirmed, seed):
        if found.answers % _SAID_EVERY == 0:
            print(found, flush=True)
    print(f"{found}; {perf_counter() - began_s:.0f} s", *found.wrong, sep="\n")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print()
    _head(heads)
    for row in rows:
        _line(row)


def _line(row: Sequence[str]) -> None:
    print(f"| {' | '.join(row)} |", flush=True)


def _head(names: Sequence[str]) -> None:
    _line(names)
    print(f"|{'---|' * len(names)}", flush=True)


if __name__ == "__main__":
    main()
