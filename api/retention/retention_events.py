"""What happened outside of calls, told by people and by their systems: it begins periods.

An end where there was none is the ordinary thing, and one's word is enough for it; what shortens
many recordings at once takes two persons. Knows nothing of the web, nor of what a rule means.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final

from msgspec import Meta, Struct
from sqlalchemy import Connection

from api.access.approvals import Approvals, ApprovalWord
from api.access.authorization import Door
from api.access.two_persons import Wisher
from api.access.use_case import UseCase, any_of
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded
from api.permissions.verbs import Verb
from api.retention.shortened_periods import Shortening
from api.words.proposal_summaries import MORE_LINES, SummaryLine, kept, plain
from api.words.texts import said
from archive.access.approvals import Kind, digest_of
from archive.catalog.database.engine import read, write
from archive.catalog.retention.told_events import (
    MAX_PAGE,
    EventsTold,
    StoredEvent,
    append_events,
    not_yet_told,
    shortened_since,
    stored_events,
)
from archive.lifecycle.retention_events import MAX_KEY_CHARS, NONE, ToldEvent, read_events

_KIND: Final = Kind.TELL_EVENTS
# What who approves reads of many; the digest is that of all.
_LINES_OF_SUMMARY: Final = 200
_MANY: Final = said(
    "{events} retention events; {recordings} recordings or more go earlier, of those that had a"
    " day on which they go, or at once:"
)
_MANY_WITH_THE_LAST: Final = said(
    "{events} retention events; {recordings} recordings, with those of the last tellings many, go"
    " earlier, of those that had a day on which they go, or at once:"
)


class Listing(Struct, frozen=True):
    """A page of what was told, of one key or of all."""

    key: Annotated[str, Meta(max_length=MAX_KEY_CHARS, description="Of this key alone")] = ""
    before: Annotated[int, Meta(ge=0, le=2**63 - 1, description="Of the last page")] = 0


class Event(Struct, frozen=True):
    """It happens on a day; null: it has not happened, whatever was told before.

    `kind` is `contract_end`, `case_closed`, `agent_left` or `event:NAME`, `key` as calls carry it.
    """

    kind: Annotated[str, Meta(max_length=MAX_KEY_CHARS)]
    key: Annotated[str, Meta(max_length=MAX_KEY_CHARS)]
    date: date | None

    def told(self) -> ToldEvent:
        """The same as it is told; raises `PartRefused`."""
        return ToldEvent.of(self.kind, self.key, self.date.isoformat() if self.date else NONE)


class Table(Struct, frozen=True):
    """A CSV file of events."""

    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingOutcome:
    """What a telling changed; `unchanged` were told so before.

    The days of the lines `out_of_range` are no days of an event; what was told before stands.
    """

    told: int
    unchanged: int
    out_of_range: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """What was told, the last word first; `before` is where the next page begins, 0: nowhere."""

    events: tuple[StoredEvent, ...]
    before: int


@dataclass(frozen=True, slots=True)
class RetentionEvents:
    """The acts; each raises `Refused` where the actor may not."""

    door: Door
    approvals: Approvals

    async def listed(self, actor: Actor, key: str = "", before: int = 0) -> EventPage:
        """A page of what was told, of one key or of all."""
        access = await self.door.access_to_all(actor, LIST)
        found = await read(
            self.door.engine, lambda c: stored_events(c, access.tenant, key=key, before=before)
        )
        return EventPage(events=found, before=found[-1].row if len(found) == MAX_PAGE else 0)

    async def tell_table(self, actor: Actor, content: bytes) -> TellingOutcome:
        """Tell all that a table has, or nothing; raises `PartsRefused` with every mistake, …."""
        wisher = await Wisher.of(self.door, actor, TELL_TABLE)
        table = read_events(content)
        done = await self._told(actor, _Wanted(wisher, table.events))
        return replace(done, out_of_range=table.out_of_range)

    async def tell(self, actor: Actor, event: ToldEvent) -> TellingOutcome:
        """Tell one thing. Raises `ApprovalNeeded`; `PersonNeeded` as `propose`."""
        wisher = await Wisher.of(self.door, actor, TELL)
        return await self._told(actor, _Wanted(wisher, (event,)))

    async def _told(self, actor: Actor, wanted: "_Wanted") -> TellingOutcome:
        shortening = await read(self.door.engine, wanted.shortening)
        done = await write(self.door.engine, lambda c: wanted.told(c, shortening))
        if done is not None:
            return done
        summary = wanted.summary(shortening)
        proposed = await self.approvals.propose(actor, _KIND, wanted.digest, summary)
        raise ApprovalNeeded(proposed.number)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What somebody tells; each key once."""

    wisher: Wisher
    events: Sequence[ToldEvent]

    @property
    def _rows(self) -> list[tuple[str, str, str]]:
        return sorted(each.written for each in self.events)

    @property
    def digest(self) -> bytes:
        """Of exactly these rows, in whatever order."""
        return digest_of(_KIND, {"events": self._rows})

    def summary(self, shortening: Shortening) -> str:
        """What who approves reads."""
        rows, left = self._rows, len(self.events) - _LINES_OF_SUMMARY
        values = {"events": len(rows), "recordings": shortening.recordings}
        head = SummaryLine(_MANY if shortening.is_bulk() else _MANY_WITH_THE_LAST, values)
        shown = (plain(" ".join(row)) for row in rows[:_LINES_OF_SUMMARY])
        more = [SummaryLine(MORE_LINES, {"count": left})] if left > 0 else []
        return kept(head, *shown, *more)

    def shortening(self, connection: Connection) -> Shortening:
        """How many recordings go earlier by it."""
        access = self.wisher.author.access
        new = not_yet_told(connection, access.tenant, self.events)
        return Shortening.by_events(connection, access, new)

    def told(self, connection: Connection, shortening: Shortening) -> TellingOutcome | None:
        """What was done; None where nobody has proposed yet what takes two.

        Raises `ApprovalNeeded` where it is proposed and waits.
        """
        author = self.wisher.author
        new = not_yet_told(connection, author.access.tenant, self.events)
        before = shortened_since(connection, author.access.tenant, shortening.since_us)
        word = None
        if new and shortening.is_bulk(before):
            word = self.wisher.word(connection, _KIND, self.digest)
        if word is ApprovalWord.MISSING:
            return None
        if new:
            told = EventsTold(
                events=new,
                sha256=self._sha256,
                one_person=word is ApprovalWord.OF_ONE_PERSON,
                shortened=shortening.recordings if word is None else 0,
            )
            append_events(connection, author, told)
        return TellingOutcome(told=len(new), unchanged=len(self.events) - len(new))

    @property
    def _sha256(self) -> bytes:
        return hashlib.sha256(json.dumps(self._rows, ensure_ascii=False).encode()).digest()


LIST: Final = UseCase(
    name="events",
    about="What was told, the last word first.",
    by=RetentionEvents,
    asks=Listing,
    run=lambda events, actor, asked: events.listed(actor, asked.key, asked.before),
    needs=any_of(Verb.EVENTS_READ),
)
TELL: Final = UseCase(
    name="tell",
    about="Tell one thing; what shortens many recordings is proposed first, then asked for again.",
    by=RetentionEvents,
    asks=Event,
    run=lambda events, actor, asked: events.tell(actor, asked.told()),
    needs=any_of(Verb.EVENTS_TELL),
    writes=("events_told", "carried_out"),
    refuses=(ApprovalNeeded,),
)
TELL_TABLE: Final = UseCase(
    name="tell_table",
    about="Tell all that a CSV file has; told again it changes nothing.",
    by=RetentionEvents,
    asks=Table,
    run=lambda events, actor, asked: events.tell_table(actor, asked.content),
    needs=any_of(Verb.EVENTS_TELL),
    writes=("events_told", "carried_out"),
    refuses=(ApprovalNeeded,),
)
