"""A spare waits for its turn, and ends where nobody can give it."""

import io
import os
from collections.abc import Iterator

import pytest

from rokuon.machine.notify import SPARE_VARIABLE, TURN, stand_by


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.FileIO]:
    """The supervisor's end of our standard input."""
    ours, theirs = os.pipe()
    with os.fdopen(ours) as reader, io.FileIO(theirs, "w") as writer:
        monkeypatch.setattr("sys.stdin", reader)
        yield writer


def test_a_process_that_is_no_spare_goes_on_at_once() -> None:
    """Nothing is loaded before its time."""
    done: list[str] = []
    stand_by({}, lambda: done.append("loaded"))

    assert done == []


def test_a_spare_is_prepared_before_it_waits(supervisor: io.FileIO) -> None:
    """Loading is what takes long."""
    done: list[str] = []
    supervisor.write(TURN)
    stand_by({SPARE_VARIABLE: "1"}, lambda: done.append("loaded"))

    assert done == ["loaded"]


def test_a_spare_without_a_supervisor_ends(supervisor: io.FileIO) -> None:
    """It would be a second one for ever."""
    supervisor.close()

    with pytest.raises(SystemExit) as ended:
        stand_by({SPARE_VARIABLE: "1"}, lambda: None)
    assert ended.value.code == 0
