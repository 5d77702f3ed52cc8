"""`python -m eval COMMAND`: what is drawn and measured, on the terminal."""

import argparse
import os
from functools import partial
from pathlib import Path
from time import perf_counter

from eval.asking.bodies import WAYS
from eval.asking.judged import HEADS as ASKED_HEADS, judge as judge_product
from eval.asking.product import Product
from eval.loading.bulk import BARE, fill
from eval.loading.catalog import load
from eval.memory.model import FIRST, read_model, varied
from eval.oracle.table import HEADS, judge, row_of
from eval.phrases.wording import HELD_BACK, OPEN, Wording, phrase, read_wording
from eval.requests.drawn import Memory
from eval.world.world import Fate, World, make_world


def main() -> None:
    """Draw a world, load it, tell requests of it, or judge what finds them."""
    asked = _asked()
    world = make_world(asked.calls, seed=asked.seed)
    if asked.command == "world":
        describe(world)
        return
    if asked.command == "load":
        without = BARE if asked.bare else ()
        (load if asked.by_keeper else partial(fill, without=without))(asked.into, world, _say)
        return
    model = read_model(asked.model)
    memory = Memory(world, model if asked.vary is None else varied(model, asked.vary))
    if asked.command == "requests":
        tell(memory, asked.count, asked.seed, asked.phrases and read_wording(asked.phrases))
    elif asked.command == "ask":
        ask(memory, asked)
    else:
        compare(memory, asked.count, asked.seed)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m eval")
    parser.add_argument("command", choices=("world", "requests", "oracle", "load", "ask"))
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1, help="of world and requests")
    parser.add_argument("--count", type=int, default=500, help="requests of each set")
    parser.add_argument("--model", type=Path, default=FIRST, help="error model, TOML")
    parser.add_argument("--vary", type=int, metavar="N", help="its rates × 0.5–2, by this seed")
    parser.add_argument("--phrases", type=Path, help="templates: of requests also their text")
    parser.add_argument("--into", type=Path, default=Path("build/world.db"), help="of load")
    parser.add_argument("--by-keeper", action="store_true", help="of load: each call by itself")
    parser.add_argument("--bare", action="store_true", help="of load: no events, no journal")
    parser.add_argument("--at", default="http://127.0.0.1:8080", help="of ask: the product")
    parser.add_argument("--held-back", action="store_true", help="of ask: the other phrases")
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


def compare(memory: Memory, count: int, seed: int) -> None:
    """A line of a table for each set."""
    print(f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}", flush=True)
    began_s = perf_counter()
    for name in memory.model.sets:
        judged = judge(memory, list(memory.requests(name, count, seed)))
        print(f"| {' | '.join(row_of(name, *judged))} |", flush=True)
    print(f"\n{perf_counter() - began_s:.0f} s")


def ask(memory: Memory, asked: argparse.Namespace) -> None:
    """A line for each set and way; the token is that of the environment, `ROKUON_TOKEN`."""
    print(f"| {' | '.join(ASKED_HEADS)} |\n|{'---|' * len(ASKED_HEADS)}", flush=True)
    templates = read_wording(HELD_BACK if asked.held_back else OPEN)
    confirmed = wrongly = 0
    began_s = perf_counter()
    with Product(asked.at, os.environ["ROKUON_TOKEN"]) as product:
        for name in memory.model.sets:
            requests = list(memory.requests(name, asked.count, asked.seed))
            for way in WAYS:
                judged = judge_product(memory, requests, product, way, templates)
                print(f"| {' | '.join(judged.row(name, way))} |", flush=True)
                confirmed += judged.confirmed
                wrongly += judged.confirmed_wrongly
    print(f"\n{confirmed} confirmed, {wrongly} of them another person's")
    print(f"{perf_counter() - began_s:.0f} s")


if __name__ == "__main__":
    main()
