"""Whether one more call may come in, and if not, why.

Pure: facts in, reason out. A full node refuses new calls and never drops one that it has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# A worker that is this busy (‰) or this late has nothing left for another call. The kernel's
# queues hold 10 s of a stream: a sweep that is 2 s late is overload, half a second is a hiccup.
MAX_BUSY_PERMILLE: Final = 900
MAX_LATE_MS: Final = 2_000
# Up to this share of its time one worker is given call after call: its tables stay in the cache
# and the other cores stay with others. Above it the least busy worker comes first.
FILL_PERMILLE: Final = 350
# What the client is told to wait before it tries us again (RFC 3261 §20.33).
RETRY_AFTER_S: Final = 10


class Full(StrEnum):
    """What has run out."""

    STARTING = "starting"
    DRAINING = "draining"
    CALLS = "calls"
    PORTS = "ports"
    CPU = "cpu"
    WORKERS = "workers"
    RELAYS = "relays"
    SPOOL_BYTES = "spool bytes"
    SPOOL_INODES = "spool inodes"
    SPOOL_FAILING = "spool failing"
    MEMORY = "memory of live calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What must stay free."""

    max_calls: int
    min_free_bytes: int
    min_free_inodes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The node now, as its shell last measured it. `workers` are those that can take a call.

    `lacks` is what has run out of what is not counted here.
    """

    calls: int
    workers: tuple[int, ...]
    free_bytes: int
    free_inodes: int
    free_cells: int
    lacks: frozenset[Full] = frozenset()


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Whether a call may come in: what has run out, and which workers can take one, best first.

    Of those that are `mute` the relay says nothing: an inline call there would be silence.
    """

    full: Full | None
    workers: tuple[int, ...]
    mute: frozenset[int] = frozenset()


# Before anything was measured.
NO_VACANCY: Final = Vacancy(Full.STARTING, ())


def refusal(room: Room, limits: Limits) -> Full | None:
    """The reason why no further call may come in; None where one may."""
    reasons = (
        (Full.DRAINING in room.lacks, Full.DRAINING),
        (room.calls >= limits.max_calls, Full.CALLS),
        (Full.SPOOL_FAILING in room.lacks, Full.SPOOL_FAILING),
        (Full.CPU in room.lacks, Full.CPU),
        (not room.workers, Full.WORKERS),
        (room.free_bytes < limits.min_free_bytes, Full.SPOOL_BYTES),
        (room.free_inodes < limits.min_free_inodes, Full.SPOOL_INODES),
        (room.free_cells <= 0, Full.MEMORY),
        (Full.PORTS in room.lacks, Full.PORTS),
    )
    return next((reason for full, reason in reasons if full), None)


def preferred(busy_permille: Mapping[int, int]) -> tuple[int, ...]:
    """Workers in the order in which they should get the next call."""
    return tuple(
        sorted(
            busy_permille,
            key=lambda each: (max(busy_permille[each], FILL_PERMILLE), each),
        )
    )
