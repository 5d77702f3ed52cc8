"""A plan before it is written down: what is due now, what has been due the longest first.

Knows nothing of who approves it.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from api.destruction.due_recordings import due_recordings
from api.destruction.survey import Survey, count_without, longest_due
from api.permissions.errors import NothingDue
from api.words.proposal_summaries import SummaryLine, kept
from api.words.texts import said
from archive.catalog.destruction.due_counts import DueCount, write_count
from archive.catalog.destruction.planned_recordings import in_open_plans
from archive.catalog.destruction.plans import PlanContent, PlanLine, append_plan
from archive.catalog.journal.authors import Author
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ID_BYTES, PlanId
from archive.lifecycle.tombstone import digest_of, facts_id
from retention.decisions.destruction_plan import MAX_PLANNED, Planned, RetentionPlan
from retention.decisions.due import Grounds
from retention.runner.judgement.recording_verdicts import Verdict

_DESTROY: Final = said("destroy {recordings} recordings ({size})")
_BY: Final = said("by rule {rule} of revision {revision}")
_PLAN: Final = said("plan {digest}")
_AUDIO: Final = said("of {count} the audio alone: what is told of them is kept longer")
_FACTS: Final = said("of {count} what was told of them: their audio is gone")
_PAGES: Final = said("{count} of them are pages of the ledger: calls without a recording")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """What was `due`: the plan as a value, its lines, and what the revisions in it ask for.

    `count` is of the whole archive, as it is when this plan is written down; None before the first
    walk over it.
    """

    due: tuple[Verdict, ...]
    plan: RetentionPlan
    lines: tuple[PlanLine, ...]
    cooling_off_h: int
    bulk: int
    count: DueCount | None

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
        rules = (
            SummaryLine(_BY, {"rule": rule, "revision": revision})
            for revision, rule in sorted(self.plan.grounds)
        )
        size_bytes = self.plan.size_bytes
        head = SummaryLine(_DESTROY, {"recordings": len(self.lines), "size": size_bytes})
        of = SummaryLine(_PLAN, {"digest": self.plan.sha256.hex()})
        return kept(head, *rules, *self._scopes(), of)

    def _scopes(self) -> Iterator[SummaryLine]:
        """Of how many not all goes at once."""
        if audio := self.plan.count("audio"):
            yield SummaryLine(_AUDIO, {"count": audio})
        if facts := self.plan.count("facts"):
            yield SummaryLine(_FACTS, {"count": facts})
        if pages := self.plan.count("ledger"):
            yield SummaryLine(_PAGES, {"count": pages})


def due_now(connection: Connection, author: Author) -> PlanDraft:
    """A plan of what is due now and in no other one; raises `NothingDue`."""
    tenant, now_us = author.access.tenant, author.access.at_us
    row = tenant_row(connection, tenant)
    planned = in_open_plans(connection, row)
    unplanned = (
        each
        for each in due_recordings(connection, tenant, now_us)
        if isinstance(each.says, Grounds) and each.recording not in planned
    )
    due = list(islice(unplanned, MAX_PLANNED))
    return _draft(now_us, due, count_without(connection, row, due))


def left_of(connection: Connection, author: Author, draft: PlanDraft) -> PlanDraft:
    """What of a draft is in no plan yet, asked in the transaction that writes it down.

    Somebody may have planned while the archive was judged. Raises `NothingDue`.
    """
    row = tenant_row(connection, author.access.tenant)
    planned = in_open_plans(connection, row)
    due = [each for each in draft.due if each.recording not in planned]
    return _draft(draft.plan.decided_us, due, count_without(connection, row, due))


def draft_of(survey: Survey) -> PlanDraft:
    """A plan of what a walk found due and in no other one; raises `NothingDue`."""
    due = longest_due(survey.due)
    return _draft(survey.now_us, due, survey.count(due))


def append_draft(connection: Connection, author: Author, draft: PlanDraft) -> int:
    """Write a plan down, and what is left in none; returns its number."""
    number = append_plan(connection, author, draft.content, draft.lines)
    if draft.count is not None:
        write_count(connection, tenant_row(connection, author.access.tenant), draft.count)
    return number


def _draft(now_us: int, due: list[Verdict], count: DueCount | None) -> PlanDraft:
    if not due:
        raise NothingDue("nothing is due that is in no plan")
    planned = tuple(map(_planned, due))
    return PlanDraft(
        due=tuple(due),
        plan=RetentionPlan.of(now_us, planned),
        lines=tuple(map(_line, due, planned)),
        cooling_off_h=max(each.limits.cooling_off_h for each in due),
        bulk=min(each.limits.bulk for each in due),
        count=count,
    )


def _planned(due: Verdict) -> Planned:
    assert isinstance(due.says, Grounds)
    keyed = facts_id(due.recording) if due.says.scope == "facts" else due.recording
    return Planned(digest=digest_of(keyed), grounds=due.says, size_bytes=due.size_bytes)


def _line(due: Verdict, planned: Planned) -> PlanLine:
    """The same as the register has it."""
    return PlanLine(
        recording=due.recording,
        digest=planned.digest,
        revision=planned.grounds.revision,
        rules=planned.grounds.rules,
        size_bytes=due.size_bytes,
        scope=planned.grounds.scope,
    )


def summary_of(content: PlanContent) -> str:
    """What who approves reads of a plan that is proposed again."""
    values = {"recordings": content.recordings, "size": content.size_bytes}
    of = SummaryLine(_PLAN, {"digest": content.sha256.hex()})
    return kept(SummaryLine(_DESTROY, values), of)
