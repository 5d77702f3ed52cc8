"""Waveforms of what has to be decoded."""

from pathlib import Path

import numpy as np
import pytest

from archive.format.part_reader import PartReader
from archive.format.segments import FileSource
from archive.reading.recording import RecordingReader
from archive.reading.sound.peak_meter import DecodedMeter
from archive.reading.sound.peaks import PEAKS_PER_S, PeakMeter
from archive.reading.timemap import StreamMap
from tests.archive.reading.scenes import KEY, SALT, START_US, Shelf, added
from tests.archive.reading.vectors import (
    Call,
    form_of,
    heard,
    payloads,
    pyav,
    reference,
    without_pyav,
)
from tests.support.maps import build_map
from tests.support.reading.recording import mapped as with_map
from tests.support.reading.timemap import span

__all__ = ["pyav", "without_pyav"]
NAMES = ["g722", "g729", "opus-celt", "amr-wb", "ilbc30", "speex16"]


def shelved(folder: Path, name: str) -> Shelf:
    return Shelf(folder=folder).write(Call(name=name).sent(), [added(0, form_of(name))])


def mapped(shelf: Shelf) -> StreamMap:
    with FileSource(shelf.parts[0].path) as source, PartReader(source, KEY) as reader:
        (stream,) = build_map(reader, SALT).streams
        return stream


def envelope(samples: np.ndarray, rate: int) -> np.ndarray:
    size = rate // PEAKS_PER_S
    highest: np.ndarray = samples[: len(samples) // size * size].reshape(-1, size).max(axis=1)
    return highest / 256


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("name", NAMES)
def test_the_waveform_is_that_of_what_is_heard(tmp_path: Path, name: str) -> None:
    """Of the encoder's own decoder, to two of 127 steps nearly everywhere."""
    high = np.frombuffer(mapped(shelved(tmp_path, name)).peaks.high, np.int8).astype(float)
    expected = envelope(*reference(name))[: len(high)]

    assert np.quantile(np.abs(high[: len(expected)] - expected), 0.9) <= 2
    assert np.corrcoef(high[: len(expected)], expected)[0, 1] > 0.98


@pytest.mark.usefixtures("without_pyav")
def test_without_a_decoder_the_map_is_whole_but_for_its_waveform(tmp_path: Path) -> None:
    """Who adopts a recording need not be able to play it."""
    shelf = shelved(tmp_path, "opus-silk")
    stream = mapped(shelf)

    assert stream.peaks.high == b""
    assert (stream.counts.packets, stream.codecs[0].encoding) == (300, "opus")
    assert stream.spans[0].end_ticks == 300 * 960
    with RecordingReader(shelf.parts) as recording:
        assert (recording.timeline.samples, recording.timeline.sample_rate_hz) == (96_000, 16_000)
        assert len(recording.peaks()[0].low) == 6 * PEAKS_PER_S


@pytest.mark.usefixtures("pyav")
def test_the_waveform_of_a_recording_has_fifty_bins_a_second_at_any_rate(tmp_path: Path) -> None:
    """The picture of a wideband call is as long as that of a narrowband one."""
    for name in ("g722", "g729"):
        folder = tmp_path / name
        folder.mkdir()
        shelf = shelved(folder, name)
        samples, rate = heard(shelf.parts)
        with RecordingReader([with_map(shelf.parts[0])]) as recording:
            high = np.frombuffer(recording.peaks()[0].high, np.int8)

        assert len(high) == 6 * PEAKS_PER_S
        assert np.corrcoef(high, envelope(samples, rate))[0, 1] > 0.98


@pytest.mark.usefixtures("pyav")
def test_who_opens_a_recording_without_a_map_does_not_wait_for_its_waveform(tmp_path: Path) -> None:
    """A live call is heard at once; an hour of it would take half a minute to decode."""
    with RecordingReader(shelved(tmp_path, "g729").parts) as recording:
        assert not any(recording.peaks()[0].high)


@pytest.mark.usefixtures("pyav")
def test_another_source_is_decoded_from_nothing() -> None:
    """What one device said tells nothing of what the next one says."""
    form, found = form_of("g722"), list(payloads("g722"))[:50]
    once, twice = PeakMeter(), PeakMeter()
    DecodedMeter(once).feed(form, [(0, ticks, payload) for ticks, payload in found])
    meter = DecodedMeter(twice)
    meter.feed(form, [(1, ticks, payload) for ticks, payload in found])
    meter.feed(form, [(0, ticks, payload) for ticks, payload in found])

    one, other = once.finish(0, [span()]), twice.finish(0, [span(), span(anchor_us=START_US)])
    assert one.high == other.high
