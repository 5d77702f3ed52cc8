"""A walk over all recordings of a tenant: what must go by now, what is in no plan, what has no end.

Behind the recordings come pages of the ledger that must go. Goes in steps, so that nobody waits
for it. Knows nothing of when it is done or of who approves.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from archive.catalog.destruction.due_counts import DueCount, last_count
from archive.catalog.destruction.planned_recordings import in_open_plans, last_causes
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId, TenantId
from retention.decisions.destruction_plan import MAX_PLANNED
from retention.decisions.due import Grounds, reason_now
from retention.runner.judgement.page_verdicts import page_verdicts_from
from retention.runner.judgement.recording_verdicts import Verdict, verdicts_behind


@dataclass(slots=True)
class _Sums:
    """Of all that was judged, and of what must go and was in no plan."""

    recordings: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    no_end: int = 0
    oldest_no_end_us: int | None = None

    def add(self, each: Verdict) -> None:
        """Count one more recording."""
        self.recordings += 1
        if each.has_no_end:
            oldest = self.oldest_no_end_us
            self.no_end += 1
            self.oldest_no_end_us = min(oldest or each.started_us, each.started_us)


@dataclass(slots=True, kw_only=True)
class Survey:
    """As of `now_us`; `due` must go and is in no plan (`planned`), `causes` say why it fell out.

    Of more than two plans have it keeps what has been due the longest.
    """

    tenant: TenantId
    now_us: int
    planned: Mapping[RecordingId, int]
    causes: Mapping[RecordingId, str]
    due: list[Verdict] = field(default_factory=list, init=False)
    _after: int = field(default=0, init=False)
    # From when on pages are still to be judged; None: not before all recordings are.
    _pages_us: int | None = field(default=None, init=False)
    _sums: _Sums = field(default_factory=_Sums, init=False)

    @classmethod
    def begin(
        cls, connection: Connection, tenant: TenantId, now_us: int, *, replaced: int = 0
    ) -> "Survey":
        """Before the first step; what is in the plan `replaced` is as if it were in none."""
        row = tenant_row(connection, tenant)
        planned = in_open_plans(connection, row)
        return cls(
            tenant=tenant,
            now_us=now_us,
            planned={own: plan for own, plan in planned.items() if plan != replaced},
            causes=last_causes(connection, row),
        )

    def step(self, connection: Connection) -> bool:
        """Judge one batch; False where nothing was left."""
        if self._pages_us is not None:
            return self._step_pages(connection, self._pages_us)
        self._after, found = verdicts_behind(connection, self.tenant, self.now_us, self._after)
        for each in found:
            self._add(each)
        return self._after > 0 or self._step_pages(connection, 0)

    def _step_pages(self, connection: Connection, from_us: int) -> bool:
        found = page_verdicts_from(connection, self.tenant, self.now_us, from_us)
        self._pages_us, verdicts = found
        for each in verdicts:
            self._add_due(each)
        return self._pages_us > 0

    def count(self, taken: Iterable[Verdict] = ()) -> DueCount:
        """What it came to, where these are in a plan from now on."""
        reasons = self._sums.reasons - Counter(map(self._reason, taken))
        return DueCount(
            at_us=self.now_us,
            recordings=self._sums.recordings,
            reasons=dict(reasons),
            no_end=self._sums.no_end,
            oldest_no_end_us=self._sums.oldest_no_end_us,
        )

    def _add(self, each: Verdict) -> None:
        self._sums.add(each)
        self._add_due(each)

    def _add_due(self, each: Verdict) -> None:
        if each.recording in self.planned:
            return
        if isinstance(each.says, Grounds):
            self.due.append(each)
            self._sums.reasons[self._reason(each)] += 1
        if len(self.due) > 2 * MAX_PLANNED:
            self.due = longest_due(self.due)

    def _reason(self, each: Verdict) -> str:
        return reason_now(self.causes.get(each.recording))


def longest_due(due: Iterable[Verdict]) -> list[Verdict]:
    """Those that have been due the longest, as many as a plan has, in their order."""
    return sorted(due, key=lambda each: (each.due_at, each.recording))[:MAX_PLANNED]


def count_without(connection: Connection, tenant: int, taken: Iterable[Verdict]) -> DueCount | None:
    """What the last walk counted, less what is in a plan from now on; None before the first."""
    known, causes = last_count(connection, tenant), last_causes(connection, tenant)
    if known is None:
        return None
    planned = Counter(reason_now(causes.get(each.recording)) for each in taken)
    return replace(known, reasons=dict(Counter(known.reasons) - Counter(planned)))
