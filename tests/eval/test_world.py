import numpy as np
import pytest

from eval.world.agents import agents_of
from eval.world.calendar import HOLIDAYS, first_day
from eval.world.parties import WITHHELD
from eval.world.surnames import misheard, surnames
from eval.world.world import Fate, World, make_world


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(60_000, seed=7)


def test_the_same_size_and_seed_give_the_same_world() -> None:
    """Figures of two days can be compared."""
    assert make_world(1_000, seed=3).digest() == make_world(1_000, seed=3).digest()
    assert make_world(1_000, seed=3).digest() != make_world(1_000, seed=4).digest()


@pytest.mark.parametrize("calls", [1_000, 20_000])
def test_a_world_is_as_large_as_was_asked(calls: int) -> None:
    """But for what would begin behind its last day."""
    assert 0.95 * calls <= len(make_world(calls, seed=1)) <= 1.01 * calls


def test_conversations_come_in_order_of_time_and_within_the_days(world: World) -> None:
    """Rows of columns lie so."""
    assert (np.diff(world.at_s) >= 0).all()
    assert 0 <= world.day.min() <= world.day.max() < world.days


def test_it_is_busier_before_lunch_than_in_the_evening_and_on_monday_than_on_sunday(
    world: World,
) -> None:
    """An hour or a weekday that is rare tells more than one that is not."""
    hours = np.bincount(world.slot // 2, minlength=24)
    weekday = (first_day(world.days).weekday() + world.day) % 7
    days = np.bincount(weekday, minlength=7)

    assert hours[10] > 2 * hours[19] > 0
    assert days[0] > 3 * days[6] > 0


def test_hardly_anybody_calls_on_a_holiday(world: World) -> None:
    """Though it be a Monday."""
    begin = first_day(world.days).toordinal()
    closed = [day.toordinal() - begin for day in HOLIDAYS if day.toordinal() >= begin]
    a_day = np.bincount(world.day, minlength=world.days)

    assert closed
    assert a_day[closed].mean() < a_day.mean() / 2


def test_agents_change_desks_day_by_day_and_no_two_sit_at_one(world: World) -> None:
    """An extension tells who it was only together with the day."""
    places = world.agents.extension
    for day in range(world.days):
        taken = places[:, day][places[:, day] >= 0]
        assert len(taken) == len(set(taken.tolist())) > 0
    several = [len(set(row[row >= 0].tolist())) > 1 for row in places]
    assert 0.5 < np.mean(several) < 1


def test_a_call_has_an_agent_who_was_there_that_day_and_the_extension_of_then(
    world: World,
) -> None:
    """Free seating is of the day, the name of the persona of the day."""
    agent = world.agents.agent_of[world.persona]

    assert (world.agents.extension[agent, world.day] == world.extension).all()
    assert (world.agents.persona[agent, world.day] == world.persona).all()


def test_some_change_their_name_and_some_take_over_the_desk_of_another() -> None:
    """In a year: as of then and as of now differ."""
    agents = make_world(300_000, seed=2).agents
    changed = [agent for agent in range(agents.count) if len(set(agents.persona[agent])) > 1]
    holders: dict[int, set[int]] = {}
    for agent in range(agents.count):
        for extension in set(agents.extension[agent].tolist()) - {-1}:
            holders.setdefault(extension, set()).add(agent)

    assert changed
    assert any(len(each) == 2 for each in holders.values())


def test_numbers_are_withheld_with_a_reason_in_six_of_a_hundred(world: World) -> None:
    """And the reason stands exactly there."""
    assert ((world.number == 0) == (world.withheld > 0)).all()
    assert np.mean(world.number == 0) == pytest.approx(0.06, abs=0.01)
    assert world.withheld.max() < len(WITHHELD)


def test_a_customer_calls_with_another_telephone_in_fifteen_of_a_hundred(world: World) -> None:
    """So a number that is told is that of the call in most only."""
    shown = world.number > 0
    customers, numbers = world.customer[shown], world.number[shown]
    pairs, times = np.unique(np.stack([customers, numbers]), axis=1, return_counts=True)
    calls = np.bincount(pairs[0], weights=times)
    main = np.zeros(len(calls))
    np.maximum.at(main, pairs[0], times)
    many = calls >= 10

    assert many.any()
    assert 1 - main[many].sum() / calls[many].sum() == pytest.approx(0.15, abs=0.03)


def test_half_the_calls_have_others_of_the_same_matter_within_days(world: World) -> None:
    """By chance, or because they asked, with the same agent."""
    assert world.in_burst.mean() == pytest.approx(0.5, abs=0.05)
    order = np.lexsort((world.at_s, world.matter))
    same = np.diff(world.matter[order]) == 0
    apart = np.diff(world.at_s[order])[same]
    agent = world.agents.agent_of[world.persona][order]

    assert np.median(apart) < 86_400
    assert 0.1 < np.mean(np.diff(agent)[same] == 0) < 0.5


def test_what_is_not_there_is_there_as_ledger_row_or_tombstone(world: World) -> None:
    """Of the newer half nothing is destroyed yet."""
    shares = np.bincount(world.fate, minlength=len(Fate)) / len(world)

    assert shares[Fate.NOT_RECORDED] == pytest.approx(0.015, abs=0.004)
    assert shares[Fate.DESTROYED] == pytest.approx(0.025, abs=0.006)
    assert world.day[world.fate == Fate.DESTROYED].max() <= world.days // 2
    assert ((world.reason >= 0) == (world.fate == Fate.NOT_RECORDED)).all()


def test_agents_have_the_names_that_are_common() -> None:
    """As many people of the country have one, by the counts of the data set."""
    agents = agents_of(2_500_000, 365, np.random.default_rng(1))
    names = surnames()
    hundred = names.people[:100].sum() / names.people.sum()

    assert np.mean(agents.surname_of < 100) == pytest.approx(hundred, abs=0.08)


@pytest.mark.parametrize(
    ("reading", "heard"),
    [("たなか", "なかた"), ("さとう", "かとう"), ("なかた", "なかだ"), ("おおの", "おの")],
)
def test_a_name_is_misheard_as_what_sounds_like_it(reading: str, heard: str) -> None:
    """And the shares of all that it is misheard as are 1 together."""
    shares = misheard(reading)

    assert sum(shares.values()) == pytest.approx(1)
    assert shares[heard] > 0.02
