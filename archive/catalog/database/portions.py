"""Many values in portions that one statement can name.

Knows no table.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

_Value = TypeVar("_Value")
# A database takes some thousands of values; more at once are no faster.
AT_ONCE: Final = 500


def portions(values: Iterable[_Value]) -> Iterator[Sequence[_Value]]:
    """The values in their order, at most `AT_ONCE` at a time."""
    every = list(values)
    return (every[at : at + AT_ONCE] for at in range(0, len(every), AT_ONCE))
