"""When a page of the ledger must go: whole, with the youngest of the calls that it tells of.

Pure. Knows nothing of what is on a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retention.decisions.bounds import Bounds
from retention.decisions.dated_assets import dated_bounds
from retention.policies.revision import Revision, judging
from retention.policies.shipped_policy import SHIPPED
from retention.rules.rule import Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBounds:
    """The bounds of a page, and the revision that makes them."""

    revision: Revision
    bounds: Bounds


def page_bounds(
    revisions: Sequence[Revision], oldest_at: datetime, youngest_at: datetime, now: datetime
) -> PageBounds:
    """Judge a page whose calls began between these moments (aware).

    Where several revisions are for them, the one counts that keeps the page longest: none of its
    calls goes before its time.
    """
    between = (
        each.in_force_at for each in revisions if oldest_at < each.in_force_at <= youngest_at
    )
    judges = {
        each.number: each
        for at in (oldest_at, *between, youngest_at)
        for each in [judging(revisions, at, now) or SHIPPED]
    }
    judged = [
        PageBounds(revision=each, bounds=dated_bounds(each.policy, youngest_at, Asset.LEDGER))
        for _, each in sorted(judges.items(), reverse=True)
    ]
    return max(judged, key=lambda each: each.bounds.due_at)
