"""Where workers have jobs from, and what they say of them: the seam of `docs/jobs.md`.

Knows nothing of a database, nor of what a job does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from archive.errors import ArchiveError
from archive.ids import TenantId
from archive.jobs import Content, Job, Progress

# More that wait are a script gone wild.
MAX_WAITING: Final = 20
# Of those that have ended, with what came of them; older ones go.
KEPT: Final = 100
# Sums and lists for people; what is longer is asked for page by page.
MAX_RESULT_BYTES: Final = 1 << 20


class JobKind(StrEnum):
    """What there are jobs for."""

    SIMULATION = "simulation"


class TooManyJobs(ArchiveError):
    """As many jobs of a kind wait as may."""


class QueueAway(ArchiveError):
    """The queue cannot be asked at the moment."""


class UnknownJob(ArchiveError):
    """There is no job of that number, or it ended so long ago that it is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done."""

    kind: JobKind
    arguments: Content = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownJob:
    """A job with its number, its order, who wanted it and when (µs UTC)."""

    number: int
    order: Order
    author: str
    ordered_us: int
    job: Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A job that a worker has: its number, whose it is, its order, and the name of the claim."""

    number: int
    tenant: TenantId
    order: Order
    holder: str


class JobQueue(Protocol):
    """What a worker asks and says; each is whole or is not at all, and raises `QueueAway`."""

    def claim(self, kinds: Sequence[JobKind]) -> Claim | None:
        """Take the oldest job of these kinds that may be taken now."""

    def beat(self, claim: Claim, progress: Progress) -> bool:
        """Say that the worker lives; whether it may go on. Raises `LeaseLost`."""

    def succeed(self, claim: Claim, result: Content) -> None:
        """Say that it is done. Raises `LeaseLost`."""

    def fail(self, claim: Claim, why: str) -> None:
        """Say that it came to nothing. Raises `LeaseLost`."""

    def stop_short(self, claim: Claim) -> None:
        """Say that it was stopped because somebody wanted that. Raises `LeaseLost`."""

    def put_back(self, claim: Claim) -> None:
        """Let somebody else go on. Raises `LeaseLost`."""
