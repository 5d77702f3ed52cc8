"""A map held against the one that the frames make."""

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from archive.call.adoption import StreamGap, StreamReplay
from archive.reading.timemap import StreamMap, TimeMap
from archive.verification.maps import map_differences, peaks_differ
from tests.archive.reading.scenes import OPUS, Shelf, Talk, added
from tests.support.reading.mapping import mapped


@pytest.fixture
def made(tmp_path: Path) -> TimeMap:
    """Of a stream of G.711."""
    shelf = Shelf(folder=tmp_path).write(Talk().sent(), [added(0)])
    return mapped(shelf.parts[0].path)


def with_stream(made: TimeMap, **changes: object) -> TimeMap:
    """The map with its only stream changed."""
    (stream,) = made.streams
    return replace(made, streams=(replace(stream, **changes),))


def flat(stream: StreamMap) -> object:
    """A waveform of silence."""
    return replace(stream.peaks, low=b"", high=b"")


def test_nothing_is_said_of_the_keepers_own_map(made: TimeMap) -> None:
    """The same frames give the same map."""
    assert (list(map_differences(made, made)), peaks_differ(made, made)) == ([], False)


def test_each_thing_that_differs_is_named(made: TimeMap) -> None:
    """Who repairs it must know what a player was told."""
    false = with_stream(replace(made, root=bytes(32), plain_bytes=1, events=()), unproved=7)

    assert list(map_differences(false, made)) == ["root", "plain_bytes", "events", "counts"]


def test_places_are_compared(made: TimeMap) -> None:
    """Also with a map that tells of another gap."""
    moved = with_stream(made, spans=())
    silent = with_stream(made, gaps=(StreamGap(0, 1, 2, 1, 1, "lost"),))

    assert list(map_differences(moved, made)) == ["spans"]
    assert list(map_differences(silent, made)) == ["spans"]


def test_where_streams_sound_is_compared_where_the_map_tells_it(made: TimeMap) -> None:
    """Those from before it was told are no false ones."""
    false, older = replace(made, sounds=()), replace(made, sounds=msgspec.UNSET)

    assert list(map_differences(false, made)) == ["sounds"]
    assert list(map_differences(older, made)) == []


def test_waveforms_of_g711_are_compared_and_no_others(made: TimeMap) -> None:
    """What decoders make of a codec depends on which there are."""
    false = with_stream(made, peaks=flat(made.streams[0]))
    (use,) = made.streams[0].codecs
    opus = (replace(use, encoding=OPUS.encoding, clock_rate_hz=OPUS.clock_rate_hz),)

    assert peaks_differ(false, made)
    assert not peaks_differ(false, with_stream(made, codecs=opus))


def test_late_copies_are_compared(made: TimeMap) -> None:
    """A map that tells of other copies than came, or of none, is a false one."""
    copied = with_stream(made, replay=StreamReplay(0, 1, 2, 3))
    other = with_stream(copied, replay=StreamReplay(0, 1, 2, 4))

    assert list(map_differences(other, copied)) == ["spans"]
    assert list(map_differences(made, copied)) == ["spans"]
    assert list(map_differences(copied, made)) == ["spans"]
