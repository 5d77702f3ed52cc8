"""For what an answer about recordings is wanted, as it bears on those whose use is limited.

Pure. Knows nothing of roles, of policies or of SQL; what is said here of nobody opens nothing.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

# Why a recording may be there and not be for use.
Limit = Literal["restricted", "suspended"]
# After every moment at which a restriction can begin.
_AFTER_ALL_US: Final = (1 << 63) - 1


class Extent(Enum):
    """How much of a limited recording an answer may give."""

    CONTENT = "content"  # what was said: audio, copies, messages
    KNOWLEDGE = "knowledge"  # what is told of it
    ALL = "all"  # whatever its limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """`purpose` is what was stated; `at_us` the moment (µs since 1970 UTC) at which it is asked.

    Broken glass passes restrictions, never a suspension.
    """

    purpose: str = ""
    extent: Extent = Extent.CONTENT
    at_us: int = _AFTER_ALL_US
    is_glass_broken: bool = False


# Passes nothing that is limited.
NO_USE: Final = Use()
# Of the keeper, of maintenance, and of who decides about limits.
EVERY_USE: Final = Use(extent=Extent.ALL)
