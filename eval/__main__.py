"""`python -m eval COMMAND`: what is drawn and measured, on the terminal."""

import argparse

from eval.world.world import Fate, World, make_world


def main() -> None:
    """Draw a world and say what is in it."""
    parser = argparse.ArgumentParser(prog="python -m eval")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("world", help="draw a world, say what is in it")
    command.add_argument("--calls", type=int, default=20_000)
    command.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    describe(make_world(asked.calls, seed=asked.seed))


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


if __name__ == "__main__":
    main()
