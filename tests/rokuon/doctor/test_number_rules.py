"""Which numbers of a source would tell the sides that are guessed."""

import pytest

from rokuon.doctor.number_rules import proposed


@pytest.mark.parametrize(
    ("short", "full", "entries"),
    [
        (("2601", "2611", "2602"), (), ("26*",)),
        (("2602", "2601"), ("0312347788",), ("260*",)),
        (("2601",), (), ("2601",)),
        (("2601", "3101"), (), ("2601", "3101")),
        (("201", "202", "2601", "2602"), (), ("20*", "260*")),
        (("2601", "2602"), ("2605550123",), ("2601", "2602")),
        (("0301", "0302"), ("0312347788",), ("030*",)),
        (
            tuple(f"{first}001" for first in range(1, 10)),
            (),
            tuple(f"{n}001" for n in range(1, 10)),
        ),
        ((), ("0312347788",), ()),
    ],
)
def test_what_extensions_have_in_common_is_proposed(
    short: tuple[str, ...], full: tuple[str, ...], entries: tuple[str, ...]
) -> None:
    """A begin that no whole number has which was seen: a pattern goes by the begin alone."""
    assert proposed(short, full) == entries


def test_too_many_to_list_are_no_rule() -> None:
    """Whoever has as many imports the table of agents."""
    scattered = [str(number) for number in range(1_000, 10_000, 500)]

    assert len(scattered) == 18
    assert proposed(scattered, ()) == ()
