"""The progress bar."""

import pytest

from rokuon.cli.terminal.progress import progress


def test_in_a_pipe_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters in a log help nobody."""
    with progress("x") as step:
        step(1, 2)
        step(2, 2)

    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
