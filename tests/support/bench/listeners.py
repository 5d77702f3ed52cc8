"""What tests of listeners share."""

from bench.beside import Beside
from bench.filled_catalog import Filled
from bench.listeners import ListenerFigures
from tests.support.bench.beside import ALONE


def figures(*found: Beside) -> ListenerFigures:
    """Of a catalog of two calls."""
    return ListenerFigures(
        command=["bench", "-x"],
        machine={},
        filled=Filled(calls=2, rows={}, size_bytes=12_600),
        listeners=50,
        per_s=20.0,
        kinds=["day", "number"],
        seconds=60,
        alone=ALONE,
        beside=list(found),
    )
