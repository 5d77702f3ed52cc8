from collections import Counter
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from eval.memory.agents import romaji_of
from eval.memory.clue import Clue
from eval.memory.dates import month_off
from eval.memory.model import faultless, read_model, varied
from eval.memory.numbers import SpokenNumbers
from eval.memory.sorts import sorts_of
from eval.requests.drawn import NEVER, Memory
from eval.world.world import Fate, World, make_world

DRAWN = 20_000


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(1_000, seed=5)


def frequencies(tell: Callable[[int, np.random.Generator], Clue], call: int) -> Counter[Clue]:
    dice = np.random.default_rng(call)
    return Counter(tell(call, dice) for _ in range(DRAWN))


@pytest.mark.parametrize(
    "name",
    [
        "date",
        "clock",
        "agent",
        "length",
        "direction",
        "queue",
        "dialled",
        "event",
        "customer",
        "gist",
    ],
)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_clue_is_as_likely_as_it_is_often_drawn(world: World, name: str, language: str) -> None:
    """The oracle is exact only if it knows how requests come about."""
    sort = sorts_of(read_model(), world, language)[name]
    known = np.flatnonzero(sort.known)
    transferred = np.flatnonzero(sort.known & (world.persona2 >= 0))
    for call in (int(known[0]), int(known[-1]), int(transferred[0])):
        for told, times in frequencies(sort.tell, call).most_common(25):
            likely = sort.likelihood(told)[call]
            assert times / DRAWN == pytest.approx(likely, abs=5 * np.sqrt(likely / DRAWN))


@pytest.mark.parametrize("withheld", [False, True])
def test_so_is_what_is_said_of_a_number(world: World, withheld: bool) -> None:
    """With a digit wrong or two swapped, of another telephone, or of one that was withheld."""
    sort = sorts_of(read_model(), world, "ja")["number"]
    recorded = world.fate == Fate.RECORDED
    call = int(np.flatnonzero(recorded & ((world.number == 0) == withheld))[0])
    for told, times in frequencies(sort.tell, call).most_common(12):
        likely = sort.likelihood(told)[call]
        assert times / DRAWN == pytest.approx(likely, abs=5 * np.sqrt(likely / DRAWN))


def test_of_a_destroyed_call_the_hour_is_known_and_not_the_half_of_it(world: World) -> None:
    """Both halves of it are as likely."""
    sort = sorts_of(read_model(), world, "ja")["clock"]
    gone = int(np.flatnonzero(world.fate == Fate.DESTROYED)[0])
    dice = np.random.default_rng(1)
    told = sort.tell(gone, dice)
    same_hour = (world.fate == Fate.RECORDED) & (world.slot // 2 == world.slot[gone] // 2)
    halves = {float(each) for each in sort.likelihood(told)[same_hour]}

    assert sort.likelihood(told)[gone] == pytest.approx(np.mean(list(halves)))


@pytest.mark.parametrize("last", ["7788", "788", "88"])
def test_all_that_last_digits_can_come_from_is_counted_once(last: str) -> None:
    """Over all numbers the likelihood of an ending is that of one among as many."""
    model = read_model()
    every = 819_012_300_000 + np.arange(100_000)
    spoken = SpokenNumbers(model, every)
    told = Clue("number.last", (("last", last),))

    assert spoken.likelihood(told).mean() == pytest.approx(spoken.unseen(told), rel=1e-9)


def test_a_second_model_has_each_rate_halved_to_doubled_and_two_more_errors() -> None:
    """By seed."""
    first, second = read_model(), varied(read_model(), 3)
    for sort, rates in first.errors.items():
        for name, rate in rates.items():
            if sort != "call_before":
                assert 0.49 * rate <= second.errors[sort][name] <= 2.01 * rate
    assert all(second.errors["call_before"].values())
    assert second == varied(read_model(), 3) != varied(read_model(), 4)


def test_who_errs_nowhere_says_nothing_wrong(world: World) -> None:
    """What exact filters take a clue for."""
    sorts = sorts_of(faultless(read_model()), world, "ja")
    dice = np.random.default_rng(1)
    for name, sort in sorts.items():
        call = int(np.flatnonzero(sort.known)[5])
        assert sort.likelihood(sort.tell(call, dice))[call] > 0, name


def test_the_same_seed_gives_the_same_requests_half_japanese_half_english(world: World) -> None:
    """And none says what it means."""
    memory = Memory(world, read_model())
    some = list(memory.requests("when, agent", 200, seed=4))

    assert some == list(memory.requests("when, agent", 200, seed=4))
    assert Counter(each.language for each in some) == {"ja": 100, "en": 100}
    assert any(each.meant == NEVER for each in some)
    assert all("meant" not in each.as_json() for each in some)


def test_bursts_are_of_bursts(world: World) -> None:
    """Calls that have others of the same matter."""
    meant = [each.meant for each in Memory(world, read_model()).requests("bursts", 200, seed=1)]

    assert world.in_burst[[call for call in meant if call != NEVER]].all()


@pytest.mark.parametrize(
    ("reading", "letters"),
    [("さいとう", "Saito"), ("おおの", "Ono"), ("はっとり", "Hattori"), ("しょうじ", "Shoji"),
     ("ほんま", "Honma"), ("きゃく", "Kyaku"), ("じょう", "Jo")],
)  # fmt: skip
def test_names_are_written_as_in_a_passport(reading: str, letters: str) -> None:
    """Long vowels are not."""
    assert romaji_of(reading) == letters


@pytest.mark.parametrize(
    ("day", "by", "other"),
    [("2026-03-31", -1, "2026-02-28"), ("2026-01-05", -1, "2025-12-05"),
     ("2025-12-31", 1, "2026-01-31"), ("2026-10-31", 1, "2026-11-30")],
)  # fmt: skip
def test_a_month_off_is_the_same_day_or_the_last(day: str, by: int, other: str) -> None:
    """31 March is 28 February."""
    assert month_off(date.fromisoformat(day), by) == date.fromisoformat(other)
