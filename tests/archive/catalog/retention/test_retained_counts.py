"""Recordings counted together by kind, by sets of numbers, and by when they ended."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, event

from archive.catalog.retention.retained_counts import (
    NEVER_US,
    UNKNOWN_KIND,
    CountGroup,
    Grouping,
    counted,
    one_by_one,
)
from tests.archive.catalog.examples import MINUTE_US
from tests.support.catalog.marked_rows import NOBODYS
from tests.support.catalog.numbers_held import MOBILES, TOKYO_NUMBERS
from tests.support.catalog.retained_counts import KIND, grouping
from tests.support.catalog.retained_groups import LATER_US, SIZE, connection as connection


def told(groups: Iterable[CountGroup]) -> Counter[tuple[int, int, bool]]:
    """How many recordings are of which kind and sets, early or late; each as large."""
    found: Counter[tuple[int, int, bool]] = Counter()
    for each in groups:
        assert each.size_bytes == each.recordings * SIZE
        found[each.kind, each.sets, each.ended_us >= LATER_US] += each.recordings
    return found


def test_pieces_of_those_with_numbers_end_where_one_of_either_does() -> None:
    """They are taken from what all of the kind come to, and added to what these come to."""
    own = Grouping(
        tenant=1,
        kinds={4: KIND},
        begins=lambda kind, sets: {(KIND, 0): [0, 10], (KIND, 1): [0, 5]}.get((kind, sets), [0]),
    )

    assert list(own.pieces(1)) == [
        (UNKNOWN_KIND, 0, NEVER_US), (KIND, 0, 5), (KIND, 5, 10), (KIND, 10, NEVER_US),
    ]  # fmt: skip
    assert (own.cuts([0]), own.cuts([0, 1])) == ([0, 10], [0, 5, 10])


@pytest.mark.parametrize("more", [0, 8])
def test_all_are_counted_by_kind_piece_and_the_sets_of_their_numbers(
    connection: Connection,
    more: int,
) -> None:
    """Each once, however many of its numbers lie in one; what has no class is of no known kind.

    Also with more sets than one byte has bits.
    """
    sets = [TOKYO_NUMBERS, *[NOBODYS] * more, MOBILES]
    found = told(counted(connection, replace(grouping(connection), sets=sets)))
    tokyo, mobile = 1, 2 << more

    assert {key[:2]: count for key, count in found.items() if not key[2] and count} == {
        (UNKNOWN_KIND, tokyo + mobile): 1, (KIND, tokyo): 1, (KIND, mobile): 1,
        (KIND, tokyo + mobile): 3,
    }  # fmt: skip
    assert found[KIND, tokyo + mobile, True] == 1
    assert found.total() == 7


def test_where_nobody_asks_for_numbers_none_is_looked_at(
    connection: Connection,
) -> None:
    """All are in groups without sets."""
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: asked.append(str(args[2])))
    found = told(counted(connection, replace(grouping(connection), sets=())))

    assert (found[KIND, 0, False], found[KIND, 0, True]) == (5, 1)
    assert found[UNKNOWN_KIND, 0, False] + found[UNKNOWN_KIND, 0, True] == 1
    assert not [each for each in asked if "leg_address" in each]


def test_each_can_be_had_by_itself(connection: Connection) -> None:
    """As it would be counted; rows that are not there are left out."""
    found = list(one_by_one(connection, grouping(connection), [2, 4, 5, 8, 4711]))
    late = [each for each in found if each.ended_us >= LATER_US]

    assert sorted((each.kind, each.sets) for each in found) == [
        (UNKNOWN_KIND, 0b11), (KIND, 0b10), (KIND, 0b11),
    ]  # fmt: skip
    assert late == [
        CountGroup(
            kind=KIND,
            sets=0b11,
            ended_us=LATER_US + 9 * MINUTE_US,
            recordings=1,
            size_bytes=SIZE,
        )
    ]
