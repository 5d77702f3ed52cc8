"""What the flags of a row say: who called, what happened, that the number was withheld.

Values alone. Knows nothing of how it is known (`docs/locate.md`).
"""

from collections.abc import Mapping
from typing import Final

from archive.locate.clues import Happened

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
HAPPENED: Final[Mapping[Happened, int]] = {
    "transferred": TRANSFERRED,
    "held": HELD,
    "called_back": CALLED_BACK,
}
