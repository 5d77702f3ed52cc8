"""Who may see a part of the calls has the rows of a catalog of that part."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from archive.access.reach import EVERYWHERE, Reach, ReachFacts, ReachRule, Within, reaches
from archive.catalog.locating import whole_call
from archive.catalog.locating.column_rows import RowMaking
from archive.catalog.locating.recording_facts import Address, Own, RecordingFacts, Stay
from archive.locate.columns.flags import CALLED_BACK, TRANSFERRED
from archive.locate.columns.rows import decode_rows, encode_rows
from archive.locate.columns.source import Source
from archive.locate.ranking.group_reach import others_reached, reached_groups
from tests.archive.catalog.examples import MINUTE_US, STARTED_US
from tests.archive.locate.columns.examples import OCTOBER
from tests.support.catalog.locating import Told, told

HOUR_US: Final = 60 * MINUTE_US
# A week of calls lies in one month, and so in one file.
MIDDLE_US: Final = STARTED_US - 14 * 24 * HOUR_US
QUEUES: Final = ("", "support", "sales", "billing")
PURPOSES: Final = ("", "quality", "training")
NUMBERS: Final = ("8877432", "9988432")

Facts = Mapping[int, RecordingFacts]


def recording(row: int, told: tuple[Any, ...]) -> RecordingFacts:
    """A call of an agent and perhaps a customer, by what was drawn of it."""
    conversation, hours, minutes, direction, queue, purpose, agent, numbers = told
    at_us, length_ms = MIDDLE_US + hours * HOUR_US, minutes * 60_000
    marks = [("queue", queue), ("purpose", purpose)]
    return RecordingFacts(
        own=Own(row, conversation, at_us, length_ms, 0, direction),
        stays=[
            Stay(row, 1, "agent", "internal_domain", agent, agent, None),
            Stay(row, 2, "customer", "internal_domain", "", "", None),
        ],
        addresses=[Address(row, 2, each, each, 1) for each in numbers],
        marks=[(kind, value) for kind, value in marks if value],
    )


calls = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.integers(0, 150),
        st.integers(0, 90),
        st.sampled_from(("inbound", "outbound", "unknown")),
        st.sampled_from(QUEUES),
        st.sampled_from(("",)),
        st.sampled_from(("tanaka", "sato", "ono")),
        st.sets(st.sampled_from(NUMBERS)).map(sorted),
    ),
    max_size=9,
).map(lambda drawn: {row: recording(row, each) for row, each in enumerate(drawn, 1)})
# Of one queue, several, all, none.
parts = st.sets(st.sampled_from(QUEUES[1:])).map(
    lambda queues: (ReachRule(queues=frozenset(queues)),) if queues else ()
)


def seen(facts: Facts, allowed: Within) -> Facts:
    """Those whose marks say that they may be seen."""
    found = {}
    for row, one in facts.items():
        queues = [value for kind, value in one.marks if kind == "queue"]
        purposes = [value for kind, value in one.marks if kind == "purpose"]
        fits = not purposes or not allowed.purpose or allowed.purpose in purposes
        if fits and reaches(allowed.reach, ReachFacts(queues=queues)):
            found[row] = one
    return found


def source_of(facts: Facts) -> Source:
    """As the catalog hands it in."""
    making = RowMaking({})
    making.add(facts, facts)
    return making.source()


def rows_for(facts: Facts, allowed: Within) -> list[Told]:
    """The rows within a reach as a ranking scores them, written to a file twice."""
    once = encode_rows(source_of(facts), OCTOBER)
    kept = encode_rows(decode_rows(once, OCTOBER), OCTOBER)
    groups = kept.dictionaries["groups"]
    inside = reached_groups(groups, allowed)[kept.columns["group"]]
    rows = decode_rows(kept.told_to(others_reached(groups, allowed)), OCTOBER)
    return told(Source(rows.rows[inside], rows.agents, rows.groups))


@settings(max_examples=400)
@given(calls, parts)
def test_his_rows_are_those_of_a_catalog_that_has_nothing_else(facts: Facts, reach: Reach) -> None:
    """Whatever was transferred, called back and talked on beyond it, to the last bit."""
    half = seen(facts, Within(reach=reach))

    assert rows_for(facts, Within(reach=reach)) == rows_for(half, Within(reach=EVERYWHERE))


def call(row: int, queue: str, purpose: str = "", **more: Any) -> RecordingFacts:
    """One after the other, of one conversation, each of another agent."""
    drawn = {"conversation": 1, "direction": "inbound", "numbers": [], **more}
    return recording(
        row,
        (drawn["conversation"], row, 10, drawn["direction"], queue, purpose, f"a{row}",
         drawn["numbers"]),
    )  # fmt: skip


def of(calls: Iterable[RecordingFacts]) -> Facts:
    return {one.own.row: one for one in calls}


def test_of_another_purpose_nothing_is_told() -> None:
    """Nor does a call that was transferred to one say so."""
    facts = of([call(1, "support"), call(2, "support", "training")])
    for purpose in PURPOSES:
        allowed = Within(reach=EVERYWHERE, purpose=purpose)
        everything = replace(allowed, reach=EVERYWHERE, purpose="")
        assert rows_for(facts, allowed) == rows_for(seen(facts, allowed), everything)


def test_over_many_groups_who_sees_some_is_told_what_his_own_has() -> None:
    """Who sees all is told all: as many rows as there are choices would be too many."""
    queues = [f"q{n}" for n in range(6)]
    facts = of(call(row, queue) for row, queue in enumerate(queues, 1))
    some = Within(reach=(ReachRule(queues=frozenset(queues[:3])),))

    assert all(row["flags"] & TRANSFERRED for row in rows_for(facts, Within(reach=EVERYWHERE)))
    assert not any(row["flags"] & TRANSFERRED for row in rows_for(facts, some))
    assert {row["duration_ms"] for row in rows_for(facts, some)} == {
        row["duration_ms"] for row in rows_for(of([facts[1]]), some)
    }


@pytest.mark.parametrize("reach", [EVERYWHERE, (ReachRule(queues=frozenset({"support", "q1"})),)])
def test_that_many_groups_called_back_is_told_to_who_sees_all(
    monkeypatch: pytest.MonkeyPatch, reach: Reach
) -> None:
    monkeypatch.setattr(whole_call, "MOST_CALLING", 2)
    back = [
        call(row, f"q{row}", direction="outbound", numbers=[NUMBERS[0]], conversation=row)
        for row in range(2, 6)
    ]
    facts = of([call(1, "support", numbers=[NUMBERS[0]]), *back])
    (first, *_) = rows_for(facts, Within(reach=reach))

    assert bool(first["flags"] & CALLED_BACK) == (reach == EVERYWHERE)


def test_what_a_range_of_numbers_reaches_of_other_groups_tells_nothing() -> None:
    """Which of their recordings it reaches, no group says."""
    facts = of([call(1, "support"), call(2, "sales")])
    ranged = Within(reach=(ReachRule(numbers=frozenset({"+8131*"})),))
    rows = rows_for(facts, ranged)

    assert len(rows) == 2
    assert not any(row["flags"] & TRANSFERRED for row in rows)


def test_a_row_that_two_numbers_have_is_told_once() -> None:
    """A recording of two agents or numbers has several rows and one entry for each choice."""
    facts = of(
        [
            call(1, "support", numbers=list(NUMBERS)),
            call(2, "sales", direction="outbound", numbers=list(NUMBERS), conversation=2),
        ]
    )
    source = source_of(facts)

    assert len(source.rows) == 4
    assert len(np.unique(source.parted)) == len(source.parted) == 4
