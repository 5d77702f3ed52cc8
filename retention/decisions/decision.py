"""What becomes of a recording at a moment: kept, restricted or destroyed, and because of what.

Pure: the one place that decides. Simulation, `explain` and the sweep ask it alike; the precedence
P0-P9 is that of `docs/retention.md`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from retention.decisions.bounds import Bound, Bounds, Unknown
from retention.decisions.restriction import restriction_of
from retention.rules.deadline import FOREVER

_NO_PURPOSES: Final[frozenset[str]] = frozenset()


class Outcome(StrEnum):
    KEEP = "keep"
    RESTRICT = "restrict"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold in whose scope the recording is.

    `until` is None while it is in force; of a released one the end of its time of grace.
    """

    id: str
    matter: str
    until: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it keeps nothing any more."""
        return self.until is not None and self.until <= now


@dataclass(frozen=True, slots=True)
class Erasure:
    """What a case decided: to erase, granted on request or ordered by a court."""

    case: str
    kind: Literal["granted", "court"]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands above rules; `problems` are what could not be read of it, or a clock (P0).

    `freezes` and `suspensions` are cases.
    """

    holds: tuple[Hold, ...] = ()
    freezes: frozenset[str] = _NO_PURPOSES
    erasures: tuple[Erasure, ...] = ()
    suspensions: frozenset[str] = _NO_PURPOSES
    problems: tuple[str, ...] = ()


NOTHING_STANDS: Final = Standing()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something could not be read."""

    what: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """An open case protects it."""

    case: str


@dataclass(frozen=True, slots=True)
class KeptBy:
    """A minimum: until then it must be kept."""

    floor: Bound


@dataclass(frozen=True, slots=True)
class GoesBy:
    """A maximum: from then on it must go."""

    ceiling: Bound


@dataclass(frozen=True, slots=True)
class NoEnd:
    """No rule says when it must go."""


Reason = Unknown | Problem | Hold | Frozen | Erasure | KeptBy | GoesBy | NoEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An outcome, why, and until when it is so if nothing changes (None: for good).

    `purposes`: what a restricted one may be used for. `suspended`: the cases that stopped its use.
    `restricted_from`: since when it is, where something that stands above rules keeps it.
    """

    outcome: Outcome
    because: tuple[Reason, ...]
    until: datetime | None = None
    purposes: frozenset[str] = _NO_PURPOSES
    suspended: frozenset[str] = field(default=_NO_PURPOSES)
    restricted_from: datetime | None = None


def decide(own: Bounds, standing: Standing, now: datetime) -> Decision:
    """Judge one thing of a recording at `now` (aware)."""
    ordered = tuple(each for each in standing.erasures if each.at <= now)
    above = replace(standing, erasures=ordered)
    holds = (each for each in above.holds if not each.is_over(now))
    carried_out = tuple(each for each in ordered if above.freezes <= {each.case})
    freezes = () if carried_out else _freezes(above)
    protecting = (*_unknown(own, above), *holds, *freezes)
    if protecting:
        return _protected(own, above, protecting, now)
    court = tuple(each for each in carried_out if each.kind == "court")
    if court:
        return Decision(outcome=Outcome.DESTROY, because=court)
    return _erased(own, above, carried_out, now) if carried_out else _ruled(own, above, now)


def _protected(
    own: Bounds, standing: Standing, protecting: tuple[Reason, ...], now: datetime
) -> Decision:
    """What keeps it does not make it usable: past its maximum it stays restricted (P8)."""
    ordered, found = standing.erasures, restriction_of(own)
    restriction = found if found and found.from_at <= now else None
    return Decision(
        outcome=Outcome.KEEP,
        because=(*protecting, *ordered),
        purposes=restriction.purposes if restriction else _NO_PURPOSES,
        suspended=_suspended(standing, ordered),
        restricted_from=restriction.from_at if restriction else None,
    )


def _unknown(own: Bounds, standing: Standing) -> tuple[Reason, ...]:
    """P0: what is not known keeps."""
    return (*own.unknown, *(Problem(each) for each in standing.problems))


def _freezes(standing: Standing) -> Iterable[Frozen]:
    """P2: a case does not stop what it orders itself; any other case does.

    So each erasure is asked about alone: one more of them can only let go of more.
    """
    ordering = [{each.case} for each in standing.erasures] or [set[str]()]
    stopping = frozenset().union(*(standing.freezes - each for each in ordering))
    return (Frozen(case) for case in sorted(stopping))


def _suspended(standing: Standing, erasures: Iterable[Erasure]) -> frozenset[str]:
    return standing.suspensions | {each.case for each in erasures}


def _erased(
    own: Bounds, standing: Standing, granted: tuple[Erasure, ...], now: datetime
) -> Decision:
    """P4: a granted request yields to minima of rank law alone."""
    floor = own.law_floor
    if floor is None or floor.at <= now:
        return Decision(outcome=Outcome.DESTROY, because=granted)
    return Decision(
        outcome=Outcome.RESTRICT,
        because=(KeptBy(floor), *granted),
        until=_end(floor.at),
        purposes=own.law_purposes,
        suspended=_suspended(standing, standing.erasures),
    )


def _ruled(own: Bounds, standing: Standing, now: datetime) -> Decision:
    """P5, P8 and P9: the rules alone."""
    floor, ceiling = own.floor, own.ceiling
    if ceiling is None:
        kept = (KeptBy(floor),) if floor else ()
        return Decision(
            outcome=Outcome.KEEP, because=(*kept, NoEnd()), suspended=standing.suspensions
        )
    if now < ceiling.at:
        because = (GoesBy(ceiling), *((KeptBy(floor),) if floor else ()))
        return Decision(
            outcome=Outcome.KEEP,
            because=because,
            until=_end(ceiling.at),
            suspended=standing.suspensions,
        )
    if floor is None or floor.at <= now:
        because = (GoesBy(ceiling), *((KeptBy(floor),) if floor else ()))
        return Decision(outcome=Outcome.DESTROY, because=because)
    return Decision(
        outcome=Outcome.RESTRICT,
        because=(KeptBy(floor), GoesBy(ceiling)),
        until=_end(floor.at),
        purposes=own.purposes,
        suspended=standing.suspensions,
    )


def _end(at: datetime) -> datetime | None:
    return None if at == FOREVER else at
