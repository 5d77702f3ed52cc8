"""Two persons are apart when neither can have been the other, nor a third both of late."""

from dataclasses import replace
from itertools import permutations

import pytest

from archive.access.lineage import ONE_MAKER_US, RESET_US, ROOT, Bar, Hand, HandKind, Lineage, Why

A, B, C, D, E = 1, 2, 3, 4, 5
T = 1_000_000
LATER = T + ONE_MAKER_US


def hand(of: int, by: int, kind: HandKind = "way_in", at_us: int = T) -> Hand:
    return Hand(of=of, by=by, at_us=at_us, kind=kind)


def made(*pairs: tuple[int, int]) -> Lineage:
    """Each of the first by the second, all at once."""
    return Lineage(hands=tuple(hand(of, by) for of, by in pairs))


def confirmed(line: Lineage, user: int, *by: int) -> Lineage:
    return replace(line, confirmed_by={user: frozenset(by)})


def why(line: Lineage, one: int, other: int, now_us: int = T) -> Why | None:
    """Why two are one, whichever is named first."""
    found = {None if bar is None else bar.why for bar in both_ways(line, one, other, now_us)}
    (only,) = found
    return only


def both_ways(line: Lineage, one: int, other: int, now_us: int) -> list[Bar | None]:
    return [line.bar(*pair, now_us) for pair in permutations((one, other))]


def test_who_stands_behind_a_user_is_found_over_others_too() -> None:
    """A made B, B made C: C is A's."""
    line = made((B, A), (C, B))

    assert line.behind(C) == {A, B}
    assert line.behind(A) == frozenset()


def test_two_who_gave_each_other_something_have_an_end() -> None:
    """Roles are given back and forth for years."""
    line = made((A, B), (B, A), (C, A))

    assert line.behind(A) == line.behind(B) == {A, B}
    assert line.behind(C) == {A, B}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [(A, A, False), (A, B, False), (A, C, False), (B, D, True), (C, D, True), (A, D, True)],
)
def test_nobody_is_apart_from_itself_or_from_whom_it_made(
    one: int, other: int, *, apart: bool
) -> None:
    """In either order, over however many, for ever."""
    line = made((B, A), (C, B))

    for pair in permutations((one, other)):
        assert line.are_apart(*pair, LATER) is apart


def test_two_whom_the_same_one_made_are_one_for_thirty_days() -> None:
    """He has come in as both, or may have."""
    line = Lineage(hands=(hand(B, A), hand(C, A, at_us=T + 5)))

    for bar in both_ways(line, B, C, LATER - 1):
        assert bar is not None
        assert (bar.why, bar.until_us, bar.maker) == ("one_maker", LATER, A)
        assert set(bar.users) == {B, C}
    assert line.are_apart(B, C, LATER)


def test_a_maker_over_others_is_a_maker() -> None:
    """A made D and lets D make one of the two."""
    line = made((D, A), (B, A), (C, D))

    assert why(line, B, C) == "one_maker"
    assert why(confirmed(line, C, ROOT), B, C) is None


def test_a_role_is_no_way_in() -> None:
    """Who gives roles to two whom root made has been neither; they are its own all the same."""
    line = Lineage(hands=(hand(B, A, "role"), hand(C, A, "role")))

    assert why(line, B, C) is None
    assert why(line, A, B) == "hand"


def test_what_a_clock_that_went_back_calls_the_future_is_of_late() -> None:
    """A clock does not make two persons of one."""
    assert why(made((B, A), (C, A)), B, C, T - ONE_MAKER_US) == "one_maker"


@pytest.mark.parametrize("of", [B, C])
@pytest.mark.parametrize(
    ("by", "counts"), [(ROOT, True), (E, True), (A, False), (D, False), (B, False), (C, False)]
)
def test_one_of_two_is_confirmed_by_root_or_by_whom_their_maker_did_not_make(
    of: int, by: int, *, counts: bool
) -> None:
    """Neither by the maker nor by its creatures, the two themselves among them."""
    line = made((B, A), (C, A), (D, A))

    assert (why(confirmed(line, of, by), B, C) is None) is counts


def test_who_made_the_maker_confirms_nobody_for_it() -> None:
    """It lets its creature make two, and would say itself that they are others."""
    line = made((A, E), (B, A), (C, A))

    assert why(confirmed(line, B, E), B, C) == "one_maker"
    assert why(confirmed(line, B, ROOT), B, C) is None


def test_who_shares_a_login_with_the_maker_confirms_nobody_for_it() -> None:
    """It is the maker by another name."""
    line = replace(made((B, A), (C, A)), os_names={A: frozenset({"x"}), E: frozenset({"x"})})

    assert why(confirmed(line, B, E), B, C) == "one_maker"


@pytest.mark.parametrize(("by", "kind"), [(A, "hand"), (E, None), (ROOT, None)])
def test_who_was_reset_counts_after_three_days_or_when_it_is_confirmed(
    by: int, kind: Why | None
) -> None:
    """For everybody, not for its maker alone."""
    line = Lineage(hands=(hand(B, A, "reset"),))
    bar = line.bar(D, B, T)

    assert bar == Bar(why="reset", until_us=T + RESET_US, users=(B,), maker=A)
    assert line.reset(B, T) == bar
    assert line.reset(B, T + RESET_US) is None
    assert why(line, D, B, T + RESET_US - 1) == "reset"
    assert why(line, D, B, T + RESET_US) is None
    assert why(confirmed(line, B, by), D, B) == ("reset" if kind else None)


def test_whom_root_has_reset_is_confirmed_by_another_or_by_root() -> None:
    """Root's code may have come into other hands; a creature of the person's own says nothing."""
    line = Lineage(hands=(hand(B, ROOT, "reset"), hand(D, B)))

    assert why(line, B, C) == "reset"
    assert why(confirmed(line, B, ROOT), B, C) is None
    assert why(confirmed(line, B, E), B, C) is None
    assert why(confirmed(line, B, D), B, C) == "reset"


def test_two_who_were_reset_are_one_longer_than_each_is_nobody() -> None:
    """The longest of all reasons is told."""
    line = Lineage(hands=(hand(B, A, "reset"), hand(C, A, "reset")))

    assert why(line, B, C) == "one_maker"
    assert why(line, B, C, T + RESET_US) == "one_maker"
    assert why(confirmed(line, B, E), B, C) == "reset"


def test_root_makes_a_person_of_its_own_of_whom_another_has_made() -> None:
    """An office of two: one made the other, and root knows both."""
    line = made((B, A), (C, B))

    assert why(confirmed(line, B, ROOT), A, B) is None
    assert why(confirmed(line, B, E), A, B) == "hand"


def test_what_root_says_of_one_says_nothing_of_whom_that_one_has_made() -> None:
    """A may have made C as B, before B came in."""
    line = confirmed(made((B, A), (C, B)), B, ROOT)

    assert why(line, A, C) == why(line, B, C) == "hand"


def test_who_could_not_be_believed_may_not_confirm() -> None:
    """Whom it says nothing for; who was made by two is vouched for against either."""
    line = Lineage(hands=(hand(B, A), hand(C, A), hand(C, E), hand(D, A)))

    assert [line.may_confirm(by, B) for by in (A, B, C, D, E)] == [False, False, False, False, True]
    assert line.may_confirm(A, E)
    assert line.may_confirm(A, C)


def test_two_who_have_had_the_same_login_are_not_apart() -> None:
    """Whoever maps its own login to one and then to the other has been both; root or not."""
    line = Lineage(os_names={A: frozenset({"x", "y"}), B: frozenset({"y"}), C: frozenset({"z"})})

    assert why(confirmed(line, B, ROOT), A, B, LATER) == "login"
    assert line.are_apart(A, C, T)
