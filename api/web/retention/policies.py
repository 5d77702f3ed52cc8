"""Routes under `/policies`: the retention policy and its revisions.

Each is three moves: read, ask, show. Knows nothing of what a rule means.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, Self

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from api.permissions.verbs import Verb
from api.retention.policy_takeover import Because, CheckedPolicy, PolicyWish, TakenOver
from api.web.http.api_routes import needing
from api.web.http.language import Reader, reader_of
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from api.words.finding_words import finding_told
from retention.policies.findings import (
    AsksUnknownDirection,
    Finding,
    FitsNothing,
    KeptPastItsEnd,
    Shadowed,
    Uncovered,
    Unused,
    WithoutEnd,
    WrittenOtherwise,
)
from retention.policies.policy_file import MAX_BYTES
from retention.policies.revision import Care
from retention.rules.rule import Asset
from retention.runner.judgement.policy_history import KnownRevision, State

Found = Literal[
    "kept_past_its_end",
    "shadowed",
    "without_end",
    "uncovered",
    "asks_unknown_direction",
    "fits_nothing",
    "unused",
    "written_otherwise",
]
_UNFITTING: Final[Mapping[type, Found]] = {
    FitsNothing: "fits_nothing",
    Unused: "unused",
    WrittenOtherwise: "written_otherwise",
}
# Of numbers that a 32-bit column holds.
Number = Annotated[int, Path(ge=0, le=2**31 - 1, description="Of a revision; 0: as shipped")]
_SEEN: Final = documented(401, 403, 404, 422, 429, 503)

router = APIRouter(prefix="/policies", tags=["policies"])


class PolicyBody(BaseModel):
    """A policy (TOML, docs/retention.md); retroactive: for recordings that exist, too."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(max_length=MAX_BYTES)
    retroactive: bool = False

    def wish(self) -> PolicyWish:
        """The same for the use case."""
        return PolicyWish(text=self.text, is_retroactive=self.retroactive)


class RevisionView(BaseModel):
    """A revision without its text.

    `one_person` is true for ever where one person's word was enough for what takes two. Of the
    policy as shipped (0) nobody took it over, at no time. `at_home` is `in_force_at` in its zone.
    """

    number: int
    sha256: str
    state: State
    in_force_at: datetime
    at_home: datetime
    retroactive: bool
    one_person: bool
    taken_over_by: str
    taken_over_at: datetime | None

    @classmethod
    def show(cls, known: KnownRevision) -> Self:
        """The same as it is sent."""
        stored, content = known.stored, known.stored.content
        return cls(
            number=stored.number,
            sha256=content.sha256.hex(),
            state=known.state,
            in_force_at=shown(content.in_force_us, UTC),
            at_home=shown(content.in_force_us, known.zone),
            retroactive=content.is_retroactive,
            one_person=content.one_person,
            taken_over_by=stored.author,
            taken_over_at=shown(stored.taken_us, UTC) if stored.taken_us else None,
        )


class RevisionsView(BaseModel):
    """Every revision, oldest first; the first (0) is the policy as shipped."""

    revisions: list[RevisionView]


class PolicyView(BaseModel):
    """A revision with its text."""

    revision: RevisionView
    text: str

    @classmethod
    def show(cls, known: KnownRevision) -> Self:
        """The same as it is sent."""
        return cls(revision=RevisionView.show(known), text=known.stored.content.text)


class TakenOverView(BaseModel):
    """The revision that decides as was asked for; not new: it was the latest before."""

    revision: RevisionView
    is_new: bool

    @classmethod
    def show(cls, done: TakenOver) -> Self:
        """The same as it is sent."""
        return cls(revision=RevisionView.show(done.revision), is_new=done.is_new)


class FindingView(BaseModel):
    """What is worth a look, as a sentence and in values.

    `rules` are those that it is about, `asset` and `queue` "" or it.
    """

    kind: Found
    rules: list[str]
    asset: Asset | Literal[""] = ""
    queue: str = ""
    told: str

    @classmethod
    def show(cls, finding: Finding, reader: Reader) -> Self:
        """The same as it is sent, in the language of who reads."""
        told = finding_told(finding, reader.words, reader.language)
        match finding:
            case KeptPastItsEnd(keeps=keeps, deletes=deletes, asset=asset):
                rules = [keeps, deletes]
                return cls(kind="kept_past_its_end", rules=rules, asset=asset, told=told)
            case Shadowed(rule=rule, by=by):
                return cls(kind="shadowed", rules=[rule, by], told=told)
            case WithoutEnd():
                return cls(kind="without_end", rules=[], told=told)
            case Uncovered(queue=queue):
                return cls(kind="uncovered", rules=[], queue=queue, told=told)
            case AsksUnknownDirection(rule=rule):
                return cls(kind="asks_unknown_direction", rules=[rule], told=told)
            case FitsNothing() | Unused() | WrittenOtherwise():
                return cls(kind=_UNFITTING[type(finding)], rules=[finding.rule], told=told)


class CheckedView(BaseModel):
    """What taking a text over now would mean; `text` is as it would be kept.

    `care` says whether another person must approve it, `because` why: its rules may shorten
    (`shortens`), or many recordings would go earlier (`bulk`). Where the installation is one
    person's, that one is enough all the same (`one_person`). `in_force_at` is since when it would
    decide, `at_home` the same in the policy's zone.
    """

    text: str
    sha256: str
    care: Care
    because: Because
    one_person: bool
    in_force_at: datetime
    at_home: datetime
    compared_with: int
    difference: list[str]
    findings: list[FindingView]

    @classmethod
    def show(cls, checked: CheckedPolicy, reader: Reader) -> Self:
        """The same as it is sent."""
        return cls(
            text=checked.new.text,
            sha256=checked.new.sha256.hex(),
            care=checked.care,
            because=checked.because,
            one_person=checked.is_one_person_enough,
            in_force_at=shown(checked.new.in_force_us, UTC),
            at_home=shown(checked.new.in_force_us, checked.zone),
            compared_with=checked.compared_with,
            difference=list(checked.difference),
            findings=[FindingView.show(each, reader) for each in checked.findings],
        )


class DifferenceView(BaseModel):
    """The rules in which two revisions differ, line by line, each behind " ", "-" or "+"."""

    difference: list[str]


@router.get(
    "", responses=documented(401, 403, 422, 429, 503), openapi_extra=needing(Verb.POLICY_READ)
)
async def policies(actor: CurrentActor, application: CurrentApplication) -> RevisionsView:
    """Every revision of the retention policy."""
    found = await application.policies.listed(actor)
    return RevisionsView(revisions=[RevisionView.show(each) for each in found])


@router.put(
    "",
    responses=documented(401, 403, 409, 413, 422, 429, 503),
    openapi_extra=needing(Verb.POLICY_MANAGE, "policy_taken_over"),
)
async def take_over(
    body: PolicyBody, actor: CurrentActor, application: CurrentApplication
) -> TakenOverView:
    """Make a text the policy; what may shorten is proposed first, then asked for again."""
    return TakenOverView.show(await application.policies.take_over(actor, body.wish()))


@router.post(
    "/check",
    responses=documented(401, 403, 413, 422, 429, 503),
    openapi_extra=needing(Verb.POLICY_READ),
)
async def check(
    body: PolicyBody, actor: CurrentActor, application: CurrentApplication, request: Request
) -> CheckedView:
    """What taking a text over now would mean; changes nothing."""
    checked = await application.policies.check(actor, body.wish())
    return CheckedView.show(checked, reader_of(request))


@router.post(
    "/{number}/call-back",
    responses=documented(401, 403, 404, 409, 422, 429, 503),
    openapi_extra=needing(Verb.POLICY_MANAGE, "policy_called_back"),
)
async def call_back(
    number: Number, actor: CurrentActor, application: CurrentApplication
) -> RevisionView:
    """Take a revision back that does not decide yet; one person is enough."""
    return RevisionView.show(await application.policies.call_back(actor, number))


@router.get(
    "/latest",
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(Verb.POLICY_READ),
)
async def latest(actor: CurrentActor, application: CurrentApplication) -> PolicyView:
    """The revision that was taken over last; it may still cool off."""
    return PolicyView.show(await application.policies.show(actor, None))


@router.get("/{number}", responses=_SEEN, openapi_extra=needing(Verb.POLICY_READ))
async def policy(
    number: Number, actor: CurrentActor, application: CurrentApplication
) -> PolicyView:
    """One revision with its text."""
    return PolicyView.show(await application.policies.show(actor, number))


@router.get(
    "/{number}/difference/{other}", responses=_SEEN, openapi_extra=needing(Verb.POLICY_READ)
)
async def difference(
    number: Number, other: Number, actor: CurrentActor, application: CurrentApplication
) -> DifferenceView:
    """How `other` differs from `number`."""
    found = await application.policies.difference(actor, number, other)
    return DifferenceView(difference=list(found))
