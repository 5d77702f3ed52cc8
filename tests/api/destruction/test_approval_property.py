"""Nothing goes earlier than a full cooling off after two persons last said so of exactly its rules.

Nor after somebody who may stop has stopped it: over random sequences of acts, at the real use
cases, catalog and key daemon. What deliberate breaks of the product do to it stands below.
"""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

import pytest
import structlog
from sqlalchemy import Connection, select, update

from api.destruction import night_plan, plan_approval, plans as plans_module, stops
from api.destruction.drafts import PlanDraft, append_draft
from api.destruction.plan_course import KIND, act_of
from api.destruction.plans import DestructionPlans, KnownPlan
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.catalog.access.approvals import revoke
from archive.catalog.database.engine import write
from archive.catalog.destruction.plans import PlanApproval, StoredPlan, approve_plan, plan_numbered
from archive.catalog.journal.authors import Author
from archive.catalog.tables.catalog import standing_approval
from archive.ids import DEFAULT_TENANT
from retention.decisions.destruction_plan import RetentionPlan, stands
from tests.api.destruction.approval_world import TOO_EARLY, Act, Archive, play
from tests.api.destruction.scene import Installation
from tests.api.register import Registered
from tests.archive.catalog.examples import new_catalog, same_catalog
from tests.archive.catalog.seals import sealed
from tests.archive.keeper.scene import KeeperScene

# The catalog is a file that is put back before each sequence.
pytestmark = pytest.mark.sqlite
# One hour short of a cooling off, one behind it, and what lets the next recordings fall due.
HOURS: Final = (24, 25, 71, 72, 72, 73)
# How often each is tried: what leads far is rarer in pure chance than what leads nowhere.
OFTEN: Final = {
    "next": 6, "wanted": 2, "plan": 2, "approve": 2, "apply": 2, "stop": 5, "withdraw": 2,
    "end": 1, "revise": 1, "pass": 3, "night": 5, "run": 2,
}  # fmt: skip
KINDS: Final = [kind for kind, often in OFTEN.items() for _ in range(often)]
# Of the people of `approval_world`, who may the most the most often.
WHO: Final = (0, 0, 0, 1, 2, 2, 3, 4)
# Something was wanted by two, has cooled off, or runs: each is a place from which faults begin.
WANTED: Final = [Act("wanted")]
COOLED: Final = [*WANTED, Act("pass", 0, 72)]
BEGUN: Final = [*COOLED, Act("run")]
OPENINGS: Final[tuple[list[Act], ...]] = ([], WANTED, COOLED, BEGUN, BEGUN)
MOST: Final = 9
SHARE: Final = 30
SHARDS: Final = 40
ALL: Final = 10_000


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    """One for all sequences, in memory: it is put back before each."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        engine = new_catalog(Path(folder))
        under, seals = sealed(engine, Path(folder))
        registered = Registered(engine=under, catalog=same_catalog(under), seals=seals)
        it = Installation(it=registered, keeper=KeeperScene(Path(folder)))
        quiet = structlog.get_config()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        yield Archive.made(it, Path(folder) / "catalog.db", engine)
        structlog.configure(**quiet)
        engine.dispose()


def sequence(by: Random) -> list[Act]:
    """An opening, and what chance makes of it."""
    acts = list(by.choice(OPENINGS))
    for _ in range(by.randint(3, MOST)):
        what = by.choice(KINDS)
        at = by.choice(HOURS) if what == "pass" else by.choice((0, 0, 0, 1, 2))
        acts.append(Act(what, by.choice(WHO), at))
    return acts


def try_sequences(archive: Archive, seeds: range) -> int:
    """Play the sequence of each; how many recordings went in all of them together."""
    gone = 0
    for seed in seeds:
        by = Random(seed)  # noqa: S311 - chance that can be had again
        acts, is_one_persons = sequence(by), by.random() < 1 / 4
        try:
            gone += len(play(archive, acts, is_one_persons=is_one_persons))
        except AssertionError as failed:
            raise AssertionError(f"{failed}; seed {seed}, {acts}, {is_one_persons}") from failed
    return gone


def test_nothing_goes_before_two_persons_have_said_so_and_it_has_cooled_off(
    archive: Archive,
) -> None:
    """A share of it; that something goes at all shows that the sequences lead somewhere."""
    assert try_sequences(archive, range(SHARE)) > SHARE // 2


@pytest.mark.slow
@pytest.mark.parametrize("shard", range(SHARDS))
def test_many_sequences_let_nothing_go_too_early(archive: Archive, shard: int) -> None:
    """Ten thousand in all."""
    share = ALL // SHARDS
    seeds = range(shard * share, (shard + 1) * share)
    assert try_sequences(archive, seeds) > share // 2


def all_that_was_given(
    connection: Connection, tenant: int, _now_us: int
) -> frozenset[tuple[int, str]]:
    """As it was once: an approval stands from `apply` on, whatever became of its plan."""
    given = standing_approval.c
    rows = connection.execute(
        select(given.revision, given.rule).where(given.tenant == tenant, given.ended_us.is_(None))
    )
    return frozenset((row[0], row[1]) for row in rows)


def ends_nothing(*_: object) -> int:
    return 0


def ends_those_of_the_plan(connection: Connection, author: Author, plan: StoredPlan) -> None:
    """Approvals that earlier plans were given stand on."""
    of_it = update(standing_approval).where(standing_approval.c.plan == plan.number)
    connection.execute(of_it.values(ended_us=author.access.at_us))
    stops._end(connection, author, plan, {})


def stands_by_name(plan: RetentionPlan, standing: Iterable[tuple[int, str]], bulk: int) -> bool:
    """Whatever revision it was approved in."""
    named = {(revision, rule) for revision, _ in plan.grounds for _, rule in standing}
    return stands(plan, named, bulk)


def at_night_always(connection: Connection, author: Author, draft: PlanDraft) -> int:
    number = append_draft(connection, author, draft)
    now_us = author.access.at_us
    approve_plan(connection, author, number, PlanApproval(approved_us=now_us, due_us=now_us))
    return number


async def withdraws_before_apply_alone(
    self: DestructionPlans, actor: Actor, number: int
) -> KnownPlan:
    """What is applied goes on."""
    author = await self._author(actor, Verb.APPROVE)

    def withdrawn(connection: Connection) -> None:
        plan = plan_numbered(connection, DEFAULT_TENANT, number)
        revoke(connection, author, KIND, act_of(plan.content.sha256))

    await write(self.door.engine, withdrawn)
    return await self._known(author, number)


# What is put in which place, and what it does.
BREAKS: Final[dict[str, tuple[object, str, object]]] = {
    "an approval stands from apply on": (plan_approval, "standing_rules", all_that_was_given),
    "a stop leaves what stands": (stops, "end_standing_of", ends_nothing),
    "a stop ends what its own plan was given alone": (
        plans_module, "stop_plan", ends_those_of_the_plan,
    ),
    "a stop leaves the plans that rest on it": (stops, "plans_beside", lambda *_: ()),
    "the end of all leaves the plans that rest on it": (stops, "open_plans", lambda *_: ()),
    "the end of all leaves what stands": (stops, "end_standing", ends_nothing),
    "the nightly plan asks nobody": (night_plan, "append_standing", at_night_always),
    "an approval is not taken back after apply": (
        DestructionPlans, "withdraw", withdraws_before_apply_alone,
    ),
    "an approval is not taken back before apply": (plans_module, "revoke", lambda *_: 1),
    "the cooling off is an hour too short": (plan_approval, "_HOUR_US", 3_600_000_000 * 71 // 72),
    "it is due at once": (plan_approval, "_HOUR_US", 0),
    "a new revision keeps what stands": (plan_approval, "stands", stands_by_name),
    "a plan without a word has any size": (
        plan_approval, "stands", lambda plan, standing, _: stands(plan, standing, 99),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAKS)
def test_each_deliberate_break_lets_something_go_too_early(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Else the sequences, or the model, would be blind for it."""
    place, what, instead = BREAKS[name]
    monkeypatch.setattr(place, what, instead)
    with pytest.raises(AssertionError, match=TOO_EARLY):
        try_sequences(archive, range(2_000))
