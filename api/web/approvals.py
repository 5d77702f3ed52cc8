"""Routes under `/approvals`, and whether the installation is one person's.

Each is three moves: read, ask, show. Knows nothing of who counts.
"""

from datetime import UTC, datetime
from typing import Final, Self

from fastapi import APIRouter
from pydantic import BaseModel

from api.approvals import Known
from api.people.verbs import Verb
from api.web.access import CurrentActor, CurrentApplication
from api.web.legs import shown
from api.web.people import Row
from api.web.problems import documented
from api.web.routing import needing
from archive.approvals import Approval, Kind, State

_SEEN: Final = documented(401, 403, 404, 422, 429, 503)
_STEP: Final = documented(401, 403, 404, 409, 422, 429, 503)

router = APIRouter(tags=["approvals"])


class ApprovalView(BaseModel):
    """A person's word; `one_person` where it is no other person's than who proposed."""

    by: str
    at: datetime
    one_person: bool

    @classmethod
    def show(cls, given: Approval, name: str) -> Self:
        """The same as it is sent."""
        return cls(by=name, at=shown(given.at_us, UTC), one_person=given.one_person)


class ProposalView(BaseModel):
    """What is proposed, by its digest, and what has become of it.

    `one_person` is true for ever where it was carried out on one person's word, else false; null
    until it is carried out.
    """

    number: int
    kind: Kind
    digest: str
    summary: str
    state: State
    proposed_by: str
    proposed_at: datetime
    expires_at: datetime
    approvals: list[ApprovalView]
    carried_out_at: datetime | None
    one_person: bool | None

    @classmethod
    def show(cls, known: Known) -> Self:
        """The same as it is sent."""
        found, done = known.proposal, known.proposal.carried
        return cls(
            number=known.number,
            kind=found.kind,
            digest=found.digest.hex(),
            summary=found.summary,
            state=known.state,
            proposed_by=known.names[found.proposed_by],
            proposed_at=shown(found.proposed_us, UTC),
            expires_at=shown(found.expires_us, UTC),
            approvals=[ApprovalView.show(each, known.names[each.by]) for each in found.approvals],
            carried_out_at=None if done is None else shown(done.at_us, UTC),
            one_person=None if done is None else done.one_person,
        )


class ProposalsView(BaseModel):
    """What can still be approved or carried out; `one_person`: one word is enough here."""

    proposals: list[ProposalView]
    one_person: bool


@router.get(
    "/approvals",
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(Verb.APPROVE),
)
async def approvals(actor: CurrentActor, application: CurrentApplication) -> ProposalsView:
    """What can still be approved or carried out; who may propose sees it too."""
    found = await application.approvals.listed(actor)
    return ProposalsView(
        proposals=[ProposalView.show(each) for each in found],
        one_person=await application.approvals.is_one_person_enough(actor),
    )


@router.get("/approvals/{number}", responses=_SEEN, openapi_extra=needing(Verb.APPROVE))
async def approval(
    number: Row, actor: CurrentActor, application: CurrentApplication
) -> ProposalView:
    """One proposal, whatever has become of it; who may propose sees it too."""
    return ProposalView.show(await application.approvals.show(actor, number))


@router.post(
    "/approvals/{number}/give", responses=_STEP, openapi_extra=needing(Verb.APPROVE, "approved")
)
async def give(number: Row, actor: CurrentActor, application: CurrentApplication) -> ProposalView:
    """Approve what another person proposes."""
    return ProposalView.show(await application.approvals.give(actor, number))


@router.post(
    "/approvals/{number}/withdraw",
    responses=_STEP,
    openapi_extra=needing(Verb.APPROVE, "approval_withdrawn"),
)
async def withdraw(
    number: Row, actor: CurrentActor, application: CurrentApplication
) -> ProposalView:
    """Take back one's proposal, or one's approval, before it is carried out."""
    return ProposalView.show(await application.approvals.withdraw(actor, number))


@router.post(
    "/installation/one-person",
    status_code=201,
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(Verb.PROPOSE, "proposed"),
)
async def propose_one_person(actor: CurrentActor, application: CurrentApplication) -> ProposalView:
    """Propose that one person's word be enough here; needs `people:manage` too."""
    return ProposalView.show(await application.approvals.propose_one_person(actor))


@router.delete(
    "/installation/one-person",
    status_code=204,
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "one_person_ended"),
)
async def end_one_person(actor: CurrentActor, application: CurrentApplication) -> None:
    """Let it take two persons again; what one person wanted says so for ever."""
    await application.approvals.end_one_person(actor)
