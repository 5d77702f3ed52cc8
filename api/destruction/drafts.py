"""A plan before it is written down: what is due now, what has been due the longest first.

Knows nothing of who approves it.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from api.destruction.verdicts import Verdict, all_verdicts
from api.errors import NothingDue
from archive.catalog.authors import Author
from archive.catalog.destruction_plans import PlanContent, PlanLine
from archive.catalog.planned_recordings import in_open_plans
from archive.catalog.tenants import tenant_row
from archive.ids import ID_BYTES, PlanId
from archive.tombstone_digest import digest_of
from retention.due import Grounds
from retention.plan import MAX_PLANNED, Planned, RetentionPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was due: the plan as a value, its lines, and what the revisions in it ask for."""

    plan: RetentionPlan
    lines: tuple[PlanLine, ...]
    cooling_off_h: int
    bulk: int

    @property
    def content(self) -> PlanContent:
        """As the register keeps it."""
        return PlanContent(
            id=PlanId(secrets.token_bytes(ID_BYTES)),
            sha256=self.plan.sha256,
            decided_us=self.plan.decided_us,
            recordings=len(self.lines),
            size_bytes=self.plan.size_bytes,
            cooling_off_h=self.cooling_off_h,
        )

    @property
    def summary(self) -> str:
        """What who approves reads."""
        rules = sorted(f"revision {revision}: {rule}" for revision, rule in self.plan.grounds)
        head = f"destroy {len(self.lines)} recordings, {self.plan.size_bytes} bytes, plan"
        return "\n".join([f"{head} {self.plan.sha256.hex()}, by", *rules])


def due_now(connection: Connection, author: Author) -> Draft:
    """A plan of what is due now and in no other one; raises `NothingDue`."""
    tenant, now_us = author.access.tenant, author.access.at_us
    planned = in_open_plans(connection, tenant_row(connection, tenant))
    due = [
        each
        for each in all_verdicts(connection, tenant, now_us)
        if isinstance(each.says, Grounds) and each.recording not in planned
    ]
    if not due:
        raise NothingDue("nothing is due that is in no plan")
    due.sort(key=lambda each: (each.due_at, each.recording))
    return _draft(now_us, due[:MAX_PLANNED])


def _draft(now_us: int, due: list[Verdict]) -> Draft:
    lines = tuple(_lines(due))
    planned = (
        Planned(
            digest=each.digest,
            grounds=Grounds(each.revision, each.rules),
            size_bytes=each.size_bytes,
        )
        for each in lines
    )
    return Draft(
        plan=RetentionPlan.of(now_us, planned),
        lines=lines,
        cooling_off_h=max(each.limits.cooling_off_h for each in due),
        bulk=min(each.limits.bulk for each in due),
    )


def _lines(due: Iterable[Verdict]) -> Iterable[PlanLine]:
    """In the order in which they go: what has been due the longest first."""
    for each in due:
        assert isinstance(each.says, Grounds)
        yield PlanLine(
            recording=each.recording,
            digest=digest_of(each.recording),
            revision=each.says.revision,
            rules=each.says.rules,
            size_bytes=each.size_bytes,
        )
