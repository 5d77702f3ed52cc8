"""Moments as numbers and as times."""

from archive.moments import microseconds, moment
from tests.archive.catalog.examples import NOW_US


def test_moments_are_microseconds() -> None:
    """Nothing is rounded on the way."""
    assert microseconds(moment(NOW_US + 1)) == NOW_US + 1
