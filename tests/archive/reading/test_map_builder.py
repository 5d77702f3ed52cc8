"""The map of a part, made in one pass."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from archive.call.events import MetadataReceived, encode_event
from archive.errors import FrameDamaged, RecordingDamaged
from archive.format.frames import HEAD_BYTES, WHOLE_RECORDING, Frame, FrameKind
from archive.format.part_reader import PartReader
from archive.format.runs import run_of
from archive.format.segments import FileSource
from archive.reading.map_builder import MapBuilder, build_map_of_what_is_left, read_event
from archive.reading.timemap import CodecUse, TimeMap, encode_map
from tests.archive.reading.scenes import (
    KEY,
    PCMA,
    SALT,
    START_US,
    SWEEP_US,
    Shelf,
    Talk,
    added,
    ended,
    event_frames,
    frame_of,
    long_talk,
    number,
)
from tests.support.reading.mapping import mapped


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(folder=tmp_path)


def test_a_map_says_what_the_part_holds(shelf: Shelf) -> None:
    """Player, page and retention work from the map alone."""
    talk, digits = Talk(packets=100), Talk(packets=3, payload_type=101, ssrc=9)
    packets = [*talk.sent(), *digits.sent()]
    del packets[40:43]
    shelf.write(packets, [added(0), ended(START_US + 9_000_000)])
    made = mapped(shelf.parts[0].path)

    (stream,) = made.streams
    assert [span.ssrc for span in stream.spans] == [talk.ssrc, 9]
    assert (stream.counts.packets, stream.counts.lost) == (100, 3)
    assert stream.codecs == (
        CodecUse(payload_type=0, encoding="PCMU", clock_rate_hz=8000, packets=97),
        CodecUse(payload_type=101, encoding="telephone-event", clock_rate_hz=8000, packets=3),
    )
    assert (made.line.first_us, made.line.last_us) == (START_US, START_US + 9_000_000)
    assert len(made.root) == 32
    assert len(stream.peaks.low) == 100


def test_the_same_part_gives_the_same_bytes(shelf: Shelf) -> None:
    """A part that is adopted twice leaves one map."""
    shelf.write(Talk(packets=300).sent(), [added(0)])
    path = shelf.parts[0].path

    assert encode_map(mapped(path)) == encode_map(mapped(path))
    assert mapped(path, b"\1" * 32).root != mapped(path).root


def test_spans_stand_in_the_order_in_which_they_began(shelf: Shelf) -> None:
    """Who was first is heard first: neither the source's number nor our blocks may decide it."""
    talks = [
        Talk(ssrc=ssrc, packets=10, begin_us=START_US + n * 100_000, timestamp=n * 800)
        for n, ssrc in enumerate([9, 5, 7])
    ]
    shelf.write([p for talk in talks for p in talk.sent()], [added(0)])
    (stream,) = mapped(shelf.parts[0].path).streams

    assert [span.ssrc for span in stream.spans] == [9, 5, 7]


@pytest.mark.parametrize("step_us", [3_600_000_000, -3_600_000_000])
def test_a_clock_step_makes_no_hour_of_seconds(shelf: Shelf, step_us: int) -> None:
    """Every seek behind it would read from the step on."""
    packets = number(Talk(packets=150).sent())
    late = [replace(p, arrival_us=p.arrival_us + step_us) for p in packets[70:]]
    before = [[frame_of(packets[n : n + 20])] for n in (0, 20, 40)]
    after = [[frame_of(late[n : n + 20], clock_offset_us=step_us)] for n in (10, 30, 50, 70)]
    torn = [frame_of([*packets[60:70], *late[:10]], clock_offset_us=step_us)]
    shelf.write_frames([*before, torn, *after])
    made = mapped(shelf.parts[0].path)

    assert len(made.seconds.first) <= 7
    assert made.line.stepped_us == step_us


def many_frames() -> list[Frame]:
    """Of two codecs, before, across and behind a step of the clock; each at its place."""
    packets, step_us = number(Talk(packets=120).sent()), 3_600_000_000
    late = [replace(p, arrival_us=p.arrival_us + step_us) for p in packets[50:]]
    frames = [
        *event_frames([added(0)]),
        frame_of(packets[:30]),
        frame_of(packets[20:50]),
        frame_of([*packets[40:50], *late[:10]], clock_offset_us=step_us),
        replace(event_frames([added(0, PCMA, at_us=START_US + step_us)])[0], serial=1),
        frame_of(late[10:40], clock_offset_us=step_us),
        frame_of([Talk().report(at_us=START_US + 9_000_000, clock_us=START_US)]),
        replace(event_frames([ended(START_US + 11_000_000)])[0], serial=2),
        frame_of(late[40:], clock_offset_us=0),
    ]
    placed, position = list[Frame](), 0
    for frame in frames:
        placed.append(replace(frame, position=position))
        position += HEAD_BYTES + len(frame.payload)
    return placed


def map_of(frames: Sequence[Frame], *borders: int) -> TimeMap:
    """Of the frames in runs that end at the borders."""
    builder = MapBuilder(SALT)
    for begin, end in pairwise([0, *borders, len(frames)]):
        builder.add(run_of(frames[begin:end]))
    return builder.finish(frames[-1].position + HEAD_BYTES + len(frames[-1].payload))


def test_a_map_is_the_same_however_its_frames_are_cut_into_runs() -> None:
    """Events and steps of the clock count from their place on, not from a run's begin."""
    frames = many_frames()
    one_by_one = map_of(frames, *range(1, len(frames)))

    @settings(max_examples=30)
    @given(st.sets(st.integers(1, len(frames) - 1)))
    def is_the_same(cuts: set[int]) -> None:
        assert map_of(frames, *sorted(cuts)) == one_by_one

    is_the_same()


@pytest.mark.parametrize("at_us", [10**30, -(10**30)])
def test_an_event_of_no_time_is_mapped(shelf: Shelf, at_us: int) -> None:
    """Its writer was wrong; what it recorded is to be kept and found all the same."""
    packets = number(Talk(packets=20).sent())
    late = frame_of(packets[10:], clock_offset_us=3_600_000_000)
    event = Frame(FrameKind.EVENT, 0, WHOLE_RECORDING, 0, 0, encode_event(ended(at_us)))
    shelf.write_frames([[event], [frame_of(packets[:10])], [late]])

    assert mapped(shelf.parts[0].path).streams[0].counts.packets == 20


def test_metadata_stays_in_the_part(shelf: Shelf) -> None:
    """Names and numbers of everybody in a call have no place in what a waveform needs."""
    document = MetadataReceived(at_us=START_US, content_type="x", body=b"a secret name")
    shelf.write(Talk().sent(), [added(0), document])
    made = mapped(shelf.parts[0].path)

    assert [entry.serial for entry in made.events] == [0]
    assert b"YSBzZWNyZXQ" not in encode_map(made)


def test_a_seconds_packets_lie_between_its_offsets(shelf: Shelf) -> None:
    """The promise of the map, against a scan of the whole part."""
    shelf.write(Talk(packets=500).sent(delay_us=3_000), [added(0)])
    made = mapped(shelf.parts[0].path)

    with FileSource(shelf.parts[0].path) as source, PartReader(source, KEY) as reader:
        frames = [f for f in reader.frames() if f.kind is FrameKind.PACKETS]
    for second in range(10):
        asked = START_US + second * 1_000_000
        found = made.seconds.find(asked, asked)
        inside = [f for f in frames if found.start <= f.position < found.stop]
        assert inside
        assert any(f.at_us <= asked + SWEEP_US for f in inside)
        assert len(inside) <= 6


@pytest.mark.parametrize("finish", [True, False])
def test_a_part_that_is_still_written_or_torn_has_a_map(shelf: Shelf, finish: bool) -> None:
    """A live call is heard before anybody adopts it."""
    shelf.write(Talk(packets=100).sent(), [added(0)], finish=finish)
    with FileSource(shelf.parts[0].path) as source, PartReader(source, KEY) as reader:
        made = build_map_of_what_is_left(reader, SALT)

    assert made.streams[0].counts.packets == 100


def test_damage_is_refused_by_the_keeper_and_stepped_over_by_the_listener(shelf: Shelf) -> None:
    """The keeper maps only what is whole; who listens takes what is left."""
    shelf.write(Talk(packets=500).sent(), [added(0)])
    raw = bytearray(shelf.parts[0].path.read_bytes())
    raw[4096 * 10] ^= 1
    shelf.parts[0].path.write_bytes(raw)

    with pytest.raises(RecordingDamaged):
        mapped(shelf.parts[0].path)
    with FileSource(shelf.parts[0].path) as source, PartReader(source, KEY) as reader:
        made = build_map_of_what_is_left(reader, SALT)
    assert 400 < made.streams[0].counts.packets < 500


def test_an_event_of_another_world_is_named() -> None:
    """A verified frame with a type that this version does not know is no reason to guess."""
    frame = Frame(FrameKind.EVENT, 0, WHOLE_RECORDING, 0, 0, b'{"type":"later"}', 77)

    with pytest.raises(FrameDamaged) as damage:
        read_event(frame)
    assert damage.value.position == 77


def test_memory_does_not_grow_with_the_packets(shelf: Shelf) -> None:
    """A part of an hour is mapped beside a hundred others."""
    shelf.write_frames([[frame] for frame in long_talk(0.5, 0)])
    tracemalloc.start()
    made = mapped(shelf.parts[0].path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert made.streams[0].counts.packets == 90_000
    assert most < 40_000_000


def test_both_peaks_of_a_wave_are_seen(shelf: Shelf) -> None:
    """A waveform that shows half a wave shows half the voices."""
    talk = Talk(packets=10)
    loud = [replace(p, datagram=p.datagram[:12] + bytes([0x00, 0x80] * 80)) for p in talk.sent()]
    shelf.write(loud, [added(0)])
    peaks = mapped(shelf.parts[0].path).streams[0].peaks

    assert set(np.frombuffer(peaks.low, np.int8).tolist()) == {-125}
    assert set(np.frombuffer(peaks.high, np.int8).tolist()) == {125}


def test_reports_on_the_port_of_rtp_are_reports(shelf: Shelf) -> None:
    """RFC 5761: they place the stream, and are no speech that is missing or cannot be placed."""
    talk = Talk(packets=100)
    report = talk.report(at_us=START_US + 500_000, clock_us=START_US + 430_000)
    muxed = replace(report, rtcp=False)
    shelf.write(number([*talk.sent(delay_us=70_000), muxed]), [added(0)])
    (stream,) = mapped(shelf.parts[0].path).streams

    assert (stream.counts.packets, stream.counts.lost) == (100, 0)
    assert [span.source for span in stream.spans] == ["sr"]
    assert [use.encoding for use in stream.codecs] == ["PCMU"]
