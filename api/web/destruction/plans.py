"""Routes under `/plans`, `/runs`, `/overdue` and `/tombstones`: destroying what must go.

Each is three moves: read, ask, show. Knows nothing of what makes a recording due.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.destruction.overdue import Overdue
from api.destruction.plans import KnownPlan
from api.permissions.verbs import Verb
from api.web.http.api_routes import needing
from api.web.http.parameter_types import Row
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import Moment, shown
from archive.catalog.destruction.planned_recordings import StoredLine
from archive.catalog.destruction.standing_approvals import StandingApproval
from archive.lifecycle.intention import Scope
from archive.lifecycle.tombstone import FoundTombstone
from archive.moments import microseconds
from retention.decisions.due import Grounds

_LISTED: Final = documented(401, 403, 422, 429, 503)
_SEEN: Final = documented(401, 403, 404, 422, 429, 503)
_STEP: Final = documented(401, 403, 404, 409, 422, 429, 503)
# Of numbers that a 64-bit column holds.
Behind = Annotated[int, Query(ge=0, le=2**63 - 1)]

router = APIRouter(tags=["destruction"])


def _at(us: int | None) -> datetime | None:
    return None if us is None else shown(us, UTC)


class StageView(BaseModel):
    """So many of its recordings are in a stage; `cause` why those that were dropped are kept."""

    stage: str
    cause: str
    recordings: int


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
            approved_at=_at(approval.approved_us),
            due_at=_at(approval.due_us),
            handed_over_at=_at(course.handed_us),
            begun_at=_at(course.begun_us),
            last_at=_at(course.last_us),
            waits=course.waits,
            ended_at=_at(course.ended_us),
            ended=course.ended,
            ended_by=course.ended_by,
            key_daemon_told_at=_at(course.keys_ended_us),
            goes_on=list(known.beside),
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
            destroyed_at=_at(line.destroyed_us),
        )


class LinesView(BaseModel):
    """A page of a plan's recordings."""

    recordings: list[LineView]


class OverdueView(BaseModel):
    """A recording that must have gone by now, and the reason for which it has not.

    `due_at` is null where a case orders it at once. `scope` is what of it must go. `plan` is 0
    where it is in none.
    """

    recording: str
    due_at: datetime | None
    rules: list[str]
    scope: Scope
    bytes: int
    reason: str
    plan: int
    waits: str

    @classmethod
    def show(cls, overdue: Overdue) -> Self:
        """The same as it is sent."""
        verdict = overdue.verdict
        assert isinstance(verdict.says, Grounds), "what is not due is not overdue"
        return cls(
            recording=str(verdict.recording),
            due_at=None if verdict.is_ordered else verdict.due_at,
            rules=list(verdict.says.rules),
            scope=verdict.says.scope,
            bytes=verdict.size_bytes,
            reason=overdue.reason,
            plan=overdue.plan,
            waits=overdue.waits,
        )


class OverduesView(BaseModel):
    """Everything that must go and has not, what has been due the longest first."""

    recordings: list[OverdueView]


class TombstoneView(BaseModel):
    """What is left of a destroyed recording: no number, no name, no id.

    `hour_at` is the hour in which it began, null for one of which that was not kept. `scope` is
    what went; where that was its audio alone, what is told of it is kept until `facts_until` (null:
    no rule said when that ends).
    """

    digest: str
    destroyed_at: datetime
    hour_at: datetime | None
    queues: list[str]
    teams: list[str]
    controllers: list[str]
    revision: int | None
    rules: list[str]
    plan: int
    scope: Scope
    facts_until: datetime | None

    @classmethod
    def show(cls, found: FoundTombstone) -> Self:
        """The same as it is sent."""
        remains = found.remains
        return cls(
            digest=found.digest.hex(),
            destroyed_at=shown(found.destroyed_us, UTC),
            hour_at=_at(remains.hour_us),
            queues=sorted(remains.facts.queues),
            teams=sorted(remains.facts.teams),
            controllers=sorted(remains.facts.controllers),
            revision=remains.revision,
            rules=list(remains.rules),
            plan=remains.plan,
            scope=remains.scope,
            facts_until=_at(remains.facts_until_us),
        )


class TombstonesView(BaseModel):
    """Those within reach whose recordings began in the hours asked for, at most 1,000."""

    tombstones: list[TombstoneView]


class EndedView(BaseModel):
    """For how many rules an approval stood, or would have once its plan had begun."""

    ended: int


class StandingView(BaseModel):
    """A rule in its revision for which the approval of a plan stands, since that has begun."""

    revision: int
    rule: str
    plan: int
    since: datetime

    @classmethod
    def show(cls, found: StandingApproval) -> Self:
        """The same as it is sent."""
        since = shown(found.begun_us, UTC)
        return cls(revision=found.revision, rule=found.rule, plan=found.plan, since=since)


class StandingsView(BaseModel):
    """What later plans need nobody's word for."""

    approvals: list[StandingView]


@router.get("/plans", responses=_LISTED, openapi_extra=needing(Verb.DESTRUCTION_READ))
async def plans(actor: CurrentActor, application: CurrentApplication) -> PlansView:
    """Every plan of destruction."""
    found = await application.destruction.listed(actor)
    return PlansView(plans=[PlanView.show(each) for each in found])


@router.post(
    "/plans",
    responses=documented(401, 403, 409, 422, 429, 503),
    openapi_extra=needing(Verb.DESTRUCTION_MANAGE, "destruction_planned"),
)
async def make_plan(actor: CurrentActor, application: CurrentApplication) -> PlanView:
    """Plan what is due and in no other plan; propose it unless an approval stands for it."""
    return PlanView.show(await application.destruction.make(actor))


@router.get("/plans/{number}", responses=_SEEN, openapi_extra=needing(Verb.DESTRUCTION_READ))
async def plan(number: Row, actor: CurrentActor, application: CurrentApplication) -> PlanView:
    """One plan."""
    return PlanView.show(await application.destruction.show(actor, number))


@router.get(
    "/plans/{number}/recordings", responses=_SEEN, openapi_extra=needing(Verb.DESTRUCTION_READ)
)
async def plan_recordings(
    number: Row, actor: CurrentActor, application: CurrentApplication, behind: Behind = 0
) -> LinesView:
    """A page of what is in a plan, behind a place."""
    found = await application.destruction.lines(actor, number, behind)
    return LinesView(recordings=[LineView.show(each) for each in found])


@router.post(
    "/plans/{number}/approve",
    responses=_STEP,
    openapi_extra=needing(Verb.APPROVE, "approved"),
)
async def approve_plan(
    number: Row, actor: CurrentActor, application: CurrentApplication
) -> PlanView:
    """Give another person's word for a plan."""
    return PlanView.show(await application.destruction.approve(actor, number))


@router.post(
    "/plans/{number}/apply",
    responses=_STEP,
    openapi_extra=needing(Verb.DESTRUCTION_MANAGE, "plan_approved"),
)
async def apply_plan(number: Row, actor: CurrentActor, application: CurrentApplication) -> PlanView:
    """Carry out what another person approved: it cools off, then it is destroyed."""
    return PlanView.show(await application.destruction.apply(actor, number))


@router.post(
    "/plans/{number}/stop",
    responses=_STEP,
    openapi_extra=needing(Verb.APPROVE, "plan_stopped"),
)
async def stop_plan(number: Row, actor: CurrentActor, application: CurrentApplication) -> PlanView:
    """Begin nothing more of a plan, and let no approval stand for its rules any more."""
    return PlanView.show(await application.destruction.stop(actor, number))


@router.post(
    "/plans/{number}/withdraw",
    responses=_STEP,
    openapi_extra=needing(Verb.APPROVE, "approval_withdrawn"),
)
async def withdraw_plan_approval(
    number: Row, actor: CurrentActor, application: CurrentApplication
) -> PlanView:
    """Take the approval of a plan back: it waits for a word again; where applied, it is stopped."""
    return PlanView.show(await application.destruction.withdraw(actor, number))


@router.get("/standing-approvals", responses=_LISTED, openapi_extra=needing(Verb.DESTRUCTION_READ))
async def standing(actor: CurrentActor, application: CurrentApplication) -> StandingsView:
    """The rules for which an approval stands: their plans need nobody's word and do not wait."""
    found = await application.destruction.standing(actor)
    return StandingsView(approvals=[StandingView.show(each) for each in found])


@router.delete(
    "/standing-approvals",
    responses=_LISTED,
    openapi_extra=needing(Verb.APPROVE, "standing_ended"),
)
async def end_standing(actor: CurrentActor, application: CurrentApplication) -> EndedView:
    """Let no approval stand any more: what rests on one is stopped, the next takes a word again."""
    return EndedView(ended=await application.destruction.end_standing(actor))


@router.get("/runs", responses=_LISTED, openapi_extra=needing(Verb.DESTRUCTION_READ))
async def runs(actor: CurrentActor, application: CurrentApplication) -> PlansView:
    """The plans that are or were carried out; also those that cool off before it begins."""
    found = await application.destruction.listed(actor)
    applied = [each for each in found if each.stored.approval.due_us is not None]
    return PlansView(plans=[PlanView.show(each) for each in applied])


@router.get("/overdue", responses=_LISTED, openapi_extra=needing(Verb.DESTRUCTION_READ))
async def overdue(actor: CurrentActor, application: CurrentApplication) -> OverduesView:
    """What must have gone by now and has not, each with its reason."""
    found = await application.overdue.listed(actor)
    return OverduesView(recordings=[OverdueView.show(each) for each in found])


@router.get("/tombstones", responses=_LISTED, openapi_extra=needing(Verb.DESTRUCTION_READ))
async def tombstones(
    actor: CurrentActor,
    application: CurrentApplication,
    begins: Annotated[Moment, Query(alias="from")],
    ends: Annotated[Moment, Query(alias="to")],
) -> TombstonesView:
    """What is left of recordings that began in hours which a window touches."""
    found = await application.overdue.tombstones(actor, microseconds(begins), microseconds(ends))
    return TombstonesView(tombstones=[TombstoneView.show(each) for each in found])
