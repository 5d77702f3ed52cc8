"""The one door: may this actor do that, to this, for this purpose? It hands out grants.

Knows nothing of the web, nor of what is then searched, read or played. The order of the questions
is that of `docs/access.md`; the journal's entry is committed before a grant is handed out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Generic

from sqlalchemy import Connection, Engine

from api.access.access_alarms import Alarms
from api.access.credentials import stands
from api.access.restrictions import outdated
from api.access.use_case import NEEDS, AnyUseCase, UseCase
from api.permissions.accounts import Authority
from api.permissions.actor import Actor
from api.permissions.errors import (
    Destroyed,
    NotAllowed,
    NotFound,
    PurposeMissing,
    PurposeNotCovered,
    PurposeRefused,
    Refused,
    UseRestricted,
    UseSuspended,
)
from api.permissions.roles import WITHOUT_PURPOSE
from api.permissions.verbs import Verb
from archive.access.purposes import DEFAULT_CODES, Purpose, PurposeUnknown
from archive.access.reach import Within, is_everywhere
from archive.access.use import Extent, Use
from archive.catalog.access.grants import (
    Access,
    AnyGrant,
    Ask,
    BreakGlassGrant,
    Grant,
    Target,
    grant,
)
from archive.catalog.database.engine import AsyncEngine, read, reading, run, writing
from archive.catalog.destruction.tombstones import find_tombstone
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail, Entry, append
from archive.catalog.register.use_limits import LimitChange, write_limits
from archive.catalog.search.calls import Sight, recordings_of, sight
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ConversationId, PageId, RecordingId

# What is asked of the door: a use case; a grant or a verb of one that is not declared yet.
Act = type[Grant] | Verb | AnyUseCase
# These tell of a recording and give nothing of what was said in it.
_TELLING: Final = frozenset({Verb.SEARCH, Verb.READ, Verb.CORRECT, Verb.LEDGER})
# These limit its use, and give nothing of it.
_DECIDING: Final = frozenset({Verb.FREEZE, Verb.MEASURE})
_NO_DETAIL: Final[Mapping[str, Detail]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Decides for everything that is asked; `clock_us` tells µs since 1970 UTC."""

    engine: AsyncEngine
    clock_us: Callable[[], int]
    purposes: frozenset[str] = field(default=frozenset(DEFAULT_CODES))
    alarms: Alarms = field(default_factory=Alarms)

    async def grant(
        self,
        actor: Actor,
        kind: type[AnyGrant],
        target: Target | str = "",
        detail: Mapping[str, Detail] = _NO_DETAIL,
    ) -> AnyGrant:
        """A grant for a call, a recording, or ("") for a question about many.

        Raises `Refused`, `NotFound`.
        """
        if isinstance(target, str):
            return await self.grant_unseen(actor, kind, target, detail)
        ask = Ask(access=await self.access(actor, kind), target=target, detail=detail)
        return await self._granted(_Wanted(actor, kind, ask), lambda e: _seen(e, ask, target))

    async def grant_unseen(
        self,
        actor: Actor,
        kind: type[AnyGrant],
        target: Target | PageId | str,
        detail: Mapping[str, Detail] = _NO_DETAIL,
        *,
        seen: Sight = Sight.COVERED,
    ) -> AnyGrant:
        """A grant for what the catalog cannot know; `seen` is what the use case has found of it.

        Raises `Refused`, `NotFound`.
        """
        ask = Ask(access=await self.access(actor, kind), target=target, detail=detail)
        return await self._granted(_Wanted(actor, kind, ask), lambda _: seen)

    async def _granted(
        self, wanted: "_Wanted[AnyGrant]", look: Callable[[Engine], Sight]
    ) -> AnyGrant:
        try:
            return await run(self.engine, lambda engine: wanted.granted(engine, look, self.alarms))
        except (PurposeNotCovered, UseRestricted, UseSuspended) as refusal:
            target = str(wanted.ask.target)
            await self.write_down(wanted.actor, wanted.kind, refusal, target)
            raise

    async def stands(self, actor: Actor) -> bool:
        """Whether an account may still do what it could when it came."""
        now_us = self.clock_us()
        return await read(self.engine, lambda c: stands(c, actor.account, now_us))

    async def access(self, actor: Actor, act: Act) -> Access:
        """Who asks, why and within which reach, for an act; raises `Refused`."""
        try:
            access = permitted(actor, verb_of(actor, act), self.clock_us(), self.purposes)
        except Refused as refusal:
            await self.write_down(actor, act, refusal)
            raise
        return replace(access, acts=frozenset(act.writes)) if isinstance(act, UseCase) else access

    async def author(self, actor: Actor, act: Act) -> Author:
        """Who does it, as the register and the journal have it; raises `Refused`."""
        return Author(access=await self.access(actor, act), user=actor.account.user)

    async def access_to_all(self, actor: Actor, act: Act) -> Access:
        """The same for what tells of the whole tenant, or is done to it: no reach may end before.

        Raises `Refused`.
        """
        access = await self.access(actor, act)
        if not is_everywhere(access.within.reach):
            raise await self.refused(actor, act, NotAllowed(verb_of(actor, act)))
        return access

    def is_open_to_all(self, actor: Actor, act: type[Grant]) -> bool:
        """Whether `access_to_all` would be given, for what is told beside; nobody has asked yet."""
        return self.access_beside(actor, act) is not None

    def access_beside(self, actor: Actor, act: type[Grant]) -> Access | None:
        """What `access_to_all` would give, for what is told beside; None: nothing."""
        try:
            access = permitted(actor, NEEDS[act], self.clock_us(), self.purposes)
        except Refused:
            return None
        return access if is_everywhere(access.within.reach) else None

    async def refused(self, actor: Actor, act: Act, refusal: Refused, target: str = "") -> Refused:
        """Return the refusal, which the journal has."""
        await self.write_down(actor, act, refusal, target)
        return refusal

    async def write_down(self, actor: Actor, act: Act, refusal: Refused, target: str = "") -> None:
        """Put a refusal of somebody who is known into the journal."""
        entry = Entry(
            tenant=actor.account.tenant,
            at_us=self.clock_us(),
            actor=actor.account.name,
            action="refused",
            target=target,
            reason=actor.purpose,
            detail={"act": verb_of(actor, act).value, "why": refusal.code},
        )

        def written(engine: Engine) -> None:
            with writing(engine) as connection:
                append(connection, entry)

        await run(self.engine, written)


@dataclass(frozen=True, slots=True)
class _Wanted(Generic[AnyGrant]):
    """One call or recording that somebody wants, and a grant of which kind."""

    actor: Actor
    kind: type[AnyGrant]
    ask: Ask

    def granted(self, engine: Engine, look: Callable[[Engine], Sight], alarms: Alarms) -> AnyGrant:
        """The grant; raises `NotFound`, `Destroyed`, `PurposeNotCovered`."""
        seen = look(engine)
        match seen:
            case Sight.NOTHING:
                raise self._missing(engine)
            case Sight.COVERED:
                return grant(engine, self.kind, self.ask)
            case Sight.SUSPENDED:
                raise UseSuspended("a case has stopped its use")
            case Sight.UNCOVERED | Sight.RESTRICTED:
                return self._by_breaking_glass(engine, alarms, seen)

    def _missing(self, engine: Engine) -> Destroyed | NotFound:
        """A tombstone is shown to who could have seen what was there; purposes it has none."""
        access, target = self.ask.access, self.ask.target
        if isinstance(target, RecordingId | ConversationId):
            with reading(engine) as connection:
                tenant = tenant_row(connection, access.tenant)
                left = find_tombstone(connection, tenant, access.within.reach, target)
            if left is not None:
                return Destroyed(left)
        return NotFound("no such call or recording")

    def _by_breaking_glass(self, engine: Engine, alarms: Alarms, seen: Sight) -> AnyGrant:
        actor, access = self.actor, self.ask.access
        if not actor.break_glass or Verb.BREAK_GLASS not in actor.account.authority.verbs:
            if seen is Sight.RESTRICTED:
                raise UseRestricted("the recording is kept for other purposes")
            raise PurposeNotCovered("the recording was made for other purposes")
        use = replace(access.within.use, is_glass_broken=True)
        broken = replace(access, within=Within(reach=access.within.reach, use=use))
        said = grant(engine, BreakGlassGrant, replace(self.ask, access=broken, detail=self._why()))
        alarms.glass_broken(said.seq)
        return grant(engine, self.kind, replace(self.ask, access=broken))

    def _why(self) -> dict[str, Detail]:
        return {"why": self.actor.break_glass, "act": self.kind.action}


def _seen(engine: Engine, ask: Ask, target: Target) -> Sight:
    """What there is of it within the reach, for this purpose; judged anew, so that nothing lags."""
    access = ask.access
    with reading(engine) as connection:
        seen = sight(connection, access.tenant, access.within, target)
        if seen is Sight.NOTHING or not _outdated(connection, access, target):
            return seen
    with writing(engine) as connection:
        changes = _outdated(connection, access, target)
        write_limits(connection, tenant_row(connection, access.tenant), changes)
        return sight(connection, access.tenant, access.within, target)


def _outdated(connection: Connection, access: Access, target: Target) -> tuple[LimitChange, ...]:
    """Which restrictions of it are stored otherwise than they are."""
    own = recordings_of(connection, access.tenant, access.within, target)
    return outdated(connection, access.tenant, own, access.at_us)


def verb_of(actor: Actor, act: Act) -> Verb:
    """The verb that somebody needs for an act.

    Pure.
    """
    if isinstance(act, UseCase):
        return act.verb(actor.account.authority)
    return act if isinstance(act, Verb) else NEEDS[act]


def permitted(actor: Actor, verb: Verb, now_us: int, codes: frozenset[str]) -> Access:
    """Verb and purpose, which need no catalog; raises `NotAllowed`, `PurposeMissing`, ….

    Pure.
    """
    authority = actor.account.authority
    if verb not in authority.verbs:
        raise NotAllowed(verb)
    purpose = _purpose(actor, verb, codes)
    return Access(
        tenant=actor.account.tenant,
        actor=actor.account.name,
        at_us=now_us,
        purpose=actor.purpose,
        within=Within(
            reach=authority.reach(verb),
            purpose=purpose,
            use=Use(purpose=actor.purpose, extent=_extent(verb, authority), at_us=now_us),
        ),
    )


def _extent(verb: Verb, authority: Authority) -> Extent:
    """How much of what is limited an act may give; deny by default."""
    sees_limited = _reaches_as_far(authority, Verb.SEE_LIMITED, verb)
    if verb in _DECIDING or (verb in _TELLING and sees_limited):
        return Extent.ALL
    return Extent.KNOWLEDGE if verb in _TELLING else Extent.CONTENT


def _reaches_as_far(authority: Authority, one: Verb, other: Verb) -> bool:
    """Whether who has both may do the one wherever it may do the other."""
    reach = authority.reach(one)
    return is_everywhere(reach) or (bool(reach) and set(authority.reach(other)) <= set(reach))


def _purpose(actor: Actor, verb: Verb, codes: frozenset[str]) -> str:
    """The code that recordings must have or have none; "" where whatever they have will do."""
    if not actor.purpose and verb in WITHOUT_PURPOSE:
        return ""
    if not actor.purpose:
        raise PurposeMissing("nobody has said why")
    try:
        purpose = Purpose.parse(actor.purpose, codes)
    except PurposeUnknown as unknown:
        raise PurposeRefused("no such purpose") from unknown
    if purpose.kind != "code" and Verb.CASE not in actor.account.authority.verbs:
        raise PurposeRefused("cases and matters are not for these roles")
    return purpose.code
