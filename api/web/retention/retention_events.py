"""Routes under `/retention-events`: what happened outside of calls and begins periods.

Each is three moves: read, ask, show. Knows nothing of what a rule means.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.permissions.verbs import Verb
from api.retention.retention_events import EventPage, TellingOutcome
from api.web.http.api_routes import needing
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from archive.catalog.retention.told_events import StoredEvent
from archive.lifecycle.retention_events import MAX_KEY_CHARS, NONE, ToldEvent

CSV: Final = "text/csv"
_TABLE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {CSV: {"schema": {"type": "string"}}},
        "description": "kind, key, date; date: 2026-04-01, or none",
    }
}

router = APIRouter(prefix="/retention-events", tags=["policies"])


class EventBody(BaseModel):
    """It happens on a day; null: it has not happened, whatever was told before.

    `kind` is `contract_end`, `case_closed`, `agent_left` or `event:NAME`, `key` as calls carry it.
    """

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=MAX_KEY_CHARS)
    key: str = Field(max_length=MAX_KEY_CHARS)
    date: date | None

    def event(self) -> ToldEvent:
        """The same for the use case; raises `PartRefused`."""
        return ToldEvent.of(self.kind, self.key, self.date.isoformat() if self.date else NONE)


class TellingView(BaseModel):
    """So many events are new, and so many were told so before.

    The days of the lines `out_of_range` lie outside of 1900 to 2199: these were not taken.
    """

    told: int
    unchanged: int
    out_of_range: list[int] = []

    @classmethod
    def show(cls, done: TellingOutcome) -> Self:
        """The same as it is sent."""
        return cls(told=done.told, unchanged=done.unchanged, out_of_range=list(done.out_of_range))


class EventView(BaseModel):
    """What was told, by whom and when; `in_force`: it is the last word of its key.

    `one_person` is true for ever where one person's word was enough for what takes two.
    """

    kind: str
    key: str
    date: date | None
    told_by: str
    told_at: datetime
    one_person: bool
    in_force: bool

    @classmethod
    def show(cls, stored: StoredEvent) -> Self:
        """The same as it is sent."""
        return cls(
            kind=stored.event.kind,
            key=stored.event.key,
            date=stored.event.day,
            told_by=stored.author,
            told_at=shown(stored.told_us, UTC),
            one_person=stored.one_person,
            in_force=stored.is_last,
        )


class EventsView(BaseModel):
    """A page of what was told, the last word first; `before` asks for the next (0: none)."""

    events: list[EventView]
    before: int

    @classmethod
    def show(cls, page: EventPage) -> Self:
        """The same as it is sent."""
        return cls(events=[EventView.show(each) for each in page.events], before=page.before)


@router.get(
    "", responses=documented(401, 403, 422, 429, 503), openapi_extra=needing(Verb.EVENTS_READ)
)
async def events(
    actor: CurrentActor,
    application: CurrentApplication,
    key: Annotated[str, Query(max_length=MAX_KEY_CHARS, description="Of this key alone")] = "",
    before: Annotated[int, Query(ge=0, le=2**63 - 1, description="Of the last page")] = 0,
) -> EventsView:
    """What was told, the last word first."""
    return EventsView.show(await application.retention_events.listed(actor, key, before))


@router.post(
    "",
    responses=documented(401, 403, 409, 413, 422, 429, 503),
    openapi_extra=needing(Verb.EVENTS_TELL, "events_told"),
)
async def tell(
    body: EventBody, actor: CurrentActor, application: CurrentApplication
) -> TellingView:
    """Tell one thing; what shortens many recordings is proposed first, then asked for again."""
    return TellingView.show(await application.retention_events.tell(actor, body.event()))


@router.put(
    "",
    responses=documented(401, 403, 409, 413, 422, 429, 503),
    openapi_extra={**needing(Verb.EVENTS_TELL, "events_told"), **_TABLE},
)
async def tell_table(
    request: Request, actor: CurrentActor, application: CurrentApplication
) -> TellingView:
    """Tell all that a CSV file has; told again it changes nothing."""
    content = await request.body()
    return TellingView.show(await application.retention_events.tell_table(actor, content))
