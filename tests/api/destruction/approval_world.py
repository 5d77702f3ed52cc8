"""Sequences of acts at a real installation beside `approval_model.py`; the keystore is the witness.

One archive is made for all of them and put back before each. Knows nothing of what may go.
"""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from api.destruction.plans import KnownPlan
from api.permissions.actor import Actor
from api.permissions.errors import ApiError, ApprovalNeeded
from api.permissions.roles import Role
from archive.access.approvals import ApprovalRefused
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.checks.sealer import KeptSeals
from archive.catalog.database.engine import writing
from archive.catalog.journal.seal_log import SealLog
from archive.catalog.journal.sealed_rows import with_seals
from archive.lifecycle.tombstone import digest_of
from retention.policies.policy import Limits
from retention.runner.schedule import IDLE_S
from tests.api.destruction.approval_model import APPROVERS, BULK, HOUR_US, OWNERS, ApprovalModel
from tests.api.destruction.model import ModelCall
from tests.api.destruction.scene import Installation
from tests.api.destruction.world import World
from tests.api.register import Registered
from tests.archive.catalog.examples import author
from tests.archive.catalog.seals import KEY
from tests.retention.examples import rule
from tests.support.destruction.survey_rounds import rounds_of, walk

QUEUES: Final = ("sales", "support")
# One falls due every other day; when a sequence begins, some are.
CALLS: Final = 8
DUE: Final = 3
COOLING_H: Final = (24, 72)
PEOPLE: Final = {
    "owner": Role.RETENTION_OWNER,
    "other": Role.RETENTION_OWNER,
    "legal": Role.LEGAL,
    "approver": Role.APPROVER,
    "auditor": Role.AUDITOR,
}
_ROUNDS: Final = 100
TOO_EARLY: Final = "went too early"


@dataclass(frozen=True)
class Act:
    """What is done, by the how manieth person, with the how manieth plan from the newest."""

    what: str
    who: int = 0
    at: int = 0

    def __repr__(self) -> str:
        return f"Act({self.what!r}, {self.who}, {self.at})"


@dataclass
class Saved:
    """A database as it was, put back into its file while others have it open."""

    path: Path
    content: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self.content = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(self.path)) as live:
            live.backup(self.content)

    def restore(self) -> None:
        with closing(sqlite3.connect(self.path)) as live:
            self.content.backup(live)


@dataclass
class SavedSeals:
    """What the API believes, put back with the catalog: it is started anew."""

    it: Registered
    bare: Engine
    content: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.content = self.it.seals.log.path.read_bytes()

    def restore(self) -> None:
        path = self.it.seals.log.path
        path.write_bytes(self.content)
        self.it.seals = KeptSeals(KEY, SealLog(path))
        self.it.engine = with_seals(self.bare, self.it.seals)
        self.it.catalog = replace(self.it.catalog, engine=self.it.engine)


@dataclass
class Archive:
    """The installation that every sequence begins with."""

    world: World
    began_us: int = 0
    people: dict[str, Actor] = field(default_factory=dict)
    saved: list[Saved | SavedSeals] = field(default_factory=list)
    numbers: dict[bytes, int] = field(default_factory=dict)

    @classmethod
    def made(cls, it: Installation, catalog: Path, bare: Engine) -> "Archive":
        """`bare` is the catalog as who believes every row opens it."""
        world = World(it)
        archive = cls(world)
        archive.people = {name: it.it.person(name + "1", role) for name, role in PEOPLE.items()}
        archive.revise(COOLING_H[1])
        a_year_ago = world.now.date() - timedelta(days=366)
        for number in range(1, CALLS + 1):
            ended = a_year_ago + timedelta(days=2 * (number - DUE))
            world.archive(ModelCall(number, ended, queue=rule_of(number)))
        archive.began_us = it.it.now_us
        archive.numbers = {digest_of(own): number for number, own in world.ids.items()}
        databases = (catalog, it.keeper.scene.config.keystore)
        archive.saved = [*map(Saved, databases), SavedSeals(it.it, bare)]
        return archive

    def restore(self) -> None:
        for each in self.saved:
            each.restore()
        self.world.it.pass_us(self.began_us - self.world.it.it.now_us)

    def revise(self, cooling_h: int) -> None:
        """The same rules again, by another revision."""
        rules = [rule(queue, after="P1Y", queue=queue) for queue in QUEUES]
        self.world.it.take_over(
            *rules,
            limits=Limits(
                share_per_day=Fraction(1), bulk=BULK, cooling_off_h=cooling_h, plan_at=time(1, 30)
            ),
        )

    def gone(self) -> set[int]:
        """The calls of which the keystore has no key, as its file says."""
        with closing(sqlite3.connect(self.world.scene.config.keystore)) as database:
            there = {row[0] for row in database.execute("SELECT key_id FROM data_key")}
        return {
            number
            for number, keys in self.world.keys.items()
            if there.isdisjoint(each.raw for each in keys)
        }


def rule_of(number: int) -> str:
    """Its queue, after which the rule is named."""
    return QUEUES[number % 2]


@dataclass
class Course:
    """One sequence: each act is done to both, then it is looked what is gone."""

    archive: Archive
    model: ApprovalModel
    seen: set[int] = field(default_factory=set)
    latest: int = 0

    @property
    def now_us(self) -> int:
        return self.archive.world.it.it.now_us

    async def do(self, act: Act) -> None:
        """Refusals are answers; what is refused is not told to the model."""
        self.model.step += 1
        name = tuple(PEOPLE)[act.who % len(PEOPLE)]
        with suppress(ApiError, ApprovalRefused):
            await self._do(act, name)
        now = self.archive.gone()
        for each in sorted(now - self.seen):
            assert self.model.may_be_gone(each, self.now_us), f"{TOO_EARLY}: call {each} by {act}"
        self.seen = now

    async def _do(self, act: Act, name: str) -> None:
        plans, who = self.archive.world.it.plans, self.archive.people[name]
        match act.what:
            case "plan":
                self._made(await plans.make(who), name)
            case "wanted":
                await self._wanted()
            case "end":
                await plans.end_standing(who)
                assert name in APPROVERS
                self.model.end_all()
            case "revise":
                self.model.revision += 1
                self.model.cooling_h = COOLING_H[act.at % 2]
                self.archive.revise(self.model.cooling_h)
            case "pass" | "next" | "night" | "run":
                await self._go_on(act)
            case _ if self.model.plans:
                await self._step(act.what, name, self._number(act.at))

    async def _go_on(self, act: Act) -> None:
        """What comes with time."""
        match act.what:
            case "pass":
                self.archive.world.it.pass_us(act.at * HOUR_US)
            case "next":
                # Two days later something is due again, which goes at once if it may.
                for each in (Act("pass", at=49), Act("plan"), Act("run")):
                    await self.do(each)
            case "night":
                await self._night()
            case "run":
                self._run()

    async def _step(self, what: str, name: str, number: int) -> None:
        plans, who = self.archive.world.it.plans, self.archive.people[name]
        match what:
            case "approve":
                await plans.approve(who, number)
                assert name in APPROVERS
                self.model.plans[number].approvers.add(name)
            case "apply":
                try:
                    await plans.apply(who, number)
                except ApprovalNeeded:
                    self.model.plans[number].proposers.add(name)
                    raise
                self.model.apply(number, name, self.now_us)
            case "stop":
                await plans.stop(who, number)
                assert name in APPROVERS
                self.model.stop(number)
            case "withdraw":
                await plans.withdraw(who, number)
                assert name in APPROVERS
                self.model.withdraw(number)

    async def _wanted(self) -> None:
        """A plan that is approved and applied at once, as far as it needs that."""
        plans, people = self.archive.world.it.plans, self.archive.people
        made = await plans.make(people["owner"])
        self._made(made, "owner")
        if made.stored.approval.approved_us is None:
            await self._step("approve", "legal", made.stored.number)
            await self._step("apply", "owner", made.stored.number)

    def _made(self, made: KnownPlan, name: str) -> None:
        assert name in OWNERS
        self._note(made, name)

    def _note(self, made: KnownPlan, name: str) -> None:
        number, is_standing = made.stored.number, made.stored.approval.approved_us is not None
        lines = self.archive.world.it.lines(number)
        rules = {
            each: rule_of(each) for each in (self.archive.numbers[one.digest] for one in lines)
        }
        self.model.make(number, rules, name, self.now_us, is_standing=is_standing)
        self.latest = max(self.latest, number)

    async def _night(self) -> None:
        """The next night's walk, by a part that was started anew."""
        self.archive.world.it.pass_us(24 * HOUR_US)
        walk(rounds_of(self.archive.world.it, CollectorRegistry()))
        found = await self.archive.world.it.plans.listed(self.archive.people["owner"])
        for each in reversed(found):
            if each.stored.number > self.latest:
                self._note(each, "")

    def _run(self) -> None:
        it, world = self.archive.world.it, self.archive.world
        runner = it.runner(it.sweep(keys=world.key_client, files=world.files))
        for _ in range(_ROUNDS):
            if runner.round() >= IDLE_S:
                break
        missing = set(self.model.must_be_gone(self.now_us)) - self.archive.gone()
        assert not missing, f"calls {missing} are still there, though two persons wanted it"

    def _number(self, at: int) -> int:
        numbers = sorted(self.model.plans, reverse=True)
        return numbers[at % len(numbers)]


def play(archive: Archive, acts: Sequence[Act], *, is_one_persons: bool = False) -> set[int]:
    """A sequence from the beginning; what is gone behind it."""
    archive.restore()
    if is_one_persons:
        with writing(archive.world.it.it.engine) as connection:
            declare_one_person(connection, replace(author(), user=0), None)
    model = ApprovalModel(is_one_persons=is_one_persons, revision=1, cooling_h=COOLING_H[1])
    course = Course(archive, model)

    async def played() -> None:
        for each in acts:
            await course.do(each)

    asyncio.run(played())
    return course.seen
