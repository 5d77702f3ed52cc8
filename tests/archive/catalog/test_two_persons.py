"""Nothing that takes two persons is done by one, whoever makes, resets and confirms whom, and when.

Beside a book that is read without the code; and each rule left out is found by that.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest

import archive.access.lineage as rules
import archive.catalog.accounts.confirmations as kept_confirmations
from archive.access.approvals import Persons
from archive.access.lineage import Bar, Lineage
from tests.archive.catalog.examples import new_catalog
from tests.archive.catalog.persons import HOUR_US, House

# Accounts are told by the numbers of a file that is rolled back; a server gives them on.
pytestmark = pytest.mark.sqlite
SHARE: Final = 100
THOROUGH: Final = 10_000
ACTS_OF_ONE: Final = 30


def differences(folder: Path, seeds: range) -> Iterator[tuple[int, list[str], list[bool]]]:
    """Of each sequence where register and book differ, and what was carried out."""
    engine = new_catalog(folder)
    for seed in seeds:
        with engine.connect() as connection:
            house = House(connection, Random(seed))  # noqa: S311  # no secret
            yield seed, [*house.live(ACTS_OF_ONE)], house.carried
            connection.rollback()
    engine.dispose()


def try_all(folder: Path, seeds: range) -> None:
    done = 0
    for seed, found, carried in differences(folder, seeds):
        assert not found, f"sequence {seed}: {found[0]}"
        done += sum(carried)
    # A rule that refuses everybody would pass else.
    assert done > len(seeds) / 20


def test_no_two_person_act_is_done_by_accounts_of_one_maker(tmp_path: Path) -> None:
    """Nor is one refused to two whom nobody could have been."""
    try_all(tmp_path, range(SHARE))


@pytest.mark.slow
@pytest.mark.parametrize("begin", range(0, THOROUGH, THOROUGH // 20))
def test_nor_in_ten_thousand_sequences(tmp_path: Path, begin: int) -> None:
    """The same, for longer; in pieces, none of which outlasts the time of a test."""
    try_all(tmp_path, range(begin, begin + THOROUGH // 20))


def no_common_maker(self: Lineage, one: int, other: int, now_us: int) -> Iterator[Bar]:
    del self, one, other, now_us
    yield from ()


def no_reset(self: Lineage, user: int, now_us: int) -> Iterator[Bar]:
    del self, user, now_us
    yield from ()


def creature_vouches(self: Lineage, by: int, user: int, maker: int) -> bool:
    del self
    return by not in (user, maker)


def first_hand_alone(self: Lineage, user: int, now_us: int) -> dict[int, int]:
    return {
        each.by: each.at_us
        for each in self.hands
        if each.of == user and each.lets_in and each.by and now_us < each.at_us + rules.ONE_MAKER_US
    }


def confirmed_for_ever(*_: object) -> None:
    """Another way in ends nothing."""


def not_asked_again(self: Persons, one: int, other: int, now_us: int) -> bool:
    """What was approved is not looked at when it is carried out."""
    del now_us
    return {one, other} <= self.standing and one != other


BREAKS: Final[dict[str, Callable[[pytest.MonkeyPatch], None]]] = {
    "common maker": lambda p: p.setattr(Lineage, "_common_makers", no_common_maker),
    "reset": lambda p: p.setattr(Lineage, "_resets", no_reset),
    "creature": lambda p: p.setattr(Lineage, "_may_vouch", creature_vouches),
    "over others": lambda p: p.setattr(Lineage, "_let_in_by", first_hand_alone),
    "next way in": lambda p: p.setattr(kept_confirmations, "end_confirmations", confirmed_for_ever),
    "a day early": lambda p: p.setattr(rules, "ONE_MAKER_US", rules.ONE_MAKER_US - 24 * HOUR_US),
    "two days": lambda p: p.setattr(rules, "RESET_US", 48 * HOUR_US),
    "not asked again": lambda p: p.setattr(Persons, "are_two", not_asked_again),
}


# What is broken by a day or two is met after minutes.
_RARE: Final = frozenset({"a day early", "two days"})


@pytest.mark.parametrize(
    "broken",
    [pytest.param(each, marks=pytest.mark.slow if each in _RARE else ()) for each in BREAKS],
)
def test_each_rule_left_out_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """Else the book would only repeat the code."""
    BREAKS[broken](monkeypatch)

    assert any(found for _, found, _ in differences(tmp_path, range(THOROUGH)))
