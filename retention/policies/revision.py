"""Revisions of a policy: which of them judges a recording, and what taking one over needs.

Pure. A revision is never changed; knows nothing of where revisions lie or of who approved them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from retention.policies.policy import RetentionPolicy
from retention.policies.policy_change import lengthens


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A policy in force since a moment; a retroactive one is for what was there before, too."""

    number: int
    policy: RetentionPolicy
    in_force_at: datetime
    is_retroactive: bool


class Care(StrEnum):
    """What a new revision needs before it is in force."""

    NONE = "none"
    TWO_PERSONS = "two_persons"


def judging(
    revisions: Iterable[Revision], ended_at: datetime | None, now: datetime
) -> Revision | None:
    """The revision that judges a recording at `now`: the latest in force that is for it.

    `ended_at` None is a call of which no end is known: as one that is still to end.
    """
    for each in sorted(revisions, key=lambda one: one.number, reverse=True):
        is_for_it = each.is_retroactive or ended_at is None or ended_at >= each.in_force_at
        if each.in_force_at <= now and is_for_it:
            return each
    return None


def still_judging(revisions: Sequence[Revision], now: datetime) -> list[Revision]:
    """The revisions that a recording may be judged by: none older than the last retroactive one."""
    in_force = sorted(
        (each for each in revisions if each.in_force_at <= now), key=lambda one: one.number
    )
    retroactive = [at for at, each in enumerate(in_force) if each.is_retroactive]
    return in_force[retroactive[-1] if retroactive else 0 :]


def care_for(new: Revision, revisions: Sequence[Revision], now: datetime) -> Care:
    """Whether one person may take a revision over at once."""
    compared = _replaced_by(new, revisions, now)
    only_longer = bool(compared) and all(lengthens(new.policy, each.policy) for each in compared)
    return Care.NONE if only_longer else Care.TWO_PERSONS


def in_force_from(
    new: Revision, revisions: Sequence[Revision], now: datetime, care: Care
) -> datetime:
    """From when on a revision that is taken over now decides.

    What takes two persons waits for the longest cooling off of all that it takes the place of, and
    for its own: nobody makes that shorter and uses it at once.
    """
    if care is Care.NONE:
        return now
    asked = (new, *_replaced_by(new, revisions, now))
    return now + timedelta(hours=max(each.policy.limits.cooling_off_h for each in asked))


def _replaced_by(new: Revision, revisions: Sequence[Revision], now: datetime) -> Sequence[Revision]:
    """With what it is compared: for calls to come with that which is in force.

    A retroactive one takes the place of each that still judges a recording.
    """
    judges = still_judging(revisions, now)
    return judges if new.is_retroactive else judges[-1:]
