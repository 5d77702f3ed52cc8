"""A product over a world that stands: loaded once for its size and seed, served for a block.

As an operator would start it, with a token of its own. Knows nothing of requests.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.server import free_port, start_rokuon
from eval.asking.product import Product
from eval.loading.bulk import fill
from eval.loading.catalog import Step
from eval.world.world import World

# No call is taken, but one must have room; the same ports for all would be those of one alone.
_RTP_PORTS: Final = 64
# Whoever may not see the ledger is not told of calls in it.
_SCOPES: Final = ("calls:search", "calls:read", "ledger:read", "destruction:read")


def standing(folder: Path, world: World, name: str, step: Step) -> Path:
    """Where the data of a product with this world lie; loaded where they do not."""
    own = folder / name
    file = own / "var/catalog/catalog.db"
    if not file.exists():
        unfinished = file.with_suffix(".new")
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        fill(unfinished, world, step)
        unfinished.rename(file)
    return own


@contextmanager
def served(folder: Path) -> Iterator[Product]:
    """Raises `ServerDidNotStart`, `CalledProcessError`."""
    first = free_port() & ~1
    running = start_rokuon(folder, rtp_ports=(first, first + _RTP_PORTS))
    try:
        own = [sys.executable, "-m", "rokuon", "--config", str(running.config)]
        scopes = [part for each in _SCOPES for part in ("--scope", each)]
        command = [*own, "user", "token", "eval", *scopes]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        with Product(f"http://127.0.0.1:{running.http_port}", said.split()[-1]) as product:
            yield product
    finally:
        running.stop()
