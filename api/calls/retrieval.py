"""What may be asked of calls: which there are, what is known of one, how it sounds.

Knows nothing of the web. Every answer takes a grant of the door, whose entry is committed before.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from api.access.authorization import Door
from api.calls.recording_forms import AudioSource, RenderedFile, Waveform
from api.calls.shown_courses import ShownCall, ShownCourse
from api.permissions.actor import Actor
from api.permissions.errors import Ambiguous, Destroyed, NotFound
from api.words.clue_words import journalled
from archive.access.query import IdClue, SearchQuery
from archive.catalog.access.grants import (
    Access,
    Grant,
    LedgerGrant,
    ListenGrant,
    ReadGrant,
    SearchGrant,
    Target,
)
from archive.catalog.database.engine import AsyncEngine, ping, read, run
from archive.catalog.destruction.tombstones import find_tombstone
from archive.catalog.journal.entries import Detail
from archive.catalog.search.call_course import read_course
from archive.catalog.search.calls import (
    Sight,
    StoredPart,
    is_of_call,
    named_target,
    sight,
    stored as stored_of,
)
from archive.catalog.search.days import Days, count_days
from archive.catalog.search.known_ids import calls_known_by
from archive.catalog.search.search import SearchPage
from archive.catalog.search.shown import show_links, show_page
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ConversationId, RecordingId
from archive.lifecycle.tombstone import FoundTombstone
from archive.reading.waveform import CallWaveform

_T = TypeVar("_T")
# Who watches asks every few seconds.
_READY_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The questions; `country` reads national numbers."""

    door: Door
    audio: AudioSource
    country: str = ""

    async def ready(self) -> None:
        """Ask the catalog for nothing; raises what the database raises."""
        await read(self.door.engine, ping, within_s=_READY_S)

    async def is_ready(self) -> bool:
        """Whether the catalog answers."""
        try:
            await self.ready()
        except SQLAlchemyError:
            return False
        return True

    async def search(self, actor: Actor, query: SearchQuery) -> SearchPage:
        """One page of calls; raises `Refused`.

        Who may see the ledger hears how many it has by the same number or name.
        """
        granted = await self.door.grant(actor, SearchGrant, detail=describe(query))
        sees = self.door.is_open_to_all(actor, LedgerGrant)
        return await run(
            self.door.engine, lambda engine: show_page(engine, query, granted, sees_ledger=sees)
        )

    async def days(self, actor: Actor, query: SearchQuery) -> Days:
        """How many recordings a search has on each day; raises `Refused`."""
        told = {**describe(query), "what": "days"}
        granted = await self.door.grant(actor, SearchGrant, detail=told)
        return await read(self.door.engine, lambda c: count_days(c, query, granted))

    async def named(self, actor: Actor, text: str) -> Target:
        """What is meant by an id of ours, or by one that others know a call by: a Call-ID, a UCID.

        Raises `Refused`, `NotFound`, `Destroyed`, `Ambiguous`.
        """
        detail: dict[str, Detail] = {"clues": [journalled(IdClue(text))]}
        granted = await self.door.grant(actor, SearchGrant, detail=detail)
        return await target_of(self.door.engine, granted.access, text)

    async def show(self, actor: Actor, target: Target) -> tuple[ShownCourse, ...]:
        """What is known of a call or recording; raises `Refused`, `NotFound`."""
        granted = await self.door.grant(actor, ReadGrant, target)
        found = _some(await read(self.door.engine, lambda c: read_course(c, target, granted)))
        return tuple(map(ShownCourse.of, found))

    async def show_call(self, actor: Actor, call: ConversationId) -> ShownCall:
        """The same of a call, with those that seem to go with it; raises `Refused`, `NotFound`."""
        granted = await self.door.grant(actor, ReadGrant, call)
        found = _some(await read(self.door.engine, lambda c: read_course(c, call, granted)))
        own = [each.found.recording for each in found]
        links = await run(self.door.engine, lambda engine: show_links(engine, own, granted))
        return ShownCall(tuple(map(ShownCourse.of, found)), links)

    async def require_of(
        self, actor: Actor, act: type[Grant], call: ConversationId, own: RecordingId
    ) -> None:
        """Raise `NotFound` unless a recording within the reach of an act belongs to that call.

        Raises `Refused` before that where the actor may not do it to any: tells nothing of it.
        """
        access = await self.door.access(actor, act)

        def belongs(connection: Connection) -> bool:
            is_own = is_of_call(connection, access.tenant, call, own)
            seen = sight(connection, access.tenant, access.within, own)
            return is_own and seen is not Sight.NOTHING

        if not await read(self.door.engine, belongs):
            raise NotFound("no such recording of this call")

    async def parts(self, actor: Actor, recording: RecordingId) -> tuple[StoredPart, ...]:
        """The parts of a recording; raises `Refused`, `NotFound`."""
        granted = await self.door.grant(actor, ReadGrant, recording, {"what": "parts"})
        found = _some(await read(self.door.engine, lambda c: stored_of(c, recording, granted)))
        return found[0].parts

    async def listen(
        self, actor: Actor, target: Target, asked: Mapping[str, Detail]
    ) -> RenderedFile:
        """Audio of a call or recording; `asked` goes into the journal.

        Raises `Refused`, `NotFound`, `KeyUnavailable`, `RecordingDamaged`.
        """
        granted = await self.door.grant(actor, ListenGrant, target, asked)
        found = _some(await read(self.door.engine, lambda c: stored_of(c, target, granted)))
        return await self.audio.open(found, granted)

    async def peaks(self, actor: Actor, recording: RecordingId) -> Waveform:
        """The waveform of a recording; raises as `listen` does."""
        granted = await self.door.grant(actor, ListenGrant, recording, {"what": "peaks"})
        found = _some(await read(self.door.engine, lambda c: stored_of(c, recording, granted)))
        return await self.audio.peaks(found[0], granted)

    async def waveform(self, actor: Actor, call: ConversationId) -> CallWaveform:
        """The waveform of a call on the time line of its audio; raises as `listen` does."""
        granted = await self.door.grant(actor, ListenGrant, call, {"what": "waveform"})
        found = _some(await read(self.door.engine, lambda c: stored_of(c, call, granted)))
        return await self.audio.waveform(found, granted)


async def target_of(engine: AsyncEngine, access: Access, text: str) -> Target:
    """What is meant by an id, ours or others', within a reach; raises `NotFound`, `Ambiguous`."""
    tenant, allowed = access.tenant, access.within
    with suppress(ValueError):
        raw = ConversationId.parse(text).raw
        own = await read(engine, lambda c: named_target(c, tenant, allowed, raw))
        if own is not None:
            return own
        await _refuse_destroyed(engine, access, raw)
    known = await read(engine, lambda c: calls_known_by(c, tenant, allowed, text))
    if len(known) > 1:
        raise Ambiguous([str(each) for each in known])
    return _some(known)[0]


async def _refuse_destroyed(engine: AsyncEngine, access: Access, raw: bytes) -> None:
    """Raise `Destroyed` where an id is that of a recording or call that was destroyed."""

    def left(connection: Connection) -> FoundTombstone | None:
        tenant, reach = tenant_row(connection, access.tenant), access.within.reach
        named: tuple[Target, ...] = (RecordingId(raw), ConversationId(raw))
        found = (find_tombstone(connection, tenant, reach, each) for each in named)
        return next((each for each in found if each is not None), None)

    tombstone = await read(engine, left)
    if tombstone is not None:
        raise Destroyed(tombstone)


def describe(query: SearchQuery) -> dict[str, Detail]:
    """What the journal says of a search: of a number four digits, of a customer one letter."""
    window = query.window
    return {
        "from": window.start_at.isoformat(),
        "to": window.end_at.isoformat(),
        "zone": window.zone.key,
        "clues": [journalled(clue) for clue in query.clues],
    }


def _some(found: tuple[_T, ...]) -> tuple[_T, ...]:
    if not found:
        raise NotFound("no such call or recording")
    return found
