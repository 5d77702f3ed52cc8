"""Whole runs over random archives, beside a model that shares no line with the code.

Rules, holds, cases, corrections, imports and clocks change before a plan, before its run, and
between the last judgement and the keys.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, time, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings, strategies as st

from api.destruction.plans import KnownPlan
from api.permissions.errors import NothingDue
from api.simulations.simulation import Change, Then
from archive.lifecycle.tombstone import digest_of
from retention.policies.policy import Limits
from tests.api.destruction.both import Both, policy_of
from tests.api.destruction.model import ModelRule
from tests.api.destruction.runs import Run
from tests.api.destruction.scene import installed
from tests.api.destruction.scripts import CALLS, FACTS, STAGES, Act, Stage, rule_sets
from tests.api.destruction.world import World

# Outside of it nothing goes.
NIGHT = (time(22), time(6))
COOLED = timedelta(hours=72)


async def stage(both: Both, own: Stage) -> None:
    for each in own.before:
        await both.do(each)
    simulated(both)
    due = both.model.due()
    world = both.world
    try:
        plan = await world.plan()
    except NothingDue:
        assert due == {}
        return
    digests = {digest_of(each): number for number, each in world.ids.items()}
    lines = world.it.lines(plan.stored.number)
    assert {digests[each.digest]: frozenset(each.grounds[1]) for each in lines} == due
    run = Run(both, plan, due)
    await cool_off(both, plan, {(world.revision, each) for own in due.values() for each in own})
    for each in own.between:
        await both.do(each)
    await run.finish(own.beside)


async def cool_off(both: Both, plan: KnownPlan, grounds: set[tuple[int, str]]) -> None:
    """Where the same rules were approved before, another person's word still stands."""
    is_erasure = any(each.startswith("case:") for _, each in grounds)
    stands = both.standing >= grounds and not is_erasure
    assert (plan.stored.approval.proposal is None) == stands
    both.standing |= grounds
    if not stands:
        await both.world.run()
        assert both.world.key_client.asked == [], "destroyed before it had cooled off"
        await both.pass_time(COOLED)


def simulated(both: Both) -> None:
    """What is counted together is what the model says of each, in whatever order rules are."""
    rules = both.model.rules
    found = both.world.simulated(policy_of(rules))
    counts = {then: each.recordings for then, each in found.stands.items()}
    fates = [each.says for each in both.model.fates().values()]
    protected = ("held", "frozen", "restricted")
    assert counts[Then.DUE] == fates.count("destroy")
    assert counts[Then.UNKNOWN] == fates.count("unknown")
    assert counts[Then.PROTECTED] == sum(map(fates.count, protected))
    assert found.changes[Change.SAME] == found.whole
    turned = both.world.simulated(policy_of(rules[::-1])).content()
    assert turned == found.content()


def certified(world: World) -> None:
    """Each run by what it destroyed itself, also of what an earlier plan had and had to keep."""
    for plan in world.plans:
        lines = world.it.lines(plan.stored.number)
        gone = {each.digest for each in lines if each.stage == "gone"}
        assert not gone or world.certified(plan) == gone


async def script(
    calls: Sequence[FACTS], rules: tuple[ModelRule, ...], stages: Sequence[Stage]
) -> None:
    with TemporaryDirectory() as folder:
        async with installed(Path(folder) / "a") as it:
            limits = Limits(
                share_per_day=stages[0].share, window=NIGHT if stages[0].window else None
            )
            both = Both(World(it), limits)
            await both.begin(calls, rules)
            for each in stages:
                await stage(both, each)
            certified(both.world)


SCRIPTS = (CALLS, rule_sets(), st.lists(STAGES, min_size=1, max_size=2))
LONG_AGO, SINCE = date(2025, 6, 8), date(2027, 8, 17)
NUMBER, EXTENSION = "+81312347788", "2001"
# One after the other: due, restricted, held, held beside the run, frozen before it, unknown.
OF_ALL_KINDS = (
    [
        (LONG_AGO, "", "", NUMBER, EXTENSION, "", True),
        (LONG_AGO, "support", "", NUMBER, EXTENSION, "", True),
        (LONG_AGO, "sales", "vip", NUMBER, EXTENSION, "", True),
        (SINCE, "sales", "", NUMBER, EXTENSION, "", True),
        (SINCE, "", "", NUMBER, EXTENSION, "", True),
        (SINCE, "", "", NUMBER, EXTENSION, "", False),
    ],
    (ModelRule("all", "policy", (), 0, 1), ModelRule("law", "law", (("queue", "support"),), 9, 0)),
    [
        Stage(
            (Act("hold", clues=(("tag", "vip"),), options=(True, False)),),
            (Act("freeze", 4), Act("call")),
            Act("list", 3),
            Fraction(1),
            window=False,
        ),
        # The call that came since is tagged, and the hold of then has it; another one is tagged
        # beside the run. The last one ends, the frozen one goes. What is restricted is held.
        Stage(
            (
                Act("tag", 5, value="vip"),
                Act("end", 4),
                Act("lift", 3),
                Act("release", 1),
                Act("pass", 8),
            ),
            (Act("granted", 0), Act("hold", clues=(("queue", "support"),))),
            Act("tag", 2, value="vip"),
            Fraction(1),
            window=False,
        ),
    ],
)
# Of five at most two go a day, by night; what a search finds is held beside the first. The first of
# all was frozen, and has fallen out of the plan by then: the hold that has it too is not why.
BY_AND_BY = (
    [(LONG_AGO, each, "", NUMBER, EXTENSION, "g", True) for each in ("sales", "", "", "sales", "")],
    (ModelRule("all", "policy", (), 0, 1),),
    [
        Stage(
            (),
            (Act("freeze"),),
            Act("hold", clues=(("queue", "sales"),)),
            Fraction(1, 3),
            window=True,
        )
    ],
)
# To make a script smaller takes minutes; what failed is short enough to be read.
FEW = settings(
    max_examples=1,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@given(*SCRIPTS)
@example(*OF_ALL_KINDS)
@example(*BY_AND_BY)
@settings(FEW, derandomize=True)
def test_a_run_is_what_the_model_says(
    calls: Sequence[FACTS], rules: tuple[ModelRule, ...], stages: Sequence[Stage]
) -> None:
    """Must-show 1: a subset of the plan, all of it where nothing changed, a cause for each."""
    asyncio.run(script(calls, rules, stages))


@pytest.mark.slow
@given(*SCRIPTS)
@settings(FEW, max_examples=150)
def test_many_runs_are_what_the_model_says(
    calls: Sequence[FACTS], rules: tuple[ModelRule, ...], stages: Sequence[Stage]
) -> None:
    """The same, with more of it."""
    asyncio.run(script(calls, rules, stages))
