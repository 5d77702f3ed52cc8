"""Routes of the journal.

Each is three moves: read, ask, show. Knows nothing of what an entry means.
"""

from datetime import UTC, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.operation.journal import Reached
from api.web.http.api_routes import IdText, guarded
from api.web.http.parameter_types import EntryBehind
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import Moment, shown
from archive.access.query import QueryRefused
from archive.catalog.access.grants import JournalGrant
from archive.catalog.journal.breach import AccountPeriod, ActionCount, ReachedCall
from archive.catalog.journal.entries import MAX_PAGE, Action, Detail, JournalEntry
from archive.catalog.search.audit import JournalQuery, Order
from archive.flaws import Flaw
from archive.ids import ConversationId
from archive.moments import microseconds

_REFUSALS = documented(401, 403, 422, 429, 503)
Account = Annotated[str, Query(max_length=100, description="As the journal names it")]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
Since = Annotated[Moment | None, Query(alias="from")]
Until = Annotated[Moment | None, Query(alias="to")]

router = APIRouter(prefix="/journal", tags=["journal"])


class JournalEntryView(BaseModel):
    """One entry; `seq` is its place, which only grows. `shown` are recordings shown or opened.

    `texts_destroyed`: since when what people typed into it is gone by its rule; else null.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    target: str
    purpose: str
    detail: dict[str, Detail]
    shown: list[str]
    texts_destroyed: datetime | None

    @classmethod
    def show(cls, line: JournalEntry) -> Self:
        """An entry with its time in UTC."""
        entry = line.entry
        return cls(
            seq=line.seq,
            at=shown(entry.at_us, UTC),
            actor=entry.actor,
            action=entry.action,
            target=entry.target,
            purpose=entry.reason,
            detail=dict(entry.detail),
            shown=[str(each) for each in entry.shown],
            texts_destroyed=None if line.texts_gone_us is None else shown(line.texts_gone_us, UTC),
        )


class JournalView(BaseModel):
    """One page; `behind` asks for the next one, null: this is the last."""

    entries: list[JournalEntryView]
    behind: int | None

    @classmethod
    def show(cls, found: tuple[JournalEntry, ...], limit: int) -> Self:
        """A page; a full one may have another behind it."""
        entries = [JournalEntryView.show(each) for each in found]
        return cls(entries=entries, behind=entries[-1].seq if len(entries) == limit else None)


class CountView(BaseModel):
    """How many entries of an action there are, and how many calls and recordings they are about."""

    action: str
    entries: int
    calls: int
    recordings: int

    @classmethod
    def show(cls, count: ActionCount) -> Self:
        """As it was counted."""
        return cls(
            action=count.action,
            entries=count.entries,
            calls=count.calls,
            recordings=count.recordings,
        )


class ReachedCallView(BaseModel):
    """A call, its recordings of which something was shown, and how often by each action."""

    call: str
    recordings: list[str]
    acts: dict[str, int]

    @classmethod
    def show(cls, reached: ReachedCall) -> Self:
        """Ids alone."""
        return cls(
            call=str(reached.call),
            recordings=[str(each) for each in reached.recordings],
            acts={str(action): times for action, times in reached.acts.items()},
        )


class ReachView(BaseModel):
    """What an account reached; of `total` calls one page, `behind` asks for the next one.

    `behind` is null on the last; `counts` are of all pages.
    """

    actor: str
    counts: list[CountView]
    total: int
    calls: list[ReachedCallView]
    behind: str | None

    @classmethod
    def show(cls, actor: str, reached: Reached) -> Self:
        """Counts first."""
        return cls(
            actor=actor,
            counts=[CountView.show(each) for each in reached.counts],
            total=reached.page.total,
            calls=[ReachedCallView.show(each) for each in reached.page.calls],
            behind=None if reached.page.behind is None else str(reached.page.behind),
        )


class ReachBody(BaseModel):
    """An account as the journal names it, from a moment until before another.

    `behind` is what the page before said.
    """

    actor: Annotated[str, Field(min_length=1, max_length=100)]
    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    behind: Annotated[str, Field(pattern="^[0-9a-f]{32}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = MAX_PAGE

    def asked(self) -> AccountPeriod:
        """The question that this is; raises `QueryRefused`."""
        period = AccountPeriod(
            actor=self.actor,
            from_us=_us(self.start),
            to_us=_us(self.end),
            behind=None if self.behind is None else ConversationId.parse(self.behind),
            limit=self.limit,
        )
        if period.from_us > period.to_us:
            raise QueryRefused("to", Flaw.ENDS_FIRST)
        return period


@router.get("", responses=_REFUSALS, openapi_extra=guarded(JournalGrant))
async def tail(  # noqa: PLR0913, PLR0917  # each is a parameter of the query
    actor: CurrentActor,
    application: CurrentApplication,
    order: Order = "newest",
    behind: EntryBehind = 0,
    account: Account = "",
    action: Action | None = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = MAX_PAGE,
) -> JournalView:
    """A page of the journal."""
    query = JournalQuery(
        order=order,
        behind=behind,
        actor=account,
        action=action,
        from_us=None if since is None else _us(since),
        to_us=None if until is None else _us(until),
        limit=limit,
    )
    return JournalView.show(await application.journal.tail(actor, query), limit)


@router.get("/heard/{id}", responses=_REFUSALS, openapi_extra=guarded(JournalGrant))
async def who_heard(
    id: IdText,  # the name of the path's parameter
    actor: CurrentActor,
    application: CurrentApplication,
    behind: EntryBehind = 0,
    limit: Limit = MAX_PAGE,
) -> JournalView:
    """Who heard, saw or took a call or recording, which need not be there any more."""
    found = await application.journal.who_heard(
        actor, bytes.fromhex(id), behind=behind, limit=limit
    )
    return JournalView.show(found, limit)


@router.post(
    "/reach",
    responses=documented(401, 403, 413, 422, 429, 503),
    openapi_extra=guarded(JournalGrant),
)
async def reach(body: ReachBody, actor: CurrentActor, application: CurrentApplication) -> ReachView:
    """Whose calls an account reached in a time: what a report of a breach has to say; by pages."""
    return ReachView.show(body.actor, await application.journal.reach(actor, body.asked()))


def _us(moment: datetime) -> int:
    return microseconds(moment)
