"""The route that says what another retention policy would make of the archive.

Three moves: read, ask, show. Knows nothing of what a rule means.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Self, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from api.people.verbs import Verb
from api.retention.simulation import Change, Simulation, Sum, Then
from api.retention.simulations import RunningSimulation
from api.web.access import CurrentActor, CurrentApplication
from api.web.problems import documented
from api.web.routing import needing
from retention.policy_file import MAX_BYTES

MEDIA_TYPE: Final = "application/x-ndjson"
_Key = TypeVar("_Key", bound=str)

router = APIRouter(prefix="/policies", tags=["policies"])


class SimulationBody(BaseModel):
    """A policy (TOML, docs/retention.md) that is supposed to be for all that is there."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(max_length=MAX_BYTES)


class SumView(BaseModel):
    """So many recordings, and the bytes of their files."""

    recordings: int
    bytes: int

    @classmethod
    def show(cls, own: Sum) -> Self:
        """The same as it is sent."""
        return cls(recordings=own.recordings, bytes=own.size_bytes)


class SimulationView(BaseModel):
    """A line of the answer: of `total` recordings `whole` have been judged; the last has all.

    `changes` is what becomes of the day on which each goes, `stands` how each would stand then,
    by their codes; `months` are those of the last days on which they would be kept.
    """

    total: int
    whole: SumView
    changes: dict[Change, SumView]
    stands: dict[Then, SumView]
    months: dict[str, SumView]
    is_last: bool

    @classmethod
    def show(cls, sums: Simulation, total: int, *, is_last: bool) -> Self:
        """The sums so far; what they consist of only when they are of the whole."""
        return cls(
            total=total,
            whole=SumView.show(sums.whole),
            changes=_shown(sums.changes) if is_last else {},
            stands=_shown(sums.stands) if is_last else {},
            months=dict(sorted(_shown(sums.months).items())) if is_last else {},
            is_last=is_last,
        )


_SEEN: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A line of JSON after each batch; the last has `is_last` and the sums",
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string"},
                "x-rokuon-line": SimulationView.model_json_schema(),
            }
        },
    },
    **documented(401, 403, 413, 422, 429, 503),
}


def _shown(sums: Mapping[_Key, Sum]) -> dict[_Key, SumView]:
    return {key: SumView.show(own) for key, own in sums.items()}


@router.post(
    "/simulate",
    responses=_SEEN,
    response_class=StreamingResponse,
    openapi_extra=needing(Verb.POLICY_READ),
)
async def simulate(
    body: SimulationBody, actor: CurrentActor, application: CurrentApplication
) -> StreamingResponse:
    """What a policy would make of every recording that is there; nothing is changed."""
    running = await application.simulations.simulate(actor, body.text)
    return StreamingResponse(_lines(running), media_type=MEDIA_TYPE)


async def _lines(running: RunningSimulation) -> AsyncIterator[str]:
    sums = Simulation()
    async for sums in running.sums():
        yield _line(sums, running.total, is_last=False)
    yield _line(sums, running.total, is_last=True)


def _line(sums: Simulation, total: int, *, is_last: bool) -> str:
    return SimulationView.show(sums, total, is_last=is_last).model_dump_json() + "\n"
