"""Tests of what is seen of a long measurement."""

import pytest

from bench.progress import steps


def test_without_a_terminal_each_step_is_a_line_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Standard output is for figures."""
    with steps(2) as step:
        step("first")
        step("second")

    said = capsys.readouterr()
    assert said.err == "1/2 first\n2/2 second\n"
    assert said.out == ""
