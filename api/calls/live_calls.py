"""Calls that are up: seen by many listeners at the price of one, and controlled one by one.

Knows nothing of the web. What is done is in the journal before.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from api.access.authorization import Door
from api.access.listener_access import ListenerState
from api.calls.signalling_client import Node
from api.permissions.accounts import Account
from api.permissions.actor import Actor
from api.permissions.errors import (
    ListensTooOften,
    NodeAway,
    NotFound,
    NotPossible,
    TooManyListeners,
)
from api.permissions.verbs import Verb
from archive.access.reach import ReachFacts, Within, is_everywhere, reaches
from archive.call.live import LiveCall, LiveParty, Participant, Question, Why, Wish
from archive.call.numbers import user_part
from archive.catalog.access.grants import (
    Grant,
    LiveGrant,
    PauseGrant,
    ResumeGrant,
    StartGrant,
    StopGrant,
    TellGrant,
)
from archive.catalog.database.engine import run
from archive.catalog.journal.entries import Detail
from archive.catalog.search.calls import Sight
from archive.catalog.search.shown import write_shown
from archive.folded_names import fold_name
from archive.ids import RecordingId, TenantId

# Each holds a connection; a wall of screens is fewer.
MAX_LISTENERS: Final = 100
# As many windows as a browser keeps to a server (6), and a screen or a script beside them; all the
# sessions and tokens of an account together, so that nobody takes the places of the others.
MAX_OF_AN_ACCOUNT: Final = 10
# Twice a second is as often as the node itself looks.
LOOK_EVERY_S: Final = 0.5
# Proxies close what is silent for half a minute.
KEEP_ALIVE_S: Final = 15.0
# How long a worker may take to choose the moment of a pause: it answers in milliseconds.
CHOSEN_WITHIN_S: Final = 3.0
_CHOSEN_EVERY_S: Final = 0.05
# Of a recording session the ends of the dialog are a recording client and us: no parties.
# No recording has that id: who asks for the node alone wants no list of calls.
_NO_CALL: Final = Question(recording="-")
INLINE: Final = "inline"

LiveState = Literal["live", "on_hold", "paused", "refused", "unrecorded"]
GRANTS: Final[Mapping[Wish, type[Grant]]] = {
    Wish.START: StartGrant,
    Wish.PAUSE: PauseGrant,
    Wish.RESUME: ResumeGrant,
    Wish.STOP: StopGrant,
    Wish.TELL: TellGrant,
}


def state_of(call: LiveCall) -> LiveState:
    """The state in a word."""
    if not call.is_recorded:
        return "unrecorded"
    if call.paused:
        return "refused" if call.paused == "refused" else "paused"
    return "on_hold" if call.on_hold else "live"


def parties_of(call: LiveCall) -> tuple[LiveParty, ...]:
    """Who is in it; where nobody is named, the ends of an inline call."""
    ends = (call.caller, call.called) if call.mode == INLINE and not call.parties else ()
    return (*call.parties, *(LiveParty(addresses=(end,)) for end in ends if end))


def number_of(address: str) -> str:
    """The user of an address, as people write it; the address where it has none."""
    return user_part(address) or address


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What is to be done to a live call, why, and of whom it tells."""

    wish: Wish
    reason: str = ""
    who: Participant | None = None


@dataclass(frozen=True, slots=True)
class LiveNews:
    """News for a listener: a call that began or changed, or the id of one that is over."""

    call: LiveCall | None
    over: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusing:
    """That new calls are refused: why, since when (µs since 1970 UTC), and how many were since
    then; None where the reach of who asks ends somewhere.
    """

    why: str
    since_us: int
    calls: int | None


News = tuple[LiveNews, ...]
Calls = Mapping[str, LiveCall]


class Board:
    """The live calls as last seen; looked at while somebody listens, by one of the listeners."""

    def __init__(self, node: Node, every_s: float = LOOK_EVERY_S) -> None:
        self._node, self.every_s = node, every_s
        self._seen: Calls = {}
        self._looked_s = -every_s
        self._looking = asyncio.Lock()
        self.listeners: Counter[tuple[TenantId, str]] = Counter()

    async def look(self, tenant: TenantId, allowed: Within) -> Calls:
        """The calls within reach, not older than the time between two looks; raises `NodeAway`."""
        async with self._looking:
            now_s = asyncio.get_running_loop().time()
            if now_s - self._looked_s >= self.every_s:
                told = await self._node.ask(Question())
                self._seen = {each.recording: each for each in told.calls}
                self._looked_s = now_s
            return within(self._seen, tenant, allowed)

    def require_place(self, account: Account) -> None:
        """Raise `ListensTooOften` or `TooManyListeners` where there is no place for another one."""
        if self.listeners[_whose(account)] >= MAX_OF_AN_ACCOUNT:
            raise ListensTooOften("no more listeners of this account")
        if self.listeners.total() >= MAX_LISTENERS:
            raise TooManyListeners("no more listeners")

    async def follow(
        self, account: Account, allowed: Within, may_listen: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[News]:
        """All calls within reach, then what changes; () every so often where nothing does.

        Ends where the node is away, or who listens may no longer. Raises as `require_place`.
        """
        self.require_place(account)
        self.listeners[_whose(account)] += 1
        known: Calls = {}
        silent_s = KEEP_ALIVE_S
        try:
            while await may_listen():
                now = await self.look(account.tenant, allowed)
                news = _changes(known, now)
                known, silent_s = now, silent_s + self.every_s
                if news or silent_s >= KEEP_ALIVE_S:
                    silent_s = 0.0
                    yield news
                await asyncio.sleep(self.every_s)
        except NodeAway:
            return
        finally:
            self.listeners -= Counter((_whose(account),))


def _whose(account: Account) -> tuple[TenantId, str]:
    return account.tenant, account.name


def within(calls: Calls, tenant: TenantId, allowed: Within) -> Calls:
    """Those of a tenant that lie within reach, and that the purpose covers."""
    return {
        key: call for key, call in calls.items() if sight_of(call, tenant, allowed) is Sight.COVERED
    }


def sight_of(call: LiveCall | None, tenant: TenantId, allowed: Within) -> Sight:
    """What there is of a call that is up, as `calls.sight` of the catalog says it of others."""
    if call is None or call.tenant != tenant.raw.hex() or not reaches(allowed.reach, _facts(call)):
        return Sight.NOTHING
    purposes = call.marks.purposes
    is_covered = not allowed.purpose or not purposes or allowed.purpose in purposes
    return Sight.COVERED if is_covered else Sight.UNCOVERED


def _facts(call: LiveCall) -> ReachFacts:
    addresses = [address for party in parties_of(call) for address in party.addresses]
    marks = call.marks
    return ReachFacts(
        queues=(fold_name(marks.queue),),
        controllers=(fold_name(marks.controller),),
        numbers=tuple(map(number_of, addresses)),
    )


def _ids(call: LiveCall) -> set[str]:
    """All by which a call is known, folded; ours with hyphens too."""
    own = RecordingId.parse(call.recording)
    return {call.recording, str(UUID(bytes=own.raw)), *map(str.casefold, call.ids)}


def _changes(before: Calls, after: Calls) -> News:
    changed = [LiveNews(call) for key, call in after.items() if before.get(key) != call]
    return (*changed, *(LiveNews(None, key) for key in before if key not in after))


@dataclass(frozen=True, slots=True)
class LiveCallsUp:
    """What may be asked of calls that are up; a verb, then the journal, then it is done."""

    door: Door
    node: Node
    board: Board

    async def calls(self, actor: Actor, known_as: str = "") -> tuple[LiveCall, ...]:
        """Those that are up in the order in which they began, or those known by an id.

        The journal has their ids first. Raises `Refused`, `NodeAway`.
        """
        granted = await self.door.grant(actor, LiveGrant)
        told = await self.node.ask(Question())
        seen = {call.recording: call for call in told.calls}
        found = within(seen, actor.account.tenant, granted.access.within)
        wanted = known_as.strip().casefold()
        known = [call for call in found.values() if not wanted or wanted in _ids(call)]
        ids = [RecordingId.parse(call.recording) for call in known]
        await run(self.door.engine, lambda engine: write_shown(engine, granted, ids))
        return tuple(sorted(known, key=lambda call: call.started_us))

    async def refusing(self, actor: Actor) -> Refusing | None:
        """Why new calls are refused; None where they are taken. Raises `Refused`, `NodeAway`."""
        access = await self.door.access(actor, Verb.LIVE)
        told = await self.node.ask(_NO_CALL)
        if not told.full:
            return None
        calls = told.turned_away if is_everywhere(access.within.reach) else None
        return Refusing(why=told.full, since_us=told.full_us, calls=calls)

    async def watch(self, actor: Actor) -> AsyncIterator[News]:
        """Follow the live calls.

        Raises `Refused`, `NodeAway`, `ListensTooOften`, `TooManyListeners`.
        """
        allowed = (await self.door.grant(actor, LiveGrant)).access.within
        self.board.require_place(actor.account)
        await self.board.look(actor.account.tenant, allowed)
        return self.board.follow(actor.account, allowed, ListenerState(self.door, actor).holds)

    async def control(
        self, actor: Actor, recording: RecordingId, control: Control
    ) -> LiveCall | None:
        """Have it done; the call as it is then, None where it is no longer recorded.

        Waits until the worker has chosen the moment. Raises `Refused`, `NotFound`, `NotPossible`,
        `NodeAway`.
        """
        kind = GRANTS[control.wish]
        allowed = (await self.door.access(actor, kind)).within
        seen = sight_of(await self._call(recording), actor.account.tenant, allowed)
        detail: dict[str, Detail] = {"reason": control.reason} if control.reason else {}
        await self.door.grant_unseen(actor, kind, recording, detail, seen=seen)
        refused = (await self.node.ask(_question(actor, recording, control))).refused
        if refused == Why.NOT_LIVE:
            raise NotFound("no such live call")
        if refused:
            raise NotPossible(refused)
        return await self._chosen(recording)

    async def _chosen(self, recording: RecordingId) -> LiveCall | None:
        """The call as soon as the moment of its pause is chosen, or as it is after some time."""
        try:
            async with asyncio.timeout(CHOSEN_WITHIN_S):
                while True:
                    call = await self._call(recording)
                    if call is None or not call.paused or call.paused_us:
                        return call
                    await asyncio.sleep(_CHOSEN_EVERY_S)
        except TimeoutError:
            return await self._call(recording)

    async def _call(self, recording: RecordingId) -> LiveCall | None:
        own = recording.raw.hex()
        told = await self.node.ask(Question(recording=own))
        return next((each for each in told.calls if each.recording == own), None)


def _question(actor: Actor, recording: RecordingId, control: Control) -> Question:
    return Question(
        recording=recording.raw.hex(),
        wish=control.wish,
        tenant=actor.account.tenant.raw.hex(),
        by=actor.account.name,
        reason=control.reason,
        who=control.who,
    )
