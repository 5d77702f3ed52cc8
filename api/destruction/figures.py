"""How much is due, overdue and why, and what has no end: what monitoring and the doctor look at.

Adds up what is counted already, and never goes through the archive. Knows nothing of who asks.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from api.destruction.plan_course import waiting_of
from archive.catalog.destruction.due_counts import DueCount, last_count
from archive.catalog.destruction.planned_recordings import count_stages
from archive.catalog.destruction.plans import count_ended_so, open_plans
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId
from retention.decisions.run_stages import UNDER_WAY, Ended, Stage

# For so long it is an alarm that a plan was altered: somebody has looked by then.
ALTERED_US: Final = 7 * 86_400_000_000
_LEFT: Final = frozenset({Stage.PLANNED, *UNDER_WAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionFigures:
    """How many recordings are overdue by which reason, and the last count of the archive.

    What is in a plan is counted as of `at_us`, all else as of that count; None before the first.
    `altered`: how many plans of the last days were altered after they were made.
    """

    at_us: int = 0
    overdue: Mapping[str, int] = field(default_factory=dict)
    count: DueCount | None = None
    altered: int = 0

    @property
    def age_us(self) -> int:
        """How long ago the archive was counted."""
        return self.at_us - self.count.at_us if self.count else 0

    @property
    def due(self) -> int:
        """How many must go."""
        return sum(self.overdue.values())


NO_FIGURES: Final = RetentionFigures()


def figures_of(connection: Connection, tenant: TenantId, now_us: int) -> RetentionFigures:
    """Of one tenant, as far as it is counted."""
    row = tenant_row(connection, tenant)
    count = last_count(connection, row)
    overdue = Counter(count.reasons if count else {})
    for plan in open_plans(connection, tenant):
        stages = count_stages(connection, row, plan.number)
        left = sum(many for (stage, _), many in stages.items() if stage in _LEFT)
        overdue[waiting_of(connection, tenant, plan, now_us)] += left
    altered = count_altered(connection, tenant, now_us)
    return RetentionFigures(at_us=now_us, overdue=dict(+overdue), count=count, altered=altered)


def count_altered(connection: Connection, tenant: TenantId, now_us: int) -> int:
    """How many plans were lately found to be altered after they were made."""
    return count_ended_so(connection, tenant, Ended.ALTERED, now_us - ALTERED_US)
