"""What is kept of a reach for who asks next: as long as it is the same, and no longer."""

from pathlib import Path
from weakref import ref

import numpy as np
import pytest

from api.locate.reached_months import ReachedMonths, names_within
from archive.access.reach import WHOLE_TENANT
from archive.agent_table import ALWAYS_US, FOREVER_US, AgentPeriod
from archive.locate.columns.month_file import MonthFile
from archive.locate.columns.source import month_begin_us
from archive.locate.ranking.people import People
from archive.locate.request.known_names import KnownNames
from tests.archive.locate.columns.examples import MONTHS, Row, built
from tests.support.archive.seated import seated


@pytest.fixture
def files(tmp_path: Path) -> tuple[MonthFile, ...]:
    """A call in each of three months, the newest first."""
    rows = [
        Row(n, month_begin_us(month), conversation=n, agent='{"p":7}')
        for n, month in enumerate(MONTHS, 1)
    ]
    return built(tmp_path / "columns", rows).files


def _people(name: str) -> People:
    seat = AgentPeriod(
        agent_id="A7",
        name=name,
        kana="",
        romaji="",
        aliases=(),
        extension="2601",
        valid_from_us=ALWAYS_US,
        valid_to_us=FOREVER_US,
    )
    return seated({7: seat})


def test_a_month_that_came_is_within_reach(files: tuple[MonthFile, ...]) -> None:
    """The first call of a month makes a file of its own and changes no other."""
    kept = ReachedMonths()
    before = kept.of(files[1:], WHOLE_TENANT, None)

    assert kept.of(files[1:], WHOLE_TENANT, None) is before
    assert [each.month for each in kept.of(files, WHOLE_TENANT, None)] == list(MONTHS[::-1])


def test_rows_that_are_no_longer_within_reach_are_not(files: tuple[MonthFile, ...]) -> None:
    """A limit of use came into force: no file has changed by that."""
    kept = ReachedMonths()
    kept.of(files, WHOLE_TENANT, None)

    (_, _, oldest) = kept.of(files, WHOLE_TENANT, np.array([False, False, True, True, False]))
    assert not oldest.is_within(np.array([0])).any()


def test_what_was_replaced_is_not_held(files: tuple[MonthFile, ...]) -> None:
    """Its file can be wiped."""
    kept = ReachedMonths()
    newest = ref(kept.of(files, WHOLE_TENANT, None)[0])
    kept.retain(files[1:])

    assert newest() is None
    assert kept.held == {id(each.rows) for each in files[1:]}


def test_names_are_those_of_the_table_and_the_tags_of_now(files: tuple[MonthFile, ...]) -> None:
    """They are kept, for they are thousands."""
    months = ReachedMonths().of(files, WHOLE_TENANT, None)
    tanaka, takahashi = _people("田中 真由"), _people("高橋 恵")

    def known(people: People, *tags: str) -> KnownNames:
        return names_within(months, people, tags)

    first = known(tanaka)
    assert known(tanaka) is first
    assert known(tanaka, "urgent") != first
    assert known(takahashi, "urgent") != known(tanaka, "urgent")
