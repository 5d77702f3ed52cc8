"""What helps where nothing fits what is certain."""

from archive.locate.answer.relaxations import Relaxation, Relaxations, relaxations
from archive.locate.clues import Clue, DirectionClue, QueueClue

CALLS = (
    # which of the clues, by their places, each call fits
    frozenset({0, 1}),
    frozenset({0, 1}),
    frozenset({0, 2}),
    frozenset({1}),
)


def clues(told: str) -> list[Clue]:
    """So many, each c(ertain) or l(ikely)."""
    return [Clue(value=QueueClue((str(at),)), certain=each == "c") for at, each in enumerate(told)]


def count(places: frozenset[int]) -> tuple[int, bool]:
    """Of these calls."""
    return sum(places <= each for each in CALLS), False


def test_each_clue_that_may_be_dropped_comes_with_what_that_gives() -> None:
    """The fewest first: nearest to what was asked."""
    found = relaxations(clues("ccc"), count)

    assert found.drops == (Relaxation(place=1, count=1), Relaxation(place=2, count=2))
    assert found.excluding == ((1, 2),)
    assert found.alone == ()


def test_what_fits_nothing_by_itself_is_named_as_that() -> None:
    """And is half of no pair: it excludes everything."""
    found = relaxations(clues("cclc"), count)

    assert found == Relaxations(drops=(Relaxation(place=3, count=2),), alone=(3,))


def test_where_something_fits_nothing_is_to_be_dropped() -> None:
    """Likely clues exclude nothing."""
    assert relaxations(clues("ccl"), count) == Relaxations()
    assert relaxations(clues("ll"), lambda _: (0, False)) == Relaxations()


def test_two_directions_exclude_each_other() -> None:
    """A call has one."""
    asked = [
        Clue(value=DirectionClue("inbound"), certain=True),
        Clue(value=DirectionClue("outbound"), certain=True),
    ]

    found = relaxations(asked, lambda places: (0 if len(places) > 1 else 5, False))

    assert found.excluding == ((0, 1),)
    assert [each.count for each in found.drops] == [5, 5]


def test_that_more_fit_than_are_counted_stays_known() -> None:
    """Else a bound of counting is read as a count."""
    asked = clues("cc")

    found = relaxations(asked, lambda places: (0, False) if len(places) > 1 else (5_000, True))

    assert [(each.count, each.is_cut) for each in found.drops] == [(5_000, True)] * 2
