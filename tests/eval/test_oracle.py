from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from eval.memory.model import Model, faultless, read_model, varied
from eval.oracle.filters import Filters
from eval.oracle.oracle import Oracle, Posterior
from eval.oracle.table import Ranks, cause_of, judge, rank_of
from eval.requests.drawn import NEVER, PAST_24, Memory
from eval.world.calendar import DAY_S, first_day
from eval.world.world import Fate, make_world

DRAWN = 60_000


def coarse(model: Model) -> Model:
    """So few different things are said that each is said often."""
    kinds = {sort: {name: 0.0 for name in weights} for sort, weights in model.kinds.items()}
    kinds["date"]["month"] = kinds["clock"]["part"] = 1.0
    kinds["number"]["first"] = kinds["agent"]["heard"] = kinds["gist"]["topic"] = 1.0
    sets = {"coarse": {"date": 1.0, "clock": 1.0, "number": 1.0, "direction": 1.0}}
    return replace(model, kinds=kinds, sets=sets)


@pytest.mark.parametrize("model", [read_model(), varied(read_model(), 11)], ids=["first", "second"])
def test_the_posterior_is_how_often_each_call_was_meant_where_the_same_is_said(
    model: Model,
) -> None:
    """Brute force: tens of thousands of requests about a handful of calls, counted."""
    world = make_world(60, seed=2)
    memory = Memory(world, coarse(model))
    meant: defaultdict[object, Counter[int]] = defaultdict(Counter)
    asked = {}
    for request in memory.requests("coarse", DRAWN, seed=9):
        said = (request.language, request.clues)
        meant[said][request.meant] += 1
        asked[said] = request
    oracle = Oracle(memory)
    often = [said for said, counted in meant.items() if counted.total() > 400]

    assert len(often) > 10
    for said in often:
        counted, posterior = meant[said], oracle.posterior(asked[said])
        times = counted.total()
        drawn = np.array([counted[call] for call in range(len(world))])
        expected = posterior.calls * times
        assert (np.abs(drawn - expected) / np.sqrt(expected + 1)).max() < 5
        assert counted[NEVER] / times == pytest.approx(posterior.never, abs=0.06)
        assert posterior.calls.sum() + posterior.never == pytest.approx(1)


@pytest.mark.parametrize("vary", [None, 5])
def test_what_is_said_of_the_first_is_how_often_it_is_right(vary: int | None) -> None:
    """Calibrated, in each fifth of what is stated: not only a ranking is exact, but its worth."""
    model = read_model() if vary is None else varied(read_model(), vary)
    memory = Memory(make_world(1_000, seed=3), model)
    ranks = Ranks()
    for name in ("when, agent", "+ gist"):
        best, _ = judge(memory, list(memory.requests(name, 500, seed=8)))
        ranks.stated += best.stated
        ranks.right += best.right
    stated, right = np.array(ranks.stated), np.array(ranks.right)

    for low in np.arange(0, 1, 0.2):
        here = (stated >= low) & (stated < low + 0.2 + 1e-9)
        spread = np.sqrt((stated[here] * (1 - stated[here])).sum())
        assert abs(right[here].sum() - stated[here].sum()) < 4 * spread + 1


def test_the_oracle_finds_more_than_exact_filters() -> None:
    """One clue wrong, and a filter finds nothing."""
    memory = Memory(make_world(1_000, seed=3), read_model())
    best, exact = judge(memory, list(memory.requests("when, agent, number", 300, seed=8)))

    assert best.mrr > exact.mrr + 0.2
    assert best.share(10) > exact.share(10) + 0.3
    low, high = best.interval()
    assert low < best.mrr < high


def test_of_equals_the_newest_is_first() -> None:
    """As a search has it."""
    posterior = Posterior(np.array([0.2, 0.3, 0.2, 0.2]), 0.1)

    assert [rank_of(posterior, call) for call in range(4)] == [4, 1, 3, 2]


def test_the_cause_is_what_is_most_likely_of_the_call_whichever_it_is() -> None:
    """Not what is most likely of the likeliest call."""
    world = make_world(1_000, seed=3)
    gone = world.fate == Fate.DESTROYED
    posterior = Posterior(np.where(gone, 0.6 / gone.sum(), 0.3 / (~gone).sum()), 0.1)

    assert cause_of(posterior, world) == Fate.DESTROYED
    assert cause_of(Posterior(np.zeros(len(world)), 1.0), world) == NEVER


def test_an_hour_past_24_is_told_of_the_day_before() -> None:
    """25 o'clock on Friday is 1 in the morning of Saturday; oracle and filters know it."""
    model = faultless(read_model())
    days = {"day": model.kinds["date"]["day"]}
    kinds = {**model.kinds, "date": {**dict.fromkeys(model.kinds["date"], 0.0), **days}}
    world = make_world(1_000, seed=3)
    night = replace(world, at_s=world.day * DAY_S + 3_600)
    memory = Memory(night, replace(model, kinds=kinds))
    asked = [
        each
        for each in memory.requests("when", 200, seed=4)
        if each.meant != NEVER and night.day[each.meant] > 1 and each.clues[-1][1].kind == PAST_24
    ]
    oracle, filters = Oracle(memory), Filters(memory)

    assert len(asked) > 20
    for request in asked:
        slots = dict(request.clues[0][1].slots)
        own = first_day(night.days) + timedelta(days=int(night.day[request.meant]))
        before = own - timedelta(days=1)
        assert (slots["month"], slots["day"]) == (before.month, before.day)
        likely = np.flatnonzero(oracle.posterior(request).calls > 1e-6)
        assert set(night.day[likely]) == {night.day[request.meant]}
        assert set(night.day[filters.find(request).calls]) <= {night.day[request.meant]}
