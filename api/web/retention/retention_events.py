"""Routes under `/retention-events`: what happened outside of calls and begins periods.

Knows nothing of what a rule means.
"""

from datetime import UTC, date, datetime
from typing import Any, Final, Self

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.retention.retention_events import LIST, TELL, TELL_TABLE, EventPage, TellingOutcome
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from api.web.rows import Row, refusals, routed, told_of
from archive.catalog.retention.told_events import StoredEvent

CSV: Final = "text/csv"
_TABLE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {CSV: {"schema": {"type": "string"}}},
        "description": "kind, key, date; date: 2026-04-01, or none",
    }
}


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


router = routed(
    APIRouter(prefix="/retention-events", tags=["policies"]),
    Row("GET", "", LIST, EventsView),
    Row("POST", "", TELL, TellingView),
)


@router.put(
    "",
    responses=refusals(TELL_TABLE, has_body=True),
    openapi_extra={**told_of(TELL_TABLE), **_TABLE},
)
async def tell_table(
    request: Request, actor: CurrentActor, application: CurrentApplication
) -> TellingView:
    """Tell all that a CSV file has; told again it changes nothing."""
    content = await request.body()
    return TellingView.show(await application.retention_events.tell_table(actor, content))
