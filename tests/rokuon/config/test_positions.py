"""Where keys and values of a TOML text stand."""

import tomllib

import pytest

from rokuon.config.positions import KeyPath, Position, PositionIndex

TEXT = '''# a comment with [brackets] and = signs
[node]
name = "a # b"   # not a comment inside

[ "rtp" ]
first_port = 10_000
limits.deep.key = 'x'

[[source]]
name = "one"
address = [
    "192.0.2.1/32",  # first ] here
    "198.51.100.0/24",
]
[[source]]
name = """
two"""
inline = { a = 1, b = [2, 3] }
at = 1979-05-27 07:32:00
[source.more]
x = true
'''


@pytest.fixture(scope="module")
def index() -> PositionIndex:
    tomllib.loads(TEXT)
    return PositionIndex.of(TEXT)


@pytest.mark.parametrize(
    ("path", "line", "column", "width"),
    [
        (("node", "name"), 3, 8, 7),
        (("rtp", "first_port"), 6, 14, 6),
        (("rtp", "limits", "deep", "key"), 7, 19, 3),
        (("source", 0, "address", 1), 13, 5, 17),
        (("source", 1, "inline", "b", 1), 18, 27, 1),
        (("source", 1, "at"), 19, 6, 19),
        (("source", 1, "more", "x"), 21, 5, 4),
    ],
)
def test_a_value_is_found_where_it_is_written(
    path: KeyPath, line: int, column: int, width: int
) -> None:
    """The caret of an error stands under what must be changed."""
    index = PositionIndex.of(TEXT)

    assert index.of_value(path) == Position(line, column, width)


def test_a_value_over_several_lines_is_marked_on_its_first(index: PositionIndex) -> None:
    """A caret line belongs to one line."""
    assert index.of_value(("source", 1, "name")) == Position(16, 8, 3)


def test_a_key_is_found_apart_from_its_value(index: PositionIndex) -> None:
    """An unknown key is marked itself, not what stands behind it."""
    assert index.of_key(("rtp", "first_port")) == Position(6, 1, 10)
    assert index.of_key(("rtp",)) == Position(5, 1, 9)


def test_what_is_not_written_is_looked_for_at_its_table(index: PositionIndex) -> None:
    """A missing setting is shown where it should be added."""
    assert index.of_key(("source", 0, "zone")).line == 9
    assert index.of_key(("nowhere",)) == Position(1, 1)
