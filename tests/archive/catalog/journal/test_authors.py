"""Who changes the register."""

import pytest

from archive.access.reach import WHOLE, ReachRule
from archive.catalog.journal.authors import told_of
from tests.archive.catalog.examples import NOW_US, author


def test_the_entry_names_who_did_it_when_and_why() -> None:
    """As every entry does."""
    entry = author(user=3).entry("user_added", "sato", {})

    assert (entry.actor, entry.at_us, entry.reason) == ("yamada", NOW_US, "case:D-2026-0114")
    assert (author().user_or_none, author(user=3).user_or_none) == (None, 3)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (WHOLE, ["whole"]),
        (ReachRule(teams=frozenset({"b", "a"})), ["team a", "team b"]),
        (ReachRule(controllers=frozenset({"Acme"})), ["controller Acme"]),
        (ReachRule(numbers=frozenset({"+81312*"})), ["numbers …1312*"]),
        (ReachRule(numbers=frozenset({"0312340000-0312340099"})), ["numbers …0000-…0099"]),
    ],
)
def test_the_journal_keeps_four_digits_of_a_number(rule: ReachRule, told: list[str]) -> None:
    """It outlives every erasure; a reach may be one customer's number."""
    assert told_of(rule) == told
