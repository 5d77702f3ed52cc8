"""The tables of what the hostile readings found lead to tests that are there."""

from tests.hostile_reading import READINGS, named, rows, slow

FIRST = [f"A{number}" for number in range(1, 7)] + [f"B{number}" for number in range(1, 8)]


def test_each_line_has_its_tests_and_they_are_there() -> None:
    """A resolution that nobody can run is none."""
    told = [row for reading in READINGS for row in rows(reading)]

    assert [row.line for row in told if not row.tests] == []
    assert [each for row in told for each in row.tests if not each.is_there] == []


def test_nothing_of_the_first_reading_is_forgotten() -> None:
    """It has lines of its own, each once more than once."""
    assert sorted({row.line[:2] for row in rows("first")}) == FIRST


def test_each_line_says_what_was_red_and_what_is_green() -> None:
    """And nothing is in two rows under one name."""
    for reading in READINGS:
        told = rows(reading)

        assert [row.line for row in told if not row.is_whole] == []
        assert len({row.line for row in told}) == len(told)


def test_what_is_slow_in_whole_is_run_all_the_same() -> None:
    """A power cut is the only test of its line."""
    assert "tests/crash/test_power_cut.py" in slow()
    assert set(slow()) < set(named())
