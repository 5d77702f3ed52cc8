"""The wish to take no new calls."""

from pathlib import Path

from capture.admission.drain import Drain


def test_a_wish_outlives_the_process_that_was_told(tmp_path: Path) -> None:
    """Its successor would else take calls on a machine that is about to go down."""
    drain = Drain(tmp_path)
    assert not drain.wanted
    drain.want(wanted=True)

    assert drain.wanted
    assert Drain(tmp_path).wanted
    drain.want(wanted=False)
    assert not Drain(tmp_path).wanted


def test_a_wish_holds_where_its_file_cannot_be_written(tmp_path: Path) -> None:
    """A machine whose disk is full is one that somebody wants to drain."""
    drain = Drain(tmp_path / "gone")
    drain.want(wanted=True)

    assert drain.wanted
