"""Times within which it makes no difference when a call ended."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from retention.decisions.uniform_stretches import Stretch, blocks, pieces, stretches, zones_of
from retention.policies.policy import Calendars
from tests.retention.examples import policy, rule

FIRST = datetime(2026, 3, 27, 9, tzinfo=UTC)
LAST = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "names",
    [("Asia/Tokyo",), ("Europe/Berlin", "Asia/Tokyo"), ("America/Sao_Paulo",), ("Africa/Cairo",)],
)
@pytest.mark.parametrize("first", [FIRST, datetime(2026, 10, 23, tzinfo=UTC)])
def test_within_one_it_is_the_same_day_everywhere(names: tuple[str, ...], first: datetime) -> None:
    """Also when the clocks go on or back, at midnight too."""
    zones = [ZoneInfo(each) for each in names]
    last = first + timedelta(days=10)
    found = list(stretches(zones, [], first, last))

    assert found[0].begin == first
    assert found[-1].end > last
    assert all(one.end == other.begin for one, other in pairwise(found))
    for each in found:
        at = each.begin
        while at < each.end:
            for zone in zones:
                assert at.astimezone(zone).date() == each.begin.astimezone(zone).date()
            at += timedelta(minutes=30)


def test_it_is_cut_where_a_revision_comes_into_force_and_nowhere_outside() -> None:
    """A call that ended before is another revision's."""
    inside, outside = FIRST + timedelta(hours=1), FIRST - timedelta(hours=1)
    cut = {each.begin for each in stretches([], [inside, outside], FIRST, LAST)}

    assert cut == {FIRST, inside}


def test_the_zones_are_those_of_all_controllers_of_all_policies() -> None:
    """Each counts its days in its own."""
    berlin = Calendars(
        zone=ZoneInfo("Europe/Berlin"), of_controllers={"acme": ZoneInfo("America/Lima")}
    )

    assert {zone.key for zone in zones_of([policy(), policy(rule("r"), calendars=berlin)])} == {
        "Asia/Tokyo", "Europe/Berlin", "America/Lima",
    }  # fmt: skip


def test_a_block_is_of_one_month_and_one_revision() -> None:
    """The last day of a month is by itself: what begins the day after is in the next one."""
    tokyo = frozenset({ZoneInfo("Asia/Tokyo")})
    since = datetime(2026, 4, 2, 3, tzinfo=UTC)
    own = tuple(stretches(tokyo, [since], FIRST, datetime(2026, 4, 3, tzinfo=UTC)))
    found = blocks(own, tokyo, [since])

    assert [[own[at].begin.astimezone(*tokyo).day for at in each] for each in found] == [
        [27, 28, 29, 30], [31], [1, 2], [2, 3, 4],
    ]  # fmt: skip


def test_where_days_begin_at_two_places_every_stretch_is_a_block() -> None:
    """There two rules' ends pass each other to and fro."""
    zones = frozenset({ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")})
    own = tuple(stretches(zones, [], FIRST, LAST))

    assert [len(each) for each in blocks(own, zones, [])] == [1] * len(own)


def test_pieces_are_as_long_as_they_are_told_alike_and_few_days_are_asked() -> None:
    """Between two ends that are alike nobody is asked."""
    own = [
        Stretch(FIRST + timedelta(days=day), FIRST + timedelta(days=day + 1)) for day in range(64)
    ]
    asked: list[datetime] = []

    def find(stretch: Stretch) -> int:
        asked.append(stretch.begin)
        return (stretch.begin - FIRST).days

    found = pieces(own, [range(32), range(32, 64)], find, lambda day: day < 20)

    assert [each.begin for each in found] == [own[0].begin, own[20].begin]
    assert len(asked) == len(set(asked)) < 12
