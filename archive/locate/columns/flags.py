"""What the flags of a row say: who called, what happened, that the number was withheld and why.

Values alone. Knows nothing of how it is known (`docs/locate.md`).
"""

from collections.abc import Mapping
from typing import Final

from archive.locate.clues import Happened
from archive.locate.withheld_numbers import Withheld

# The lowest two bits.
DIRECTION: Final = 3
DIRECTIONS: Final[Mapping[str, int]] = {
    "unknown": 0,
    "inbound": 1,
    "outbound": 2,
    "internal": 3,
}
TRANSFERRED: Final = 1 << 2
HELD: Final = 1 << 3
CALLED_BACK: Final = 1 << 4
WITHHELD: Final = 1 << 5
# The highest two bits, beside that it was withheld.
WHY: Final[Mapping[Withheld, int]] = {
    Withheld.UNKNOWN: WITHHELD,
    Withheld.CALLER: WITHHELD | 1 << 6,
    Withheld.PAY_PHONE: WITHHELD | 2 << 6,
    Withheld.OUT_OF_AREA: WITHHELD | 3 << 6,
}
_WHY: Final = 3 << 6 | WITHHELD
_REASONS: Final[Mapping[int, Withheld]] = {bits: why for why, bits in WHY.items()}
HAPPENED: Final[Mapping[Happened, int]] = {
    "transferred": TRANSFERRED,
    "held": HELD,
    "called_back": CALLED_BACK,
}


def why_of(flags: int) -> Withheld | None:
    """Why the number was withheld, None where it was not."""
    return _REASONS.get(flags & _WHY)
