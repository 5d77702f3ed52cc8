"""So many at once and so many a second, for each address by itself."""

import pytest

from capture.endpoints import address_budget
from capture.endpoints.address_budget import AddressBudget


def test_an_address_has_so_many_at_once_and_then_so_many_a_second() -> None:
    """What it did not use is no more than it may have at once."""
    budget = AddressBudget(burst=2, per_s=0.5)

    assert [budget.take("a", 0.0) for _ in range(3)] == [True, True, False]
    assert [budget.take("a", 1.0), budget.take("a", 2.0), budget.take("a", 2.0)] == [
        False, True, False,
    ]  # fmt: skip
    assert [budget.take("a", 1000.0) for _ in range(3)] == [True, True, False]


def test_what_one_address_has_spent_no_other_lacks() -> None:
    """Each has its own."""
    budget = AddressBudget(burst=1, per_s=1.0)
    spent = [budget.take("a", 0.0) for _ in range(2)]

    assert (spent, budget.take("b", 0.0)) == ([True, False], True)


def test_so_many_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that asked longest ago is forgotten: nobody fills our memory."""
    monkeypatch.setattr(address_budget, "MAX_ADDRESSES", 2)
    budget = AddressBudget(burst=1, per_s=0.0)
    for address in ("a", "b", "a", "c"):
        budget.take(address, 0.0)

    assert not budget.take("a", 0.0)
    assert budget.take("b", 0.0)
    assert len(budget._left) == 2
