"""Routes under `/plans`, `/runs`, `/overdue`, `/tombstones`, `/destroyed`: what must go.

Each is three moves: read, ask, show. Knows nothing of what makes a recording due.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.destruction.overdue import Overdue
from api.permissions.verbs import Verb
from api.web.destruction.plan_views import LinesView, LineView, PlansView, PlanView, at_or_none
from api.web.http.api_routes import needing
from api.web.http.parameter_types import Row
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import Moment, shown
from archive.catalog.destruction.standing_approvals import StandingApproval
from archive.lifecycle.intention import Scope
from archive.lifecycle.tombstone import DestroyedBy, DestroyedWindow, FoundTombstone
from archive.moments import microseconds
from retention.decisions.due import Grounds

_LISTED: Final = documented(401, 403, 422, 429, 503)
_SEEN: Final = documented(401, 403, 404, 422, 429, 503)
_STEP: Final = documented(401, 403, 404, 409, 422, 429, 503)
# Of numbers that a 64-bit column holds.
Behind = Annotated[int, Query(ge=0, le=2**63 - 1)]

router = APIRouter(tags=["destruction"])


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
            hour_at=at_or_none(remains.hour_us),
            queues=sorted(remains.facts.queues),
            teams=sorted(remains.facts.teams),
            controllers=sorted(remains.facts.controllers),
            revision=remains.revision,
            rules=list(remains.rules),
            plan=remains.plan,
            scope=remains.scope,
            facts_until=at_or_none(remains.facts_until_us),
        )


class TombstonesView(BaseModel):
    """Those within reach whose recordings began in the hours asked for, at most 1,000."""

    tombstones: list[TombstoneView]


class DestroyedRecordingsView(BaseModel):
    """Those within reach of the time asked for, the last ones first.

    `behind` is the place behind which the next page begins; 0: there is none.
    """

    tombstones: list[TombstoneView]
    behind: int


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


def window_of(
    begins: datetime | None, ends: datetime | None, by: DestroyedBy, behind: int
) -> DestroyedWindow:
    """The time that is asked for; None: open at that end."""
    return DestroyedWindow(
        by=by,
        from_us=None if begins is None else microseconds(begins),
        to_us=None if ends is None else microseconds(ends),
        behind=behind,
    )


@router.get("/destroyed", responses=_LISTED, openapi_extra=needing(Verb.DESTRUCTION_READ))
async def destroyed(
    actor: CurrentActor,
    application: CurrentApplication,
    begins: Annotated[Moment | None, Query(alias="from")] = None,
    ends: Annotated[Moment | None, Query(alias="to")] = None,
    by: DestroyedBy = "destroyed",
    behind: Behind = 0,
) -> DestroyedRecordingsView:
    """A page of what is left of what was destroyed, or began, in a time; each end may be open."""
    asked = window_of(begins, ends, by, behind)
    found = await application.overdue.destroyed(actor, asked)
    return DestroyedRecordingsView(
        tombstones=[TombstoneView.show(each) for each in found.found], behind=found.behind
    )
