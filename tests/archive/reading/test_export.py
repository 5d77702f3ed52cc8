"""Exports, each read back by somebody else."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from archive.errors import RecordingDamaged
from archive.reading.export import TooManyLanes, export, export_audio, export_pcap
from archive.reading.export_forms import MEDIA_TYPES, ExportForm
from archive.reading.recording import ALL_LANES, RecordingReader
from archive.reading.sound.g711 import decode
from rokuon.selftest.likeness import best_match
from tests.archive.reading.scenes import (
    START_US,
    Packet,
    Shelf,
    Talk,
    added,
    ended,
    event_frames,
    frame_of,
    number,
    party,
    played,
)

TALK = Talk(packets=100)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "parts"
    folder.mkdir()
    return Shelf(folder=folder)


@pytest.fixture
def recording(shelf: Shelf) -> Iterator[RecordingReader]:
    other = Talk(stream=1, ssrc=8, seed=2, packets=100)
    shelf.write([*TALK.sent(), *other.sent()], [added(0), added(1), ended(START_US + 40_000_000)])
    with RecordingReader(shelf.parts) as opened:
        yield opened


def write(
    recording: RecordingReader, file: Path, form: ExportForm, lanes: Sequence[int] = ALL_LANES
) -> None:
    """An export as whoever asks for it writes it."""
    file.write_bytes(b"".join(export_audio(recording, form, lanes=lanes)))


def test_a_wav_is_the_bytes_that_a_range_gets(recording: RecordingReader, tmp_path: Path) -> None:
    """Who compares the download with the export must find them equal."""
    rendering = recording.rendering()
    write(recording, tmp_path / "call.wav", ExportForm.WAV)

    assert (tmp_path / "call.wav").read_bytes() == rendering.read(0, rendering.total_bytes)


def test_flac_holds_every_sample(recording: RecordingReader, tmp_path: Path) -> None:
    """FLAC is smaller, not worse."""
    write(recording, tmp_path / "call.wav", ExportForm.WAV)
    write(recording, tmp_path / "call.flac", ExportForm.FLAC)

    wav, _ = soundfile.read(tmp_path / "call.wav", dtype="int16")
    flac, rate = soundfile.read(tmp_path / "call.flac", dtype="int16")
    assert rate == 8000
    assert np.array_equal(wav, flac)


def test_opus_lasts_as_long_as_the_call(recording: RecordingReader, tmp_path: Path) -> None:
    """Lossy in sound, never in time."""
    write(recording, tmp_path / "call.opus", ExportForm.OPUS, [0])

    seen = soundfile.info(tmp_path / "call.opus")
    assert (seen.format, seen.subtype, seen.channels) == ("OGG", "OPUS", 1)
    assert abs(seen.duration - recording.timeline.samples / 8000) < 0.1


@pytest.mark.parametrize("form", list(ExportForm))
def test_an_export_of_what_is_damaged_does_not_end_as_if_it_were_whole(
    shelf: Shelf, form: ExportForm
) -> None:
    """Half a call under a whole call's name is a forgery by accident."""
    shelf.write(Talk(packets=500).sent(), [added(0)])
    raw = bytearray(shelf.parts[0].path.read_bytes())
    raw[4096 * 9 + 50] ^= 1
    shelf.parts[0].path.write_bytes(raw)
    with RecordingReader(shelf.parts) as recording, pytest.raises(RecordingDamaged):
        list(export(recording, form))


def test_more_lanes_than_flac_holds_are_refused_by_name(shelf: Shelf, tmp_path: Path) -> None:
    """A conference of nine is exported as WAV, or lane by lane."""
    talks = [Talk(stream=n, ssrc=n + 1, packets=2) for n in range(9)]
    shelf.write([p for t in talks for p in t.sent()], [added(n) for n in range(9)])
    with RecordingReader(shelf.parts) as recording:
        with pytest.raises(TooManyLanes):
            write(recording, tmp_path / "call.flac", ExportForm.FLAC)
        write(recording, tmp_path / "call.wav", ExportForm.WAV)

    assert soundfile.info(tmp_path / "call.wav").channels == 9


def read_pcap(path: Path) -> list[tuple[int, int, int, bytes]]:
    """(arrival in µs, source port, our port, datagram) of each record."""
    raw, at, found = path.read_bytes(), 24, []
    assert struct.unpack_from(">IHH", raw) == (0xA1B2C3D4, 2, 4)
    while at < len(raw):
        seconds, micro, size, _ = struct.unpack_from(">IIII", raw, at)
        source, own = struct.unpack_from(">HH", raw, at + 36)
        found.append((seconds * 1_000_000 + micro, source, own, raw[at + 44 : at + 16 + size]))
        at += 16 + size
    return found


def test_pcap_holds_every_datagram_once_as_received_in_time_order(
    shelf: Shelf, tmp_path: Path
) -> None:
    """Broken packets too, and what a successor repeated once: this is the evidence."""
    talk = Talk(packets=1_000)
    report = talk.report(at_us=START_US + 1_000_001, clock_us=START_US)
    broken = Packet(arrival_us=START_US + 2_000_001, datagram=b"\x00")
    media = number([*talk.sent(), broken])
    rtcp = [replace(report, serial=1)]
    events = event_frames([added(0)])
    sweeps = [[frame_of(media[n : n + 20])] for n in range(0, len(media), 20)]
    sweeps[3].append(frame_of(rtcp))
    shelf.write_frames([events, *sweeps[:30]], finish=False)
    shelf.write_frames([events, [frame_of(rtcp)], *sweeps[28:]])
    with RecordingReader(shelf.parts) as recording:
        (tmp_path / "call.pcap").write_bytes(b"".join(export_pcap(recording)))

    expected = [(p.arrival_us, 5004, 10_000 + p.rtcp, p.datagram) for p in [*media, *rtcp]]
    assert read_pcap(tmp_path / "call.pcap") == sorted(expected)


NOTICE_AND_RINGBACK = (
    Talk(stream=2, ssrc=20, seed=20, packets=100, begin_us=START_US + 100_000),
    Talk(stream=3, ssrc=30, seed=30, packets=100, begin_us=START_US + 110_000),
)


@pytest.mark.parametrize("form", [ExportForm.WAV, ExportForm.FLAC, ExportForm.OPUS])
def test_two_prompts_at_once_are_both_in_the_export(
    shelf: Shelf, tmp_path: Path, form: ExportForm
) -> None:
    """An outbound notice that ringback to the other side paints over is no evidence of anything."""
    parties = (party(0, "customer"), party(1, "agent"), *played(2, "caller"), *played(3, "callee"))
    sent = [packet for talk in NOTICE_AND_RINGBACK for packet in talk.sent()]
    shelf.write([*TALK.sent(), *sent], [added(0), added(1), *parties])
    file = tmp_path / f"call.{form}"
    with RecordingReader(shelf.parts) as opened:
        peaks = opened.peaks()
        write(opened, file, form)

    audio, rate = soundfile.read(file, dtype="float64")
    assert audio.shape[1] == len(peaks) == 4
    for channel, talk in enumerate(NOTICE_AND_RINGBACK, start=2):
        said = decode(talk.payloads().ravel(), "PCMU")
        heard = (audio[:: rate // 8000, channel] * 32767).astype(np.int16)
        assert best_match(heard, said).likeness > 0.7
        assert np.frombuffer(peaks[channel].high, np.int8).any()


def test_the_forms_of_a_copy_are_those_of_the_document() -> None:
    """Scripts name them; each has a type that browsers are told."""
    assert [form.value for form in ExportForm] == ["wav", "flac", "opus", "pcap"]
    assert MEDIA_TYPES.keys() == set(ExportForm)
