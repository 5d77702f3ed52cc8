"""A process that has loaded what it needs and waits to take another's place.

Its supervisor gives it its turn by a byte on standard input. Knows nothing of parts.
"""

import os
import sys
from collections.abc import Callable, Mapping
from typing import Final

from rokuon.machine.notify import end_with_supervisor

SPARE_VARIABLE: Final = "ROKUON_SPARE"
TURN: Final = b"\n"


def stand_by(environment: Mapping[str, str], prepare: Callable[[], object]) -> None:
    """Return at once in a process that is no spare; in one that is, prepare and wait for the turn.

    Raises `SystemExit` where nobody is left to give it.
    """
    if SPARE_VARIABLE not in environment:
        return
    end_with_supervisor(environment)
    prepare()
    if not os.read(sys.stdin.fileno(), len(TURN)):
        raise SystemExit(0)
