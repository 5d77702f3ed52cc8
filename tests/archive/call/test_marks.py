"""What the configuration says of a call."""

import msgspec

from archive.call.marks import UNMARKED, CallMarks

SOURCE = CallMarks(queue="trunk", purposes=("quality",), controller="A K.K.", tags=("all", "old"))


def test_what_says_nothing_changes_nothing() -> None:
    """A route without marks leaves the source's word."""
    assert UNMARKED.over(SOURCE) == SOURCE == SOURCE.over(UNMARKED)


def test_the_nearer_word_counts_and_tags_add_up() -> None:
    """A call in a route's queue is in no other; it may be as many things as it likes."""
    route = CallMarks(queue="support", purposes=("dispute", "training"), tags=("vip", "all"))

    assert route.over(SOURCE) == CallMarks(
        queue="support",
        purposes=("dispute", "training"),
        controller="A K.K.",
        tags=("all", "old", "vip"),
    )


def test_every_mark_is_told_by_its_kind() -> None:
    """As the index has them."""
    assert [*SOURCE.told()] == [
        ("queue", "trunk"), ("purpose", "quality"), ("controller", "A K.K."), ("tag", "all"),
        ("tag", "old"),
    ]  # fmt: skip
    assert [*UNMARKED.told()] == []


def test_marks_that_say_nothing_take_no_room() -> None:
    """They stand in every recording."""
    assert msgspec.json.encode(UNMARKED) == b"{}"
