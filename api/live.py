"""Calls that are up: seen by many listeners at the price of one, and controlled one by one.

Knows nothing of the web, nor of how the node is asked. What is done is in the journal before.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from api.errors import NodeAway, NotFound, NotPossible, TooManyListeners
from api.retrieval import NEEDS, Retrieval, Visitor, require
from archive.grants import (
    Grant,
    LiveGrant,
    PauseGrant,
    ResumeGrant,
    StartGrant,
    StopGrant,
    TellGrant,
)
from archive.ids import RecordingId, TenantId
from archive.journal import Detail

# Each holds a connection; a wall of screens is fewer.
MAX_LISTENERS: Final = 100
# Twice a second is as often as the node itself looks.
LOOK_EVERY_S: Final = 0.5
# Proxies close what is silent for half a minute.
KEEP_ALIVE_S: Final = 15.0

Action = Literal["start", "pause", "resume", "stop", "tell"]
LiveState = Literal["live", "on_hold", "paused", "unrecorded"]
GRANTS: Final[Mapping[Action, type[Grant]]] = {
    "start": StartGrant,
    "pause": PauseGrant,
    "resume": ResumeGrant,
    "stop": StopGrant,
    "tell": TellGrant,
}
NOT_LIVE: Final = "not_live"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveParty:
    """One who is in a call; what nobody has told is "unknown" or ()."""

    side: str
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """A recording that grows, or a call of which one may be begun (`unrecorded`).

    `paused_us` 0: it is not paused, or nobody has told since when. `caller` and `called` are the
    ends of the SIP dialog: of a recording session neither is one of the `parties`.
    `stray_codecs` are those in which streams came although nobody agreed on them.
    """

    recording: str
    tenant: str
    source: str
    mode: str
    phase: str
    started_us: int
    caller: str
    called: str
    streams: int
    state: LiveState
    paused_us: int
    troubles: tuple[str, ...]
    parties: tuple[LiveParty, ...] = ()
    call_id: str = ""
    stray_codecs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is on a side, as far as the teller knows."""

    side: Literal["customer", "agent"]
    aor: str = ""
    name: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done to a live call of a tenant, who asks for it, why, and of whom it tells."""

    action: Action
    recording: RecordingId
    tenant: TenantId
    by: str
    reason: str = ""
    who: Told | None = None


class Desk(Protocol):
    """Who asks the node that records. Each raises `NodeAway`."""

    async def calls(self) -> Sequence[LiveCall]:
        """Every recording that grows or may be begun, whoever's it is."""

    async def do(self, wish: Wish) -> str:
        """Have it done; why not, "" where it is done."""


@dataclass(frozen=True, slots=True)
class Change:
    """News for a listener: a call that began or changed, or the id of one that is over."""

    call: LiveCall | None
    over: str = ""


News = tuple[Change, ...]


class Board:
    """The live calls as last seen; looked at while somebody listens, by one of the listeners."""

    def __init__(self, desk: Desk, every_s: float = LOOK_EVERY_S) -> None:
        self._desk, self._every_s = desk, every_s
        self._seen: Mapping[str, LiveCall] = {}
        self._looked_s = -every_s
        self._looking = asyncio.Lock()
        self.listeners = 0

    async def look(self) -> Mapping[str, LiveCall]:
        """The calls by id, not older than the time between two looks; raises `NodeAway`."""
        async with self._looking:
            now_s = asyncio.get_running_loop().time()
            if now_s - self._looked_s >= self._every_s:
                self._seen = {each.recording: each for each in await self._desk.calls()}
                self._looked_s = now_s
            return self._seen

    async def follow(self, tenant: TenantId) -> AsyncIterator[News]:
        """All calls of a tenant, then what changes; () every so often where nothing does.

        Raises `TooManyListeners`; ends where the node is away.
        """
        if self.listeners >= MAX_LISTENERS:
            raise TooManyListeners("no more listeners")
        self.listeners += 1
        known: Mapping[str, LiveCall] = {}
        try:
            silent_s = KEEP_ALIVE_S
            while True:
                now = _of(await self.look(), tenant)
                news = _changes(known, now)
                known, silent_s = now, silent_s + self._every_s
                if news or silent_s >= KEEP_ALIVE_S:
                    silent_s = 0.0
                    yield news
                await asyncio.sleep(self._every_s)
        except NodeAway:
            return
        finally:
            self.listeners -= 1


def _of(calls: Mapping[str, LiveCall], tenant: TenantId) -> Mapping[str, LiveCall]:
    own = tenant.raw.hex()
    return {key: call for key, call in calls.items() if call.tenant == own}


def _changes(before: Mapping[str, LiveCall], after: Mapping[str, LiveCall]) -> News:
    changed = [Change(call) for key, call in after.items() if before.get(key) != call]
    return (*changed, *(Change(None, key) for key in before if key not in after))


@dataclass(frozen=True, slots=True)
class LiveControl:
    """What may be asked of calls that are up; a scope, then the journal, then it is done."""

    retrieval: Retrieval
    desk: Desk
    board: Board

    async def watch(self, visitor: Visitor) -> AsyncIterator[News]:
        """Follow the live calls; raises `NotAllowed`, `NodeAway`, `TooManyListeners`."""
        await self.retrieval.control(visitor, LiveGrant, "", {})
        if self.board.listeners >= MAX_LISTENERS:
            raise TooManyListeners("no more listeners")
        await self.board.look()
        return self.board.follow(visitor.actor.tenant)

    async def control(
        self,
        visitor: Visitor,
        recording: RecordingId,
        action: Action,
        reason: str = "",
        who: Told | None = None,
    ) -> LiveCall | None:
        """Have it done; the call as it is then, None where it is no longer recorded.

        Raises `NotAllowed`, `NotFound`, `NotPossible`, `NodeAway`.
        """
        require(visitor, NEEDS[GRANTS[action]])
        tenant = visitor.actor.tenant
        if await self._call(tenant, recording) is None:
            raise NotFound("no such live call")
        detail: dict[str, Detail] = {"reason": reason} if reason else {}
        await self.retrieval.control(visitor, GRANTS[action], recording, detail)
        wish = Wish(
            action=action,
            recording=recording,
            tenant=tenant,
            by=visitor.actor.name,
            reason=reason,
            who=who,
        )
        refused = await self.desk.do(wish)
        if refused == NOT_LIVE:
            raise NotFound("no such live call")
        if refused:
            raise NotPossible(refused)
        return await self._call(tenant, recording)

    async def _call(self, tenant: TenantId, recording: RecordingId) -> LiveCall | None:
        wanted = (recording.raw.hex(), tenant.raw.hex())
        calls = await self.desk.calls()
        return next((each for each in calls if (each.recording, each.tenant) == wanted), None)
