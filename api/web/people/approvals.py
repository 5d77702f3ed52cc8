"""Routes under `/approvals`, and whether the installation is one person's.

Each is three moves: read, ask, show. Knows nothing of who counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StrictStr

from api.access.approvals import SEEING
from api.access.known_proposals import Known
from api.access.proposal_steps import ProposalStep, proposal_steps
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from api.web.http.api_routes import needing
from api.web.http.language import Reader, reader_of
from api.web.http.parameter_types import Row
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from api.words.approval_bars import text_of
from archive.access.approvals import Approval, Kind, Rejection, State
from archive.access.lineage import Bar, Why

_SEEN: Final = documented(401, 403, 404, 422, 429, 503)
_STEP: Final = documented(401, 403, 404, 409, 422, 429, 503)

# A few sentences; lines may be broken.
MAX_SAID: Final = 2_000
SaidText = Annotated[
    StrictStr,
    Field(
        min_length=1,
        max_length=MAX_SAID,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\S[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
    ),
]

router = APIRouter(tags=["approvals"])


class BarView(BaseModel):
    """Why somebody is no other person than who proposed; `until` null: not over by itself.

    It is over at once when one of `users` is confirmed, by root or by a person in whom `maker` had
    no hand.
    """

    why: Why
    detail: str
    until: datetime | None
    users: list[str]
    maker: str

    @classmethod
    def show(cls, bar: Bar | None, names: Mapping[int, str], reader: Reader) -> Self | None:
        """The same as it is sent."""
        if bar is None:
            return None
        return cls(
            why=bar.why,
            detail=reader.told(text_of(bar, names)),
            until=None if bar.until_us is None else shown(bar.until_us, UTC),
            users=[names[each] for each in bar.users],
            maker=names.get(bar.maker, ""),
        )


class ApprovalView(BaseModel):
    """A person's word; `one_person` where it is no other person's than who proposed.

    `void` says why it does not count now; null: it does.
    """

    by: str
    at: datetime
    one_person: bool
    void: BarView | None

    @classmethod
    def show(cls, given: Approval, known: Known, reader: Reader) -> Self:
        """The same as it is sent."""
        return cls(
            by=known.names[given.by],
            at=shown(given.at_us, UTC),
            one_person=given.one_person,
            void=BarView.show(known.bars.get(given.by), known.names, reader),
        )


class ProposalView(BaseModel):
    """What is proposed, by its digest, and what has become of it.

    `one_person` is true for ever where it was carried out on one person's word, else false; null
    until it is carried out. `barred` says why who asks may not approve it; null: it may, as far as
    it is another person.
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
    barred: BarView | None

    @classmethod
    def show(cls, known: Known, asks: int, reader: Reader) -> Self:
        """The same as it is sent."""
        found, done = known.proposal, known.proposal.carried
        return cls(
            number=known.number,
            kind=found.kind,
            digest=found.digest.hex(),
            summary=reader.summary(found.summary),
            state=known.state,
            proposed_by=known.names[found.proposed_by],
            proposed_at=shown(found.proposed_us, UTC),
            expires_at=shown(found.expires_us, UTC),
            approvals=[ApprovalView.show(each, known, reader) for each in found.approvals],
            carried_out_at=None if done is None else shown(done.at_us, UTC),
            one_person=None if done is None else done.one_person,
            barred=BarView.show(known.bars.get(asks), known.names, reader),
        )


class CommentView(BaseModel):
    """What a person said of a proposal, or why it said no to it."""

    by: str
    at: datetime
    text: str


class DiscussedView(ProposalView):
    """A proposal with what was said of it.

    `rejected` is who said no and why, null unless its state is that; `next` is what who asks can
    do with it now.
    """

    rejected: CommentView | None
    comments: list[CommentView]
    next: list[ProposalStep]

    @classmethod
    def of(cls, known: Known, actor: Actor, reader: Reader) -> Self:
        """The same as it is sent to who asks."""
        names, ended = known.names, known.proposal.ended
        rejected = None
        if isinstance(ended, Rejection):
            at = shown(ended.at_us, UTC)
            rejected = CommentView(by=names[ended.by], at=at, text=ended.reason)
        return cls(
            **ProposalView.show(known, actor.account.user, reader).model_dump(),
            rejected=rejected,
            comments=[
                CommentView(by=names[each.by], at=shown(each.at_us, UTC), text=each.content)
                for each in known.comments
            ],
            next=sorted(proposal_steps(known, actor)),
        )


class SaidBody(BaseModel):
    """What a person says of a proposal; it is kept with it for ever."""

    model_config = ConfigDict(extra="forbid")

    text: SaidText


class ConfirmationView(BaseModel):
    """That a person is who it says; `by` is "" where root said so."""

    user: str
    by: str
    at: datetime


class ProposalsView(BaseModel):
    """What can still be approved or carried out; `one_person`: one word is enough here.

    `confirmed` are the persons who were confirmed in the last 30 days, `waiting` says who was
    made or reset of late, so that it does not count yet, or not with everybody.
    """

    proposals: list[DiscussedView]
    one_person: bool
    confirmed: list[ConfirmationView]
    waiting: list[BarView]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, in which language."""

    actor: CurrentActor
    application: CurrentApplication
    reader: Annotated[Reader, Depends(reader_of)]

    def show(self, known: Known) -> DiscussedView:
        """A proposal as it is sent to who asks."""
        return DiscussedView.of(known, self.actor, self.reader)


AskedBy = Annotated[Asked, Depends()]


@router.get(
    "/approvals",
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(SEEING),
)
async def approvals(asked: AskedBy) -> ProposalsView:
    """What can still be approved or carried out; who may propose sees it too."""
    found = await asked.application.approvals.listed(asked.actor)
    standing = await asked.application.confirmations.listed(asked.actor)
    bars = (BarView.show(each, standing.names, asked.reader) for each in standing.waiting)
    return ProposalsView(
        proposals=[asked.show(each) for each in found],
        one_person=await asked.application.approvals.is_one_person_enough(asked.actor),
        confirmed=[
            ConfirmationView(
                user=standing.names[each.user],
                by=standing.names.get(each.by, ""),
                at=shown(each.at_us, UTC),
            )
            for each in standing.confirmed
        ],
        waiting=[each for each in bars if each is not None],
    )


@router.get("/approvals/{number}", responses=_SEEN, openapi_extra=needing(SEEING))
async def approval(number: Row, asked: AskedBy) -> DiscussedView:
    """One proposal, whatever has become of it; who may propose sees it too."""
    return asked.show(await asked.application.approvals.show(asked.actor, number))


@router.post(
    "/approvals/{number}/give", responses=_STEP, openapi_extra=needing(Verb.APPROVE, "approved")
)
async def give(number: Row, asked: AskedBy) -> DiscussedView:
    """Approve what another person proposes."""
    return asked.show(await asked.application.approvals.give(asked.actor, number))


@router.post(
    "/approvals/{number}/reject",
    responses=_STEP,
    openapi_extra=needing(Verb.APPROVE, "proposal_rejected"),
)
async def reject(number: Row, body: SaidBody, asked: AskedBy) -> DiscussedView:
    """Say no to what another person proposes, and why; then it is over."""
    return asked.show(await asked.application.approvals.reject(asked.actor, number, body.text))


@router.post(
    "/approvals/{number}/comment",
    responses=_STEP,
    openapi_extra=needing(SEEING, "proposal_commented"),
)
async def comment(number: Row, body: SaidBody, asked: AskedBy) -> DiscussedView:
    """Say something of an open proposal to the others; who may propose may, too."""
    return asked.show(await asked.application.approvals.comment(asked.actor, number, body.text))


@router.post(
    "/approvals/{number}/withdraw",
    responses=_STEP,
    openapi_extra=needing(SEEING, "approval_withdrawn"),
)
async def withdraw(number: Row, asked: AskedBy) -> DiscussedView:
    """Take back one's proposal, or one's approval, before it is carried out."""
    return asked.show(await asked.application.approvals.withdraw(asked.actor, number))


@router.post(
    "/installation/one-person",
    status_code=201,
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(Verb.PROPOSE, "proposed"),
)
async def propose_one_person(asked: AskedBy) -> DiscussedView:
    """Propose that one person's word be enough here; needs `people:manage` too."""
    return asked.show(await asked.application.approvals.propose_one_person(asked.actor))


@router.delete(
    "/installation/one-person",
    status_code=204,
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "one_person_ended"),
)
async def end_one_person(actor: CurrentActor, application: CurrentApplication) -> None:
    """Let it take two persons again; what one person wanted says so for ever."""
    await application.approvals.end_one_person(actor)
