"""The route `/due`: what will have to go in the next days.

Three moves: read, ask, show. Knows nothing of what makes a recording due.
"""

from datetime import date, datetime
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.destruction.due_next import HORIZONS, Amount, DueNext, Going
from api.permissions.verbs import Verb
from api.web.http.api_routes import needing
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from archive.lifecycle.intention import Scope
from retention.decisions.due import Grounds

Days = Annotated[int, Query(ge=1, le=HORIZONS[-1])]
Rule = Annotated[str, Query(max_length=200)]

router = APIRouter(tags=["destruction"])


class AmountView(BaseModel):
    """So many recordings, with their bytes."""

    recordings: int
    bytes: int

    @classmethod
    def show(cls, own: Amount) -> Self:
        """The same as it is sent."""
        return cls(recordings=own.recordings, bytes=own.size_bytes)


class DueView(BaseModel):
    """A recording that will have to go, since which moment, and what of it.

    `began_at` is when its call began.
    """

    recording: str
    began_at: datetime
    goes_at: datetime
    rules: list[str]
    scope: Scope
    bytes: int

    @classmethod
    def show(cls, own: Going) -> Self:
        """The same as it is sent."""
        says = own.verdict.says
        assert isinstance(says, Grounds), "what is not due does not go"
        zone = own.goes_at.tzinfo
        assert zone is not None
        return cls(
            recording=str(own.verdict.recording),
            began_at=shown(own.verdict.started_us, zone),
            goes_at=own.goes_at,
            rules=list(own.rules),
            scope=says.scope,
            bytes=own.verdict.size_bytes,
        )


class DuesView(BaseModel):
    """What will have to go within so many days, soonest first; `is_all`: no more is known of.

    `rules` has of each rule, and of all (""), how much within 1, 7, 30 and 90 days; `days` how much
    on each day. Days are of the installation's zone.
    """

    is_all: bool
    rules: dict[str, dict[int, AmountView]]
    days: dict[date, AmountView]
    recordings: list[DueView]

    @classmethod
    def show(cls, found: DueNext, days: int, rule: str) -> Self:
        """The same as it is sent."""
        going = found.until(days, rule)
        return cls(
            is_all=found.is_all,
            rules={
                own: {within: AmountView.show(each) for within, each in amounts.items()}
                for own, amounts in found.by_rule.items()
            },
            days={day: AmountView.show(each) for day, each in found.by_day(going).items()},
            recordings=[DueView.show(each) for each in going],
        )


@router.get(
    "/due",
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(Verb.DESTRUCTION_READ),
)
async def due(
    actor: CurrentActor, application: CurrentApplication, days: Days = HORIZONS[0], rule: Rule = ""
) -> DuesView:
    """What will have to go within so many days from today, by itself or by one rule."""
    found = await application.overdue.ahead.listed(actor, ZoneInfo(application.place.zone))
    return DuesView.show(found, days, rule)
