"""From when on a recording is past its maximum while a minimum keeps it, and what it is left for.

Pure. Knows nothing of holds and cases: what keeps a recording does not make it usable (P8 of
`docs/retention.md`).
"""

from dataclasses import dataclass
from datetime import datetime

from retention.decisions.bounds import Bounds
from retention.policies.policy import RetentionPolicy
from retention.rules.rule import Never


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """It has no end: what is due by then is to go, and no more for use than before."""

    from_at: datetime
    purposes: frozenset[str]


def restriction_of(own: Bounds) -> Restriction | None:
    """By what is known; None where no minimum outlasts the maximum."""
    floor, ceiling = own.floor, own.ceiling
    if floor is None or ceiling is None or floor.at <= ceiling.at:
        return None
    return Restriction(from_at=ceiling.at, purposes=own.purposes)


def may_restrict(policy: RetentionPolicy) -> bool:
    """Whether it has minima and maxima at all."""
    terms = [each for rule in policy.rules for each in rule.terms.values()]
    ends = (each.delete_after for each in terms)
    return any(each.keep_at_least for each in terms) and any(
        each is not None and not isinstance(each, Never) for each in ends
    )
