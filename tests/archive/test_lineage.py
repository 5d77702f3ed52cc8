"""Two persons are apart when neither can have been the other."""

from itertools import permutations

import pytest

from archive.lineage import Lineage

A, B, C, D = 1, 2, 3, 4


def test_who_stands_behind_a_user_is_found_over_others_too() -> None:
    """A made B, B made C: C is A's."""
    line = Lineage(makers={B: frozenset({A}), C: frozenset({B})})

    assert line.behind(C) == {A, B}
    assert line.behind(A) == frozenset()


def test_two_who_gave_each_other_something_have_an_end() -> None:
    """Roles are given back and forth for years."""
    line = Lineage(makers={A: frozenset({B}), B: frozenset({A}), C: frozenset({A})})

    assert line.behind(A) == line.behind(B) == {A, B}
    assert line.behind(C) == {A, B}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [(A, A, False), (A, B, False), (A, C, False), (B, D, True), (C, D, True), (A, D, True)],
)
def test_nobody_is_apart_from_itself_or_from_whom_it_made(
    one: int, other: int, *, apart: bool
) -> None:
    """In either order, over however many."""
    line = Lineage(makers={B: frozenset({A}), C: frozenset({B})})

    for pair in permutations((one, other)):
        assert line.are_apart(*pair) is apart


def test_two_whom_the_same_one_made_are_apart() -> None:
    """An administrator makes everybody; what would be left otherwise is root."""
    line = Lineage(makers={B: frozenset({A}), C: frozenset({A})})

    assert line.are_apart(B, C)


def test_two_who_have_had_the_same_login_are_not_apart() -> None:
    """Whoever maps its own login to one and then to the other has been both."""
    line = Lineage(os_names={A: frozenset({"x", "y"}), B: frozenset({"y"}), C: frozenset({"z"})})

    assert not line.are_apart(A, B)
    assert line.are_apart(A, C)
