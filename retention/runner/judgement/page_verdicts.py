"""What retention makes of pages of the ledger now: which must go, and why the others do not.

Beside `verdicts`, for a page is no recording: it is judged by the times of its calls alone. Knows
nothing of plans.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from sqlalchemy import Connection

from archive.catalog.holds.held_pages import means_page
from archive.catalog.register.legal_holds import StoredHold, stored_holds
from archive.catalog.retention.retained_pages import RetainedPage, pages_from, retained_pages
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId, TenantId
from archive.moments import microseconds, moment
from retention.decisions.dated_assets import due_times, page_bounds
from retention.decisions.decision import Hold, Standing, decide
from retention.decisions.due import Grounds, verdict_of_page
from retention.policies.revision import Revision
from retention.rules.rule import Asset
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.judgement.recording_verdicts import Verdict

# Of a page of which a part is missing not all calls are known.
_PARTS: Final = ("parts",)


def page_verdicts_of(
    connection: Connection, tenant: TenantId, pages: Sequence[RecordingId], now_us: int
) -> dict[RecordingId, Verdict]:
    judge = _Judge.read(connection, tenant, now_us)
    found = retained_pages(connection, tenant_row(connection, tenant), pages)
    return {each.page: judge.verdict(each) for each in found}


def page_verdicts_from(
    connection: Connection, tenant: TenantId, now_us: int, from_us: int
) -> tuple[int, tuple[Verdict, ...]]:
    """Of the next pages that may have to go, those whose youngest call began from a moment on.

    First from when on the ones behind them are; 0: there are none.
    """
    judge = _Judge.read(connection, tenant, now_us)
    return judge.verdicts_from(connection, tenant_row(connection, tenant), from_us)


def due_pages(connection: Connection, tenant: TenantId, now_us: int) -> Iterator[Verdict]:
    """Of every page that must go, in no order."""
    from_us, going = 0, True
    while going:
        from_us, found = page_verdicts_from(connection, tenant, now_us, from_us)
        yield from (each for each in found if isinstance(each.says, Grounds))
        going = from_us > 0


def count_due_pages(
    connection: Connection, tenant: int, revisions: Sequence[Revision], now: datetime
) -> int:
    """How many pages would have to go, were these the revisions."""
    judge = _Judge(revisions, now, stored_holds(connection, tenant))
    count, from_us, going = 0, 0, True
    while going:
        from_us, found = judge.verdicts_from(connection, tenant, from_us)
        count += sum(isinstance(each.says, Grounds) for each in found)
        going = from_us > 0
    return count


@dataclass(frozen=True, slots=True)
class _Judge:
    """The policy's revisions, the moment, and the holds that may mean a page."""

    revisions: Sequence[Revision]
    now: datetime
    holds: tuple[StoredHold, ...]

    @classmethod
    def read(cls, connection: Connection, tenant: TenantId, now_us: int) -> Self:
        history = PolicyHistory.read(connection, tenant, now_us)
        holds = stored_holds(connection, tenant_row(connection, tenant))
        return cls(history.revisions, history.now, holds)

    @property
    def before_us(self) -> int:
        """What began later need not be looked at; 0: nothing."""
        due = due_times(self.revisions, self.now, Asset.LEDGER)
        return microseconds(due[-1].end) if due else 0

    def verdicts_from(
        self, connection: Connection, tenant: int, from_us: int
    ) -> tuple[int, tuple[Verdict, ...]]:
        """As `page_verdicts_from` says."""
        before_us = self.before_us
        if from_us >= before_us:
            return 0, ()
        until_us, found = pages_from(connection, tenant, from_us, before_us)
        return until_us if until_us < before_us else 0, tuple(map(self.verdict, found))

    def verdict(self, page: RetainedPage) -> Verdict:
        oldest_at, youngest_at = moment(page.oldest_us), moment(page.youngest_us)
        judged = page_bounds(self.revisions, oldest_at, youngest_at, self.now)
        standing = Standing(
            holds=tuple(_hold(each) for each in self.holds if means_page(each, page)),
            problems=() if page.is_known else _PARTS,
        )
        decision = decide(judged.bounds, standing, self.now)
        return Verdict(
            recording=page.page,
            started_us=page.oldest_us,
            says=verdict_of_page(judged.revision.number, decision),
            own=judged.bounds,
            metadata=judged.bounds,
            size_bytes=page.size_bytes,
            limits=judged.revision.policy.limits,
        )


def _hold(own: StoredHold) -> Hold:
    """Of a released one until when its grace is."""
    until = moment(own.end.grace_until_us) if own.state == "released" and own.end else None
    return Hold(str(own.number), own.terms.matter, until)
