"""How a setting is declared: bounds and forms that who reads a configuration holds it to.

Pure. Knows nothing of files, nor of any setting.
"""

from dataclasses import field
from typing import Final

# The metadata keys of a setting.
BOUNDS: Final = "bounds"
ONE_OR_MORE: Final = "one or more"
# A day: every timeout of a call is shorter, so a larger one is a slip of the unit.
MAX_SECONDS: Final = 86_400


def whole(default: int, *, low: int, high: int) -> int:
    """Declare a whole number between `low` and `high`, both allowed."""
    return field(default=default, metadata={BOUNDS: (low, high)})


def one_or_more() -> tuple[str, ...]:
    """Declare a list of texts of which one alone needs no brackets."""
    found: tuple[str, ...] = field(default=(), metadata={ONE_OR_MORE: True})
    return found
