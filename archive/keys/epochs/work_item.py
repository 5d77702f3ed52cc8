"""A piece of the key daemon's own work: what is to be done, and in which thread.

Knows nothing of the work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class WorkThread(StrEnum):
    """The keystore's thread, which answers too, or one beside it."""

    KEYSTORE = "keystore"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Done whole; what is next is asked afterwards."""

    place: WorkThread
    run: Callable[[], None]
