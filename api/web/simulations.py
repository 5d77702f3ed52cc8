"""Routes under `/simulations`: what another retention policy would make of the archive.

Each is three moves: read, ask, show. Knows nothing of what a rule means.
"""

from datetime import UTC, datetime
from typing import Any, Final, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.people.verbs import Verb
from api.retention.simulation import Change, Then
from api.web.access import CurrentActor, CurrentApplication
from api.web.jobs import JobView
from api.web.legs import shown
from api.web.people import Row
from api.web.problems import documented
from api.web.routing import needing
from archive.job_queue import KnownJob
from archive.jobs import Content
from retention.policy_file import MAX_BYTES

router = APIRouter(prefix="/simulations", tags=["policies"])


class SimulationBody(BaseModel):
    """A policy (TOML, docs/retention.md) that is supposed to be for all that is there."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(max_length=MAX_BYTES)


class SumView(BaseModel):
    """So many recordings, and the bytes of their files."""

    recordings: int
    bytes: int


class SumsView(BaseModel):
    """What came of it, as of `at`.

    `changes` is what becomes of the day on which each goes, `stands` how each would stand then,
    by their codes; `months` are those of the last days on which they would be kept.
    """

    at: datetime
    whole: SumView
    changes: dict[Change, SumView]
    stands: dict[Then, SumView]
    months: dict[str, SumView]

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
