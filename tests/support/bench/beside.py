"""What tests of beside share."""

from dataclasses import replace

from bench.audience import Waits
from bench.beside import Asked, Beside, Kept
from tests.bench.examples import ours, setup

ALONE = Waits(asked=100, failed=0, late=0, p50_ms=10.0, p99_ms=40.0, worst_ms=60.0)


def beside(calls: int = 500, *, p99_ms: float = 80.0, **other: object) -> Beside:
    """So many calls, all answered and kept; a search takes twice as long as alone."""
    searched = replace(ALONE, p99_ms=p99_ms)
    whole = Beside(
        calls=calls,
        run=ours(1.5, began=setup(calls)),
        kept=Kept(sent=10_000, recordings=calls, packets=10_000),
        asked=Asked(heard=ALONE, searched=searched),
        cpus=2,
    )
    return replace(whole, **other)  # type: ignore[arg-type]  # of any field
