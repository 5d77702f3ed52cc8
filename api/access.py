"""The one door: may this actor do that, to this, for this purpose? It hands out grants.

Knows nothing of the web, nor of what is then searched, read or played. The order of the questions
is that of `docs/access.md`; the journal's entry is committed before a grant is handed out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Generic

from sqlalchemy import Connection, Engine

from api.actor import Actor
from api.alarms import Alarms
from api.errors import (
    NotAllowed,
    NotFound,
    PurposeMissing,
    PurposeNotCovered,
    PurposeRefused,
    Refused,
)
from api.people.credentials import stands
from api.people.roles import WITHOUT_PURPOSE
from api.people.verbs import Verb
from archive.catalog.calls import Sight, sight
from archive.catalog.engine import AsyncEngine, read, reading, run, writing
from archive.grants import (
    Access,
    AnyGrant,
    Ask,
    BreakGlassGrant,
    CorrectGrant,
    ExportGrant,
    Grant,
    JournalGrant,
    LedgerGrant,
    ListenGrant,
    LiveGrant,
    PauseGrant,
    PeopleGrant,
    PlayedGrant,
    ReadGrant,
    ResumeGrant,
    SearchGrant,
    StartGrant,
    StopGrant,
    Target,
    TellGrant,
    TraceGrant,
    grant,
)
from archive.journal import Detail, Entry, append
from archive.purposes import DEFAULT_CODES, Purpose, PurposeUnknown
from archive.reach import Within

# The verb that each grant needs.
NEEDS: Final[Mapping[type[Grant], Verb]] = {
    SearchGrant: Verb.SEARCH,
    ReadGrant: Verb.READ,
    ListenGrant: Verb.LISTEN,
    PlayedGrant: Verb.LISTEN,
    ExportGrant: Verb.EXPORT,
    LedgerGrant: Verb.LEDGER,
    TraceGrant: Verb.TRACE,
    JournalGrant: Verb.JOURNAL,
    CorrectGrant: Verb.CORRECT,
    PeopleGrant: Verb.PEOPLE_READ,
    LiveGrant: Verb.LIVE,
    PauseGrant: Verb.CONTROL,
    ResumeGrant: Verb.CONTROL,
    StartGrant: Verb.CONTROL,
    StopGrant: Verb.CONTROL,
    TellGrant: Verb.CONTROL,
}
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
        return await self._granted(_Wanted(actor, kind, ask), lambda c: _seen(c, ask, target))

    async def grant_unseen(
        self,
        actor: Actor,
        kind: type[AnyGrant],
        target: Target | str,
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
        self, wanted: "_Wanted[AnyGrant]", look: Callable[[Connection], Sight]
    ) -> AnyGrant:
        try:
            return await run(self.engine, lambda engine: wanted.granted(engine, look, self.alarms))
        except PurposeNotCovered as refusal:
            target = str(wanted.ask.target)
            await self.write_down(wanted.actor, NEEDS[wanted.kind], refusal, target)
            raise

    async def stands(self, actor: Actor) -> bool:
        """Whether an account may still do what it could when it came."""
        now_us = self.clock_us()
        return await read(self.engine, lambda c: stands(c, actor.account, now_us))

    async def access(self, actor: Actor, act: type[Grant] | Verb) -> Access:
        """Who asks, why and within which reach, for an act; raises `Refused`."""
        verb = act if isinstance(act, Verb) else NEEDS[act]
        try:
            return permitted(actor, verb, self.clock_us(), self.purposes)
        except Refused as refusal:
            await self.write_down(actor, verb, refusal, "")
            raise

    async def write_down(self, actor: Actor, verb: Verb, refusal: Refused, target: str) -> None:
        """Put a refusal of somebody who is known into the journal."""
        entry = Entry(
            tenant=actor.account.tenant,
            at_us=self.clock_us(),
            actor=actor.account.name,
            action="refused",
            target=target,
            reason=actor.purpose,
            detail={"act": verb.value, "why": refusal.code},
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

    def granted(
        self, engine: Engine, look: Callable[[Connection], Sight], alarms: Alarms
    ) -> AnyGrant:
        """The grant; raises `NotFound`, `PurposeNotCovered`."""
        with reading(engine) as connection:
            seen = look(connection)
        match seen:
            case Sight.NOTHING:
                raise NotFound("no such call or recording")
            case Sight.COVERED:
                return grant(engine, self.kind, self.ask)
            case Sight.UNCOVERED:
                return self._by_breaking_glass(engine, alarms)

    def _by_breaking_glass(self, engine: Engine, alarms: Alarms) -> AnyGrant:
        actor, access = self.actor, self.ask.access
        if not actor.break_glass or Verb.BREAK_GLASS not in actor.account.authority.verbs:
            raise PurposeNotCovered("the recording was made for other purposes")
        broken = replace(access, within=Within(reach=access.within.reach))
        said = grant(engine, BreakGlassGrant, replace(self.ask, access=broken, detail=self._why()))
        alarms.glass_broken(said.seq)
        return grant(engine, self.kind, replace(self.ask, access=broken))

    def _why(self) -> dict[str, Detail]:
        return {"why": self.actor.break_glass, "act": self.kind.action}


def _seen(connection: Connection, ask: Ask, target: Target) -> Sight:
    """What there is of it within the reach, for this purpose."""
    return sight(connection, ask.access.tenant, ask.access.within, target)


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
        within=Within(reach=authority.reach(verb), purpose=purpose),
    )


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
