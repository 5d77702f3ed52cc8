"""An archive and its model side by side: every act is done to both.

Knows nothing of runs.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from api.permissions.errors import NotFound
from archive.call.corrections import QueueCorrected, TagAdded, TagRemoved
from archive.lifecycle.measures import Measure, MeasureKind
from retention.policies.policy import Limits, RetentionPolicy
from retention.rules.conditions import AttributeKind
from retention.rules.match import Match
from retention.rules.rule import Rank, RetentionRule
from tests.api.destruction.model import DAY, TOKYO, Model, ModelCall, ModelHold, ModelRule
from tests.api.destruction.scripts import AGENTS, EXTENSIONS, FACTS, QUEUES, Act
from tests.api.destruction.world import World
from tests.retention.examples import policy, rule

GRACE = timedelta(days=7)
FREEZE = Measure(kind=MeasureKind.FREEZE, case="F-1")


class Both:
    """The archive and its model; every act is done to both."""

    def __init__(self, world: World, limits: Limits) -> None:
        self.world = world
        self.model = Model(now=world.now)
        self.limits = limits
        # Rules that two persons have approved, each in its revision.
        self.standing = set[tuple[int, str]]()
        # Whether a run is just about to destroy what it has judged.
        self.is_beside = False

    async def begin(self, calls: Sequence[FACTS], rules: tuple[ModelRule, ...]) -> None:
        """From noon on."""
        noon = self.model.now.astimezone(TOKYO).replace(hour=12, minute=0) + DAY
        await self.pass_time(noon - self.model.now)
        self._revise(rules)
        for facts in calls:
            self._archive(ModelCall(len(self.model.calls) + 1, *facts))

    async def do(self, act: Act) -> None:
        """Do it to both, and see that the guard has what a hold has."""
        try:
            await self._do(act)
        except NotFound:
            # What is about to go is not there any more for who corrects it: it says so.
            assert self.is_beside
        self.model.changed()
        self.guarded()

    async def _do(self, act: Act) -> None:
        match act.what:
            case "hold":
                await self._hold(act, None)
            case "release" if self._in_force():
                await self._release(act.at)
            case "seat":
                in_order = AGENTS if act.at % 2 else AGENTS[::-1]
                self.model.seats = dict(zip(EXTENSIONS, in_order, strict=True))
                self.world.seat(self.model.seats)
            case "call":
                new = replace(self.model.calls[1], number=len(self.model.calls) + 1, is_whole=True)
                self._archive(new)
            case "revise":
                self._revise(act.rules)
            case "pass":
                await self.pass_time(timedelta(days=act.at))
            case _ if self.model.there:
                there = list(self.model.there.values())
                await self._do_to(there[act.at % len(there)], act)

    async def _do_to(self, own: ModelCall, act: Act) -> None:
        match act.what:
            case "list":
                await self._hold(act, own.number)
            case "tag" | "untag" | "queue":
                self._say(own, act)
            case "freeze" | "granted" | "court" | "lift":
                await self._measure(own.number, act.what)
            case "end" if not own.is_whole:
                own.is_whole = True
                self.world.end(own)

    async def pass_time(self, by: timedelta) -> None:
        """Whoever keeps holds up does it now and then."""
        self.world.it.pass_us(by // timedelta(microseconds=1))
        self.model.now = self.world.now
        await self.world.upkeep()

    def guarded(self) -> None:
        """No key is missing of what is there, none is there of what is gone, each held is held."""
        there, held = self.world.guard()
        for number, keys in self.world.keys.items():
            raws = {each.raw for each in keys}
            assert raws <= there if number not in self.model.gone else not raws & there
            if number not in self.model.gone and self.model.is_held(number):
                assert raws <= held, f"call {number} is held, and its keys are not"

    async def _hold(self, act: Act, own: int | None) -> None:
        future, whole = act.options
        named = None if own is None else [own]
        await self.world.hold(act.clues, named, future=future, whole=whole)
        self.model.place(ModelHold(act.clues, frozenset(named) if named else None, future, whole))

    async def _release(self, at: int) -> None:
        number, own = self._in_force()[at % len(self._in_force())]
        await self.world.release(number)
        own.until = self.model.now + GRACE

    def _say(self, own: ModelCall, act: Act) -> None:
        match act.what:
            case "tag" if not own.tag:
                self.world.say(own.number, TagAdded(tag=act.value))
                own.tag = act.value
            case "untag" if own.tag:
                self.world.say(own.number, TagRemoved(tag=own.tag))
                own.tag = ""
            case "queue" if own.queue != QUEUES[act.at % 2]:
                self.world.say(own.number, QueueCorrected(queue=QUEUES[act.at % 2]))
                own.queue = QUEUES[act.at % 2]

    async def _measure(self, own: int, what: str) -> None:
        frozen, erased = self.model.frozen, self.model.erased
        if what == "lift":
            if frozen.pop(own, None):
                await self.world.lift(own, FREEZE)
        elif what == "freeze":
            await self.world.measure(own, FREEZE)
            frozen[own] = {"F-1"}
        else:
            case = f"E-{what}"
            await self.world.measure(own, Measure(kind=MeasureKind(f"erasure_{what}"), case=case))
            erased.setdefault(own, set()).add((case, what))

    def _revise(self, rules: tuple[ModelRule, ...]) -> None:
        self.world.take_over(policy_of(rules), self.limits)
        self.model.rules = rules

    def _archive(self, call: ModelCall) -> None:
        self.model.calls[call.number] = call
        self.world.archive(call)
        self.model.changed()

    def _in_force(self) -> list[tuple[int, ModelHold]]:
        numbered = enumerate(self.model.holds, start=1)
        return [(number, each) for number, each in numbered if each.until is None]


def policy_of(rules: Sequence[ModelRule]) -> RetentionPolicy:
    """As the policy says it."""
    return policy(*map(_rule, rules))


def _rule(own: ModelRule) -> RetentionRule:
    match = Match({AttributeKind(kind): frozenset({value}) for kind, value in own.match})
    return rule(
        own.own,
        at_least=f"P{own.at_least}Y" if own.at_least else "",
        after=f"P{own.after}Y" if own.after else "",
        rank=Rank(own.rank),
        match=match,
        specificity=match.specificity,
    )
