"""Routes under `/simulations`: what another retention policy would make of the archive.

Each is three moves: read, ask, show. Knows nothing of what a rule means.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.permissions.verbs import Verb
from api.simulations.changed_recordings import ChangedPage
from api.simulations.circumstances import What
from api.simulations.simulation import Change, Goes, Simulated, Then
from api.web.http.api_routes import guarded, needing
from api.web.http.parameter_types import Row
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from api.web.operation.jobs import JobView
from archive.catalog.access.grants import SearchGrant
from archive.ids import ConversationId
from archive.job_queue import KnownJob
from archive.jobs import Content
from retention.policies.policy_file import MAX_BYTES

_BEHIND: Final = "The call behind which the page begins, as the page before says"

router = APIRouter(prefix="/simulations", tags=["policies"])


class SimulationBody(BaseModel):
    """A policy (TOML, docs/retention.md) that is supposed to be for all that is there."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(max_length=MAX_BYTES)


class SumView(BaseModel):
    """So many recordings, and the bytes of their files."""

    recordings: int
    bytes: int


class CircumstanceView(SumView):
    """What is so of these recordings, by the rules that make it; `what` is a hold, a queue, ….

    `kept_past_its_end`: the minimum of `rules` is later than the maximum of `against`.
    """

    kind: What
    rules: list[str]
    against: list[str]
    what: str


class SumsView(BaseModel):
    """What came of it, as of `at`.

    `changes` is what becomes of the day on which each goes, `stands` how each would stand then,
    by their codes; `months` are those of the last days on which they would be kept,
    `months_today` those by the policy of today. `facts_months` and `facts_months_today` are those
    of the last days of facts that outlive their audio, with so many recordings; of `facts_no_end`
    no rule says when. `ledger_pages_due` pages of the ledger would have to go at once. Of
    `circumstances` those that are about most recordings are named, and so many
    `circumstances_left_out`.
    """

    at: datetime
    whole: SumView
    changes: dict[Change, SumView]
    stands: dict[Then, SumView]
    months: dict[str, SumView]
    months_today: dict[str, SumView]
    facts_months: dict[str, int]
    facts_months_today: dict[str, int]
    facts_no_end: int
    facts_no_end_today: int
    ledger_pages_due: int
    ledger_pages_due_today: int
    circumstances: list[CircumstanceView]
    circumstances_left_out: int

    @classmethod
    def show(cls, result: Content) -> Self:
        """The result of the job."""
        told: dict[str, Any] = {**result, "at": shown(result["at_us"], UTC)}
        return cls.model_validate(told)


class SimulationView(BaseModel):
    """The job that judges the archive, and what came of it (null until it is done)."""

    job: JobView
    result: SumsView | None

    @classmethod
    def show(cls, known: KnownJob) -> Self:
        """The same as it is sent."""
        result = known.job.result
        return cls(
            job=JobView.show(known), result=None if result is None else SumsView.show(result)
        )


class GoesView(BaseModel):
    """When audio goes, and the last day before in the zone of its controller; null: it does not."""

    at: datetime | None
    last_day: date | None

    @classmethod
    def show(cls, own: Goes) -> Self:
        """The same as it is sent."""
        return cls(at=None if own.last_day is None else own.at, last_day=own.last_day)


class ChangedView(BaseModel):
    """A recording that the policy changes: when it goes today, and when it would."""

    recording: str
    conversation: str
    started_at: datetime
    bytes: int
    change: Change
    stands: Then
    today: GoesView
    then: GoesView

    @classmethod
    def show(cls, own: Simulated) -> Self:
        """The same as it is sent."""
        return cls(
            recording=str(own.found.recording),
            conversation=str(own.found.call),
            started_at=shown(own.found.started_us, UTC),
            bytes=own.found.size_bytes,
            change=own.change,
            stands=own.stands,
            today=GoesView.show(own.today),
            then=GoesView.show(own.then),
        )


class ChangedPageView(BaseModel):
    """A page; it may be empty though there are more behind. The next begins `behind` this call."""

    recordings: list[ChangedView]
    behind: str | None

    @classmethod
    def show(cls, page: ChangedPage) -> Self:
        """The same as it is sent."""
        return cls(
            recordings=[ChangedView.show(each) for each in page.changed],
            behind=str(page.behind) if page.behind else None,
        )


_LOCATION: Final = {"Location": {"schema": {"type": "string"}, "description": "Where to look"}}


@router.post(
    "",
    status_code=202,
    responses={202: {"headers": _LOCATION}, **documented(401, 403, 413, 422, 429, 503)},
    openapi_extra=needing(Verb.POLICY_READ, "job_started"),
)
async def simulate(
    body: SimulationBody,
    answer: Response,
    actor: CurrentActor,
    application: CurrentApplication,
) -> SimulationView:
    """Begin to judge every recording that is there by a policy; nothing of it is changed."""
    started = await application.simulations.start(actor, body.text)
    answer.headers["Location"] = f"/api/v1/simulations/{started.number}"
    return SimulationView.show(started)


@router.get(
    "/{number}",
    responses=documented(401, 403, 404, 422, 429, 503),
    openapi_extra=needing(Verb.POLICY_READ),
)
async def simulation(
    number: Row, actor: CurrentActor, application: CurrentApplication
) -> SimulationView:
    """How far a simulation is, and what came of it."""
    return SimulationView.show(await application.simulations.show(actor, number))


@router.get(
    "/{number}/recordings",
    responses=documented(401, 403, 404, 409, 422, 429, 503),
    openapi_extra=guarded(SearchGrant),
)
async def changed(
    number: Row,
    actor: CurrentActor,
    application: CurrentApplication,
    behind: Annotated[str, Query(pattern="^([0-9a-f]{32})?$", description=_BEHIND)] = "",
) -> ChangedPageView:
    """The recordings that the policy would change, of those that the asker may find."""
    after = ConversationId.parse(behind) if behind else None
    return ChangedPageView.show(await application.simulations.changes(actor, number, after))
