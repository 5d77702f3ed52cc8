"""The same streams recorded twice are heard once."""

from contextlib import ExitStack
from pathlib import Path

from archive.reading.joined import distinct
from archive.reading.recording import RecordingReader
from tests.archive.reading.scenes import START_US, Shelf, Talk, added

HOUR_US = 3_600_000_000


def heard(folder: Path, *talks: Talk) -> list[int]:
    """Which of these recordings are heard."""
    with ExitStack() as stack:
        readers = []
        for number, talk in enumerate(talks):
            (folder / str(number)).mkdir()
            shelf = Shelf(folder=folder / str(number)).write(
                talk.sent(), [added(0, at_us=talk.begin_us)]
            )
            readers.append(stack.enter_context(RecordingReader(shelf.parts)))
        kept = distinct(readers)
        return [number for number, reader in enumerate(readers) if reader in kept]


def test_a_copy_is_not_heard_twice(tmp_path: Path) -> None:
    """Two recorders of one client: the sum would be twice as loud."""
    assert heard(tmp_path, Talk(), Talk()) == [0]


def test_two_directions_of_one_call_are_both_heard(tmp_path: Path) -> None:
    """Each dialog of a network-based pair has the stream of one side."""
    assert heard(tmp_path, Talk(), Talk(ssrc=7)) == [0, 1]


def test_a_source_that_calls_again_is_heard_again(tmp_path: Path) -> None:
    """Some phones never change their SSRC."""
    assert heard(tmp_path, Talk(), Talk(begin_us=START_US + HOUR_US)) == [0, 1]
