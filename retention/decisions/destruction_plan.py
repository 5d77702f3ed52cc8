"""A plan of destruction: what must go now, on what grounds; and each judged anew before it goes.

Pure. A plan is a value that people approve by its digest. Knows nothing of keys or files.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Final, Self
from zoneinfo import ZoneInfo

import msgspec

from archive.lifecycle.intention import Scope
from archive.lifecycle.plan_text import head_of, line_of
from retention.decisions.due import Cause, Grounds

# What fits a person's view is far less; what fits a machine's memory is this.
MAX_PLANNED: Final = 250_000


class Planned(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A recording that is to go: the digest that its tombstone will keep, and the grounds."""

    digest: bytes
    grounds: Grounds
    size_bytes: int

    @property
    def line(self) -> str:
        """Its line in the text of the plan; what goes is said where that is not all of it."""
        own = self.grounds
        return line_of(self.digest, (own.revision, own.rules, own.scope), self.size_bytes)


@dataclass(frozen=True)
class RetentionPlan:
    """All that was due at a moment (µs since 1970 UTC), by digest."""

    decided_us: int
    planned: tuple[Planned, ...]

    @classmethod
    def of(cls, decided_us: int, planned: Iterable[Planned]) -> Self:
        """The same plan in whatever order they come."""
        return cls(decided_us, tuple(sorted(planned, key=lambda each: each.digest)))

    @property
    def text(self) -> str:
        return "".join(self._lines())

    @cached_property
    def sha256(self) -> bytes:
        """The digest of exactly this plan: of its text, which is never there as a whole."""
        digest = hashlib.sha256()
        for line in self._lines():
            digest.update(line.encode())
        return digest.digest()

    @cached_property
    def size_bytes(self) -> int:
        return sum(each.size_bytes for each in self.planned)

    @property
    def grounds(self) -> frozenset[tuple[int, str]]:
        """Every rule in its revision, by what of a recording goes by it."""
        distinct = {each.grounds for each in self.planned}
        return frozenset(one for each in distinct for one in each.approved)

    def count(self, scope: Scope) -> int:
        """Of how many recordings this much goes."""
        return sum(each.grounds.scope == scope for each in self.planned)

    def _lines(self) -> Iterator[str]:
        yield from head_of(self.decided_us)
        yield from (each.line for each in self.planned)


def recheck(approved: Grounds, now: Grounds | Cause | None) -> Cause | None:
    """Why a planned recording must not go after all; None: it is due as it was approved.

    `now` is what is decided of it at this moment, None where it is not in the catalog.
    """
    match now:
        case None:
            return Cause.GONE
        case Cause():
            return now
        case Grounds() if now == approved:
            return None
        case Grounds() if (now.revision, now.rules) != (approved.revision, approved.rules):
            return Cause.OTHER_GROUNDS
        case Grounds():
            return _other_scope(approved, now)


def _other_scope(approved: Grounds, now: Grounds) -> Cause | None:
    """Less than could go now may go; what must be kept now may not go beside."""
    match approved.scope, now.scope:
        case "audio", "whole":
            return None
        case "whole", "audio":
            return Cause.METADATA_LIVES_LONGER
        case _:
            return Cause.OTHER_GROUNDS


def stands(plan: RetentionPlan, standing: Iterable[tuple[int, str]], bulk: int) -> bool:
    """Whether a standing approval covers a plan: every rule, no erasure, not many recordings."""
    is_small = len(plan.planned) <= bulk
    is_ruled = not any(each.grounds.is_erasure for each in plan.planned)
    return is_small and is_ruled and plan.grounds <= frozenset(standing)


def last_hour(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The latest moment until `now` at which a clock in the zone showed that time of the day."""
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=back) for back in (0, 1))
    moments = (datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for day in days)
    return next(each for each in moments if each <= now)
