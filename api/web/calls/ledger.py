"""The route of the ledger.

Three moves: read, ask, show. Knows nothing of how fates are kept.
"""

from datetime import datetime, tzinfo
from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from api.web.calls.courses import CallAttemptView
from api.web.http.api_routes import guarded
from api.web.http.models import WindowBody
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from archive.access.query import DEFAULT_LIMIT, MAX_LIMIT, PhoneClue
from archive.access.use import Limit
from archive.call.refusal_reasons import Fate
from archive.catalog.access.grants import LedgerGrant
from archive.catalog.search.ledger import CallAnswer, LedgerRow, LedgerRows
from archive.catalog.search.ledger_query import OLDEST, LedgerCursor, LedgerQuery

router = APIRouter(prefix="/ledger", tags=["ledger"])


class LedgerBody(BaseModel):
    """A window, the name of a source ("" = all), and whether only calls without a recording.

    `number` and `name` are of somebody who was in the call, or of whom it was told ("" = whoever).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    window: WindowBody
    source: Annotated[StrictStr, Field(max_length=200)] = ""
    without_recording: StrictBool = False
    number: Annotated[StrictStr, Field(max_length=200)] = ""
    name: Annotated[StrictStr, Field(max_length=200)] = ""
    limit: Annotated[StrictInt, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[StrictStr, Field(max_length=64)] | None = None

    def query(self, country: str) -> LedgerQuery:
        """The question that this is; raises `QueryRefused`."""
        return LedgerQuery(
            window=self.window.window(),
            source=self.source,
            without_recording=self.without_recording,
            number=PhoneClue.parse(self.number, country) if self.number else None,
            name=self.name,
            limit=self.limit,
            after=OLDEST if self.cursor is None else LedgerCursor.parse(self.cursor),
        )


class CallAnswerView(BaseModel):
    """What the source was answered; 200 and an empty `reason` where its call was recorded."""

    status: int
    reason: str
    detail: str

    @classmethod
    def show(cls, answer: CallAnswer) -> Self:
        """An answer as it is kept."""
        return cls(status=answer.status, reason=answer.reason, detail=answer.detail)


class LedgerRowView(BaseModel):
    """One call.

    `parties` are who stayed in it; where there is no recording, what From and To
    say, and who else is told of; `attempts` are at whom it was to reach then. `limit`: why its
    recording is not heard for the purpose that was stated; null: it is, or there is none.
    """

    at: datetime
    source: str
    call_id: str
    parties: list[str]
    fate: Fate
    answer: CallAnswerView
    recording: str | None
    attempts: list[CallAttemptView]
    limit: Limit | None = None

    @classmethod
    def show(cls, row: LedgerRow, page: LedgerRows, zone: tzinfo) -> Self:
        """A row of a page with its time in `zone`."""
        own = row.recording
        return cls(
            at=shown(row.at_us, zone),
            source=row.source,
            call_id=row.call_id,
            parties=list(row.parties),
            fate=row.fate,
            answer=CallAnswerView.show(row.answer),
            recording=None if own is None else str(own),
            attempts=[CallAttemptView.show(each, zone) for each in row.attempts],
            limit=None if own is None else page.limits.get(own),
        )


class LedgerView(BaseModel):
    """One page, oldest first; `next_cursor` is null where there is no other."""

    zone: str
    calls: list[LedgerRowView]
    next_cursor: str | None

    @classmethod
    def show(cls, page: LedgerRows, query: LedgerQuery) -> Self:
        """A page in the zone that was asked for."""
        zone = query.window.zone
        return cls(
            zone=zone.key,
            calls=[LedgerRowView.show(each, page, zone) for each in page.rows],
            next_cursor=None if page.next_cursor is None else str(page.next_cursor),
        )


@router.post(
    "/search",
    responses=documented(401, 403, 413, 422, 429, 503),
    openapi_extra=guarded(LedgerGrant),
)
async def search(
    body: LedgerBody, actor: CurrentActor, application: CurrentApplication
) -> LedgerView:
    """Every call of a time with its fate: recorded, or why not."""
    query = body.query(application.calls.country)
    return LedgerView.show(await application.ledger.page(actor, query), query)
