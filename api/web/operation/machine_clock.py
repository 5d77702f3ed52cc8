"""Routes under `/retention/clock`: whether anything is destroyed by the clock, and a person's word.

Each is three moves: read, ask, show. Knows nothing of clocks.
"""

from datetime import UTC, datetime
from typing import Final, Self

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict

from api.operation.machine_clock import ClockState
from api.permissions.verbs import Verb
from api.web.http.api_routes import needing
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from archive.moments import microseconds

_SEEN: Final = documented(401, 403, 404, 422, 429, 503)

router = APIRouter(prefix="/retention/clock", tags=["destruction"])


class ClockView(BaseModel):
    """What the clock says, and why nothing is destroyed by it ("": it is).

    `doubt` is `unsynchronised`, `settling`, `pause` or `behind` (docs/destruction.md, The clock),
    `kernel` is `synchronised`, `unsynchronised`, `unasked` or `refused`; `last_life` is the last
    sign of life before the key daemon was started.
    """

    now: datetime
    doubt: str
    kernel: str
    doubted_since: datetime | None
    last_life: datetime | None

    @classmethod
    def show(cls, state: ClockState) -> Self:
        """The same as it is sent."""
        facts = state.facts
        return cls(
            now=shown(state.now_us, UTC),
            doubt=facts.doubt,
            kernel=facts.kernel,
            doubted_since=shown(facts.since_us, UTC) if facts.since_us else None,
            last_life=shown(facts.life_us, UTC) if facts.life_us else None,
        )


class ReadTime(BaseModel):
    """Date and time as a person read them off a watch, within five minutes."""

    model_config = ConfigDict(extra="forbid")

    at: AwareDatetime


@router.get(
    "",
    summary="Whether anything is destroyed by the clock of the machine",
    openapi_extra=needing(Verb.DESTRUCTION_READ),
    responses=_SEEN,
)
async def show_clock(actor: CurrentActor, application: CurrentApplication) -> ClockView:
    """What the key daemon says of it."""
    return ClockView.show(await application.clock.show(actor))


@router.post(
    "/confirm",
    summary="Say that date and time of the machine are right",
    openapi_extra=needing(Verb.DESTRUCTION_MANAGE, "clock_confirmed"),
    responses=documented(401, 403, 404, 409, 422, 429, 503),
)
async def confirm_clock(
    read: ReadTime, actor: CurrentActor, application: CurrentApplication
) -> ClockView:
    """Good until the next boot, or until the clock is set."""
    at_us = microseconds(read.at)
    return ClockView.show(await application.clock.confirm(actor, at_us))
