"""Plans of destruction and their recordings as `/api/v1` sends them.

Knows nothing of what makes a recording due.
"""

from datetime import UTC, datetime
from typing import Self

from pydantic import BaseModel

from api.access.known_proposals import Known
from api.destruction.plan_steps import PlanStep
from api.destruction.plans import KnownPlan
from api.web.http.times import shown
from archive.catalog.destruction.planned_recordings import StoredLine
from archive.lifecycle.intention import Scope


def at_or_none(us: int | None) -> datetime | None:
    """A moment in µs since 1970, in UTC."""
    return None if us is None else shown(us, UTC)


class StageView(BaseModel):
    """So many of its recordings are in a stage; `cause` why those that were dropped are kept."""

    stage: str
    cause: str
    recordings: int


class ApprovedView(BaseModel):
    """An approval of a plan, by a person's name."""

    by: str
    at: datetime
    one_person: bool


class WordView(BaseModel):
    """Who has approved a plan, and by name whose approval would count and is missing."""

    given: list[ApprovedView]
    missing: list[str]

    @classmethod
    def show(cls, known: Known | None) -> Self:
        """Of a proposal, in the order in which they were given; of none, nobody's."""
        if known is None:
            return cls(given=[], missing=[])
        given = (
            ApprovedView(
                by=known.names[each.by], at=shown(each.at_us, UTC), one_person=each.one_person
            )
            for each in known.proposal.approvals
        )
        return cls(given=list(given), missing=list(known.could))


class PlanView(BaseModel):
    """A plan of destruction: what it has, whose word there is, and what has become of it.

    `proposal` is the one that was carried out, before that the one to be approved; null where an
    approval stands for it. `waits` is what its run waits for, `state` where it stands: why it
    ended, else what it waits for, else that it runs. Of one that was stopped, `key_daemon_told_at`
    is when the key daemon was told, and `goes_on` are other plans of its rules that go on, because
    they were approved by themselves.
    """

    number: int
    sha256: str
    made_by: str
    decided_at: datetime
    recordings: int
    bytes: int
    cooling_off_h: int
    proposal: int | None
    one_person: bool
    approved_at: datetime | None
    due_at: datetime | None
    handed_over_at: datetime | None
    begun_at: datetime | None
    last_at: datetime | None
    waits: str
    ended_at: datetime | None
    ended: str
    ended_by: str
    key_daemon_told_at: datetime | None
    goes_on: list[int]
    word: WordView
    steps: list[PlanStep]
    state: str
    stages: list[StageView]

    @classmethod
    def show(cls, known: KnownPlan) -> Self:
        """The same as it is sent."""
        stored, content = known.stored, known.stored.content
        approval, course = stored.approval, stored.course
        return cls(
            number=stored.number,
            sha256=content.sha256.hex(),
            made_by=stored.author,
            decided_at=shown(content.decided_us, UTC),
            recordings=content.recordings,
            bytes=content.size_bytes,
            cooling_off_h=content.cooling_off_h,
            proposal=approval.proposal,
            one_person=approval.one_person,
            approved_at=at_or_none(approval.approved_us),
            due_at=at_or_none(approval.due_us),
            handed_over_at=at_or_none(course.handed_us),
            begun_at=at_or_none(course.begun_us),
            last_at=at_or_none(course.last_us),
            waits=course.waits,
            ended_at=at_or_none(course.ended_us),
            ended=course.ended,
            ended_by=course.ended_by,
            key_daemon_told_at=at_or_none(course.keys_ended_us),
            goes_on=list(known.beside),
            word=WordView.show(known.proposal),
            steps=sorted(known.steps),
            state=known.state,
            stages=[
                StageView(stage=stage, cause=cause, recordings=count)
                for (stage, cause), count in sorted(known.stages.items())
            ],
        )


class PlansView(BaseModel):
    """Plans, newest first."""

    plans: list[PlanView]


class LineView(BaseModel):
    """A recording of a plan; null once it is gone. `place` is where the next page begins behind.

    `scope` is what of it goes: the `whole`, its `audio`, or the `facts` that outlived that. A page
    of the ledger, which is no recording, has `ledger`.
    """

    place: int
    recording: str | None
    digest: str
    revision: int
    rules: list[str]
    scope: Scope
    bytes: int
    stage: str
    cause: str
    destroyed_at: datetime | None

    @classmethod
    def show(cls, line: StoredLine) -> Self:
        """The same as it is sent."""
        revision, rules, scope = line.grounds
        return cls(
            place=line.row,
            recording=None if line.recording is None else str(line.recording),
            digest=line.digest.hex(),
            revision=revision,
            rules=list(rules),
            scope=scope,
            bytes=line.size_bytes,
            stage=line.stage,
            cause=line.cause,
            destroyed_at=at_or_none(line.destroyed_us),
        )


class LinesView(BaseModel):
    """A page of a plan's recordings."""

    recordings: list[LineView]
