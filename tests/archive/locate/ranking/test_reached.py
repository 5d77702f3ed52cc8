"""What is counted of the rows within a reach before clues are weighed."""

from dataclasses import replace

import numpy as np

from archive.agent_table import ALWAYS_US, FOREVER_US, AgentPeriod
from archive.locate.ranking.people import SpokenWith
from archive.locate.ranking.reached_agents import agents_within, pairs_within
from tests.support.archive.ranked_calls import Call, months_of
from tests.support.archive.seated import seated


def _seat(name: str, extension: str, team: str = "Sales") -> AgentPeriod:
    return AgentPeriod(
        agent_id=f"id of {name}",
        name=name,
        kana="",
        romaji="",
        aliases=(),
        extension=extension,
        valid_from_us=ALWAYS_US,
        valid_to_us=FOREVER_US,
        team=team,
    )


# The same agent at two desks, and somebody whom no call of these has.
PEOPLE = seated({7: _seat("田中", "2601"), 8: _seat("田中", "2602"), 9: _seat("高橋", "2603")})
CALLS = [
    Call(row=1, agent={"p": 7}, queue="billing"),
    Call(row=2, agent={"p": 8}, queue="billing"),
    Call(row=3, agent={"n": "中田"}, queue="sales"),
    Call(row=4, agent={"p": 77, "i": "A17"}, queue="sales"),
    Call(row=5, queue="sales"),
]


def test_who_sat_at_two_desks_is_one_where_no_desk_is_told() -> None:
    """A table has a line for each day; names are few."""
    told = agents_within(months_of(CALLS), PEOPLE, frozenset({"names"}))

    counted = dict(zip(told.values, told.counts.tolist(), strict=True))
    assert counted == {
        SpokenWith(names=("田中",)): 2,
        SpokenWith(names=("中田",)): 1,
        SpokenWith(): 1,
    }


def test_who_had_another_name_in_a_table_of_before_is_known_by_either() -> None:
    """As of then and as known now; what she was called at another time is neither."""
    now, before, once = (
        replace(_seat(name, "2601"), agent_id="A18") for name in ("高橋 恵", "中田 恵", "鈴木 恵")
    )
    people = seated(
        {
            1: before,
            2: replace(now, valid_from_us=10),
            3: replace(once, valid_to_us=10),
        }
    )

    found = [people.seated(row) for row in (2, 3)]
    assert [each and each.names for each in found] == [
        ("高橋 恵", "中田 恵"),
        ("鈴木 恵", "中田 恵"),
    ]
    assert people.names_of["A18"] == ("中田 恵", "高橋 恵", "鈴木 恵")


def test_who_sat_at_two_desks_is_two_where_a_desk_is_told() -> None:
    told = agents_within(months_of(CALLS), PEOPLE, frozenset({"extension"}))

    counted = dict(zip(told.values, told.counts.tolist(), strict=True))
    assert counted == {
        SpokenWith(extension="2601"): 1,
        SpokenWith(extension="2602"): 1,
        SpokenWith(): 2,
    }


def test_each_code_of_a_month_points_to_its_agent() -> None:
    (month,) = months_of(CALLS)
    told = agents_within([month], PEOPLE, frozenset({"names", "agent_id"}))

    (places,) = told.places
    names = [told.values[at].names if at >= 0 else None for at in places.tolist()]
    own = [names[code] for code in month.rows.columns["agent"].tolist()]
    assert own == [("田中",), ("田中",), ("中田",), (), None]


def test_agents_out_of_reach_are_not_known() -> None:
    """Neither are their names, nor how many calls they have."""
    months = months_of(CALLS, lambda told: told["q"] == ["sales"])

    told = agents_within(months, PEOPLE, frozenset({"names"}))

    assert SpokenWith(names=("田中",)) not in told.values


def test_pairs_are_counted_by_agent_and_group() -> None:
    """Whatever desk somebody sat at."""
    (month,) = months_of(CALLS)
    parts = frozenset({"names"})
    places = agents_within([month], PEOPLE, parts).places[0]
    billing = [
        code for code, text in enumerate(month.rows.dictionaries["groups"]) if "bill" in text
    ]

    agents, groups, counts = pairs_within(month, PEOPLE, parts)

    own = np.flatnonzero(groups == billing[0])
    assert counts[own].tolist() == [2]
    assert places[agents[own[0]]] == places[month.rows.columns["agent"][0]]
    assert counts.sum() == len(CALLS)


def test_the_newest_within_reach_come_first() -> None:
    (month,) = months_of(CALLS, lambda told: told["q"] == ["sales"])

    assert month.newest(2).tolist() == [5, 4]
    assert month.has(np.array([1, 3, 5, 70])).tolist() == [False, True, True, False]
