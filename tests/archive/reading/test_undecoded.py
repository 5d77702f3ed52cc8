"""A line that nobody here can decode: it alone is silent, and it says why."""

import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from archive.call.events import Event, Format, StreamChanged
from archive.reading.export import export_audio
from archive.reading.export_forms import ExportForm
from archive.reading.joined import join
from archive.reading.recording import RecordingReader
from archive.reading.silences import Silence, silences_in
from archive.reading.sound.formats import CodecUnavailable
from archive.reading.sound.g711 import decode
from archive.reading.undecoded import tells_codecs
from archive.reading.waveform import draw
from tests.archive.reading.scenes import START_US, Packet, Shelf, Talk, added, ended, party
from tests.archive.reading.vectors import pyav, without_pyav
from tests.support.reading.recording import mapped

# Fixtures.
__all__ = ["pyav", "without_pyav"]

SECOND = 1_000_000
SECONDS = 6
EVS = Format(payload_type=120, encoding="EVS", clock_rate_hz=16_000)
G729 = Format(payload_type=18, encoding="G729", clock_rate_hz=8_000)
CRC = Format(payload_type=97, encoding="AMR", clock_rate_hz=8_000, fmtp="octet-align=1; crc=1")
AGENT = Talk(packets=50 * SECONDS, payload_type=8)


def said_in(
    form: Format, *, stream: int = 1, begin_s: int = 0, end_s: int = SECONDS
) -> list[Packet]:
    """Packets of 33 octets each 20 ms, with the timestamps of its clock."""
    step, ssrc = form.clock_rate_hz // 50, 0xE5
    return [
        Packet(
            arrival_us=START_US + n * 20_000,
            datagram=struct.pack(">BBHII", 0x80, form.payload_type, n, n * step, ssrc) + bytes(33),
            stream=stream,
        )
        for n in range(begin_s * 50, end_s * 50)
    ]


def parties(*formats: Format, seconds: int = SECONDS) -> list[Event]:
    known = [party(0, "agent", "a"), party(1, "customer", "c")]
    return [added(0), added(1, *formats), *known, ended(START_US + seconds * SECOND)]


def taken(folder: Path, packets: Sequence[Packet], events: Sequence[Event]) -> Shelf:
    return Shelf(folder=folder).write(packets, events)


def per_second(audio: NDArray[np.int16]) -> list[bool]:
    """In which seconds anything is heard."""
    whole = audio[: len(audio) // 8_000 * 8_000].astype(int).reshape(-1, 8_000)
    return [bool(each) for each in np.abs(whole).max(axis=1) > 0]


def silences(reader: RecordingReader) -> list[tuple[str, float, float, tuple[int, ...]]]:
    return [
        (
            each.codec,
            round(each.from_us / SECOND, 1),
            round(each.until_us / SECOND, 1),
            each.channels,
        )
        for each in silences_in(reader.timeline)
    ]


@pytest.mark.parametrize("form", [ExportForm.WAV, ExportForm.FLAC, ExportForm.OPUS])
def test_the_half_that_can_be_decoded_is_heard_and_the_other_says_why_not(
    tmp_path: Path, form: ExportForm
) -> None:
    """PCMA beside EVS was no file at all: nobody's words, for the sake of one side's codec."""
    shelf = taken(tmp_path, [*AGENT.sent(), *said_in(EVS)], parties(EVS))
    file = tmp_path / f"call.{form}"
    with RecordingReader(shelf.parts) as reader:
        file.write_bytes(b"".join(export_audio(reader, form)))
        told = silences_in(reader.timeline)

    sound, rate = soundfile.read(file, dtype="float64")
    loud = np.abs(sound[: SECONDS * rate]).reshape(SECONDS, rate, 2).max(axis=1) > 0.01
    assert (loud[:, 1].all(), loud[:, 0].any()) == (True, False)
    (silence,) = told
    assert silence == Silence(
        from_us=0,
        until_us=silence.until_us,
        because="codec",
        channels=(0,),
        participant="c",
        codec="EVS",
    )
    assert silence.until_us == pytest.approx(SECONDS * SECOND, abs=20_000)


def test_who_listens_hears_the_half_that_can_be_decoded(tmp_path: Path) -> None:
    """Every sample of it, in any range; the same bytes as without the other side."""
    with_evs = taken(tmp_path, [*AGENT.sent(), *said_in(EVS)], parties(EVS))
    with RecordingReader(with_evs.parts) as reader:
        joined = join([reader])
        raw = joined.read(44, joined.total_bytes)
        middle = joined.read(44 + 4 * 12_345, 44 + 4 * 23_456)

    audio = np.frombuffer(raw, "<i2").reshape(-1, 2)
    assert np.array_equal(audio[:, 1], decode(AGENT.payloads().ravel(), "PCMA"))
    assert not audio[:, 0].any()
    assert middle == raw[4 * 12_345 : 4 * 23_456]


@pytest.mark.parametrize("form", [EVS, G729, CRC], ids=["EVS", "G729", "AMR with checks"])
@pytest.mark.usefixtures("without_pyav")
def test_a_stream_that_leaves_the_codecs_and_comes_back_is_heard_where_it_can_be(
    tmp_path: Path, form: Format
) -> None:
    """Two seconds of a codec of no decoder here cost those two seconds."""
    law = Format(payload_type=8, encoding="PCMA", clock_rate_hz=8_000)
    voice = replace(AGENT, stream=1, ssrc=0xE5, sequence=0, timestamp=0).sent()
    sent = [*voice[:100], *said_in(form, begin_s=2, end_s=4), *voice[200:]]
    changed = [
        StreamChanged(at_us=START_US + 2 * SECOND, stream=1, formats=(form,), direction="recvonly"),
        StreamChanged(at_us=START_US + 4 * SECOND, stream=1, formats=(law,), direction="recvonly"),
    ]
    shelf = taken(tmp_path, [*AGENT.sent(), *sent], [*parties(law)[:-1], *changed, parties()[-1]])
    with RecordingReader(shelf.parts) as reader:
        audio = np.concatenate(list(reader.rendering().audio_blocks()))
        told, drawn = silences(reader), draw([reader])

    step = len(audio) // SECONDS // 8_000
    assert per_second(audio[::step, 0]) == [True, True, False, False, True, True]
    assert all(per_second(audio[::step, 1]))
    assert told == [(form.encoding, 2.0, 4.0, (0,))]
    blanks = [(each.because, each.codec) for each in drawn.blanks]
    assert blanks == [("codec", form.encoding)]


@pytest.mark.parametrize("clock_hz", [8_000, 16_000, 48_000])
def test_a_payload_type_that_nobody_described_lies_where_it_came(
    tmp_path: Path, clock_hz: int
) -> None:
    """Its clock is as unknown as its codec: taken for 8 kHz, 48 made a call of 6 s one of 36."""
    unnamed = Format(payload_type=111, encoding="?", clock_rate_hz=clock_hz)
    shelf = taken(tmp_path, [*AGENT.sent(), *said_in(unnamed)], parties(EVS))
    with RecordingReader(shelf.parts) as reader:
        audio = np.concatenate(list(reader.rendering().audio_blocks()))
        told = silences(reader)

    assert len(audio) == SECONDS * 8_000
    assert all(per_second(audio[:, 1]))
    assert told == [("payload type 111", 0.0, 6.0, (0,))]


def test_what_nobody_described_in_mid_call_moves_nothing_after_it(tmp_path: Path) -> None:
    """Its timestamps run six times as fast as those before it."""
    unnamed = Format(payload_type=111, encoding="?", clock_rate_hz=48_000)
    voice = replace(AGENT, stream=1, ssrc=0xE5, sequence=0).sent()
    sent = [*voice[:100], *said_in(unnamed, begin_s=2, end_s=4), *voice[200:]]
    shelf = taken(tmp_path, sent, parties())
    with RecordingReader(shelf.parts) as reader:
        audio = np.concatenate(list(reader.rendering().audio_blocks()))
        told = silences(reader)

    expected = decode(AGENT.payloads(), "PCMA")
    expected[100:200] = 0
    assert np.array_equal(audio[:, 0], expected.ravel())
    assert told == [("payload type 111", 2.0, 4.0, (0,))]


def test_stray_packets_of_such_a_codec_are_no_silence(tmp_path: Path) -> None:
    """Digits that nobody described, in the midst of speech: what was said around them is heard."""
    voice = replace(AGENT, stream=1, ssrc=0xE5, sequence=0).sent()
    for place in range(10, len(voice), 25):  # nearer to each other than a gap: one stretch
        own = voice[place]
        voice[place] = replace(own, datagram=b"\x80\x7e" + own.datagram[2:])
    shelf = taken(tmp_path, voice, parties())
    with RecordingReader(shelf.parts) as reader:
        audio = np.concatenate(list(reader.rendering().audio_blocks()))
        told = silences(reader)

    assert told == []
    assert all(per_second(audio[:, 0]))


def test_a_call_of_which_nothing_can_be_decoded_is_refused_as_a_whole(tmp_path: Path) -> None:
    """Silence from one end to the other would be taken for what was said."""
    both = [*said_in(EVS), *said_in(EVS, stream=0)]
    shelf = taken(tmp_path, both, [added(0, EVS), *parties(EVS)[1:]])
    with RecordingReader(shelf.parts) as reader:
        with pytest.raises(CodecUnavailable):
            join([reader])
        with pytest.raises(CodecUnavailable, match="calls export --format pcap"):
            next(export_audio(reader, ExportForm.WAV))


def test_a_recording_that_can_be_decoded_is_heard_beside_one_that_cannot(tmp_path: Path) -> None:
    """A transfer from a mobile to a desk phone is one call."""
    (tmp_path / "other").mkdir()
    shelf = taken(tmp_path, AGENT.sent(), parties())
    other = taken(tmp_path / "other", said_in(EVS), parties(EVS))
    with RecordingReader(shelf.parts) as reader, RecordingReader(other.parts) as unheard:
        joined = join([reader, unheard])
        audio = np.frombuffer(joined.read(44, joined.total_bytes), "<i2").reshape(-1, 2)

    assert all(per_second(audio[:, 1]))


@pytest.mark.usefixtures("pyav")
def test_another_decoder_is_another_tag(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A browser keeps what it has heard: not the silence from before the extra was there."""
    shelf = taken(tmp_path, [*AGENT.sent(), *said_in(G729)], parties(G729))
    with RecordingReader(shelf.parts) as reader:
        decoded = reader.rendering().etag
        request.getfixturevalue("without_pyav")
        assert reader.rendering().etag != decoded


def test_a_map_of_before_says_of_one_codec_alone_where_it_is(tmp_path: Path) -> None:
    """Of several it knows how many packets of each: where they lie is read from the packets."""
    voice = replace(AGENT, stream=1, ssrc=0xE5, sequence=0).sent()
    mixed = taken(tmp_path, [*voice[:100], *said_in(EVS, begin_s=2)], parties(EVS))
    with RecordingReader(mixed.parts) as reader:
        (told,) = reader.maps
        whole = silences(reader)
    with RecordingReader([mapped(mixed.parts[0], sounds=msgspec.UNSET)]) as reader:
        assert silences(reader) == whole == [("EVS", 2.0, 6.0, (0,))]

    assert tells_codecs(told)
    assert not tells_codecs(msgspec.structs.replace(told, sounds=msgspec.UNSET))
