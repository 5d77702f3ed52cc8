"""What a legal hold is about, as the register keeps it for years."""

from typing import get_args

import pytest

from archive.access.query import (
    AgentClue,
    AnyAgentClue,
    Clue,
    CustomerClue,
    DirectionClue,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
)
from archive.access.reach import EVERYWHERE, ReachRule
from archive.lifecycle.hold_scope import ByList, ByQuery, decode_scope, encode_scope
from tests.support.catalog.search import DAY

CLUES: list[Clue] = [
    AgentClue("田中"),
    AnyAgentClue((AgentClue("a17"), AgentClue("a18"))),
    CustomerClue("鈴木 一郎"),
    PhoneClue.parse("03-1234-7788", "JP"),
    DirectionClue("inbound"),
    DurationClue(min_ms=1_000, max_ms=2_000),
    IdClue("call-id@example"),
    MarkClue("queue", "Support"),
]


def test_every_clue_is_kept() -> None:
    """One that is added is red here until a hold can be placed by it."""
    assert {type(each) for each in CLUES} == set(get_args(Clue))


@pytest.mark.parametrize("reach", [EVERYWHERE, (ReachRule(teams=frozenset({"loans"})),), ()])
def test_a_search_is_asked_again_as_it_was(reach: tuple[ReachRule, ...]) -> None:
    """The keeper asks it of calls to come, years later and after an upgrade."""
    scope = decode_scope(encode_scope(ByQuery(SearchQuery(window=DAY, clues=tuple(CLUES)), reach)))

    assert isinstance(scope, ByQuery)
    assert scope.reach == reach
    assert scope.query.clues == tuple(CLUES)
    window = scope.query.window
    assert (window.start_us, window.end_us) == (DAY.start_us, DAY.end_us)


def test_of_a_list_is_kept_how_long_it_was() -> None:
    """What was on it stands beside the hold, one by one."""
    assert decode_scope(encode_scope(ByList(43))) == ByList(43)


def test_a_kind_of_clue_that_is_not_known_is_refused() -> None:
    """A later version may have written it: half of a search would hold something else."""
    with pytest.raises(KeyError, match="mood"):
        decode_scope('{"from_us": 0, "until_us": 1, "clues": [["mood", {}]], "reach": []}')
