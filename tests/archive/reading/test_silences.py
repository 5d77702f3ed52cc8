"""Where a recording is silent for a reason."""

from pathlib import Path

from archive.call.events import Event, RecordingPaused, RecordingResumed, StreamChanged
from archive.reading.recording import RecordingReader
from archive.reading.silences import Silence, silences_in
from tests.archive.reading.scenes import START_US, Shelf, Talk, added, party

SECOND = 1_000_000


def told(folder: Path, *events: Event) -> tuple[Silence, ...]:
    shelf = Shelf(folder=folder).write(Talk().sent(), [added(0), added(1), *events])
    with RecordingReader(shelf.parts) as reader:
        return silences_in(reader.timeline)


def directed(second: int, way: str) -> StreamChanged:
    held = "inactive" if way == "inactive" else "recvonly"
    return StreamChanged(at_us=START_US + second * SECOND, stream=0, formats=(), direction=held)


def test_a_hold_is_silence_on_the_channel_of_who_is_held(tmp_path: Path) -> None:
    """The other one may speak on, or hear music."""
    found = told(
        tmp_path, party(0, "agent", "a"), party(1, "customer", "c"),
        directed(1, "inactive"), directed(2, "recvonly"),
    )  # fmt: skip

    assert found == (
        Silence(
            from_us=SECOND, until_us=2 * SECOND, because="hold", channels=(1,), participant="a"
        ),
    )


def test_a_pause_is_silence_on_every_channel(tmp_path: Path) -> None:
    """Nothing of it was kept."""
    paused = RecordingPaused(at_us=START_US + SECOND, serial=0, by="x")
    resumed = RecordingResumed(at_us=START_US + 2 * SECOND, serial=0, by="x", because="asked")

    assert told(tmp_path, paused, resumed) == (
        Silence(from_us=SECOND, until_us=2 * SECOND, because="pause", channels=(0, 1)),
    )
