"""Recordings as they are heard: placement, lanes, ranges, damage."""

import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings, strategies as st
from numpy.typing import NDArray

from archive.call.events import Event, Format, MetadataReceived
from archive.call.legs import Decided
from archive.errors import RecordingCut, RecordingDamaged
from archive.format.floe import FloeMessage
from archive.reading.recording import (
    NoSuchLane,
    PartOnDisk,
    PartsDiffer,
    RecordingReader,
    Rendering,
)
from archive.reading.sound import g711
from archive.reading.sound.resample import resample
from tests.archive.catalog.examples import opened
from tests.archive.reading.scenes import (
    KEY,
    OPUS,
    PACKET,
    START_US,
    Packet,
    Shelf,
    Talk,
    added,
    ended,
    event_frames,
    frame_of,
    long_talk,
    number,
    party,
)
from tests.archive.reading.vectors import without_pyav
from tests.support.reading.recording import mapped

__all__ = ["without_pyav"]
HEADER_BYTES = 44


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(folder=tmp_path)


def heard(parts: Sequence[PartOnDisk], lanes: Sequence[int] = ()) -> NDArray[np.int16]:
    """All samples as a listener's own software reads them, shape (samples, lanes)."""
    with RecordingReader(parts) as recording:
        rendering = recording.rendering(lanes)
        whole = rendering.read(0, rendering.total_bytes)
    assert len(whole) == rendering.total_bytes
    samples: NDArray[np.int16]
    samples, _ = soundfile.read(io.BytesIO(whole), dtype="int16", always_2d=True)
    return samples


def spoken(talk: Talk, law: g711.Law = "PCMU") -> NDArray[np.int16]:
    return g711.decode(talk.payloads().reshape(-1), law)


def test_a_stream_is_heard_as_its_own_decode_where_it_arrived(shelf: Shelf) -> None:
    """What was said, when it was said: the one promise of a recording."""
    talk = Talk(begin_us=START_US + 500_000)
    shelf.write(talk.sent(), [added(0), ended(START_US + 2_000_000)])

    audio = heard(shelf.parts)

    assert audio.shape == (16_000, 2)
    assert np.array_equal(audio[4_000:12_000, 0], spoken(talk))
    assert not audio[:4_000].any()
    assert not audio[12_000:].any()
    assert not audio[:, 1].any()


@pytest.mark.parametrize(("payload_type", "law"), [(0, "PCMU"), (8, "PCMA")])
def test_each_payload_type_is_decoded_by_its_law(
    shelf: Shelf, payload_type: int, law: g711.Law
) -> None:
    """A-law played as µ-law is noise at full volume."""
    talk = Talk(payload_type=payload_type)
    shelf.write(talk.sent(), [added(0)])

    assert np.array_equal(heard(shelf.parts)[:, 0], spoken(talk, law))


def test_a_lost_packet_keeps_its_place_as_silence(shelf: Shelf) -> None:
    """A gap that closes moves everything behind it against the other party."""
    talk = Talk()
    packets = talk.sent()
    del packets[20:23]
    shelf.write(packets, [added(0)])

    expected = spoken(talk).copy()
    expected[20 * PACKET : 23 * PACKET] = 0
    assert np.array_equal(heard(shelf.parts)[:, 0], expected)


def test_reordered_and_doubled_packets_are_heard_once_and_in_order(shelf: Shelf) -> None:
    """The network shuffles; the listener must not notice."""
    talk = Talk()
    packets = talk.sent()
    late = replace(packets[10], arrival_us=packets[12].arrival_us + 1)
    double = replace(packets[30], arrival_us=packets[31].arrival_us + 1)
    packets[10] = late
    shelf.write([*packets, double], [added(0)])

    assert np.array_equal(heard(shelf.parts)[:, 0], spoken(talk))


def test_what_overlaps_earlier_audio_gives_way(shelf: Shelf) -> None:
    """Where two packets claim a moment, one rule says which is heard, in every range."""
    talk = Talk()
    packets = talk.sent()
    packets[5] = replace(packets[5], datagram=packets[5].datagram + bytes(80))
    shelf.write(packets, [added(0)])

    expected = spoken(talk).copy()
    expected[6 * PACKET : 6 * PACKET + 80] = g711.decode(np.zeros(80, np.uint8), "PCMU")
    assert np.array_equal(heard(shelf.parts)[:, 0], expected)


@pytest.mark.parametrize("talk", [Talk(sequence=65_520), Talk(timestamp=(1 << 32) - 10 * PACKET)])
def test_counters_that_wrap_are_not_heard(shelf: Shelf, talk: Talk) -> None:
    """Both wrap in every long call."""
    shelf.write(talk.sent(), [added(0)])

    assert np.array_equal(heard(shelf.parts)[:, 0], spoken(talk))


def test_a_new_source_goes_on_where_it_arrives(shelf: Shelf) -> None:
    """After a transfer the same stream comes from another device with counters of its own."""
    first = Talk()
    second = Talk(begin_us=START_US + 1_200_000, ssrc=7, sequence=9, timestamp=99, seed=2)
    shelf.write([*first.sent(), *second.sent()], [added(0)])

    audio = heard(shelf.parts)[:, 0]
    assert np.array_equal(audio[:8_000], spoken(first))
    assert not audio[8_000:9_600].any()
    assert np.array_equal(audio[9_600:], spoken(second))


@pytest.mark.parametrize("stamps_go_on", [True, False])
def test_hold_keeps_its_place_whatever_the_timestamps_do(shelf: Shelf, stamps_go_on: bool) -> None:
    """Some senders count time on hold and some do not; the minute was a minute."""
    first = Talk()
    pause = 60 * 8_000 if stamps_go_on else 0
    second = Talk(
        begin_us=START_US + 61_000_000,
        sequence=first.sequence + 50,
        timestamp=first.timestamp + 50 * PACKET + pause,
        seed=2,
    )
    shelf.write([*first.sent(), *second.sent()], [added(0)])

    audio = heard(shelf.parts)[:, 0]
    assert np.array_equal(audio[:8_000], spoken(first))
    assert not audio[8_000 : 61 * 8_000].any()
    assert np.array_equal(audio[61 * 8_000 :], spoken(second))


def test_jitter_moves_nothing(shelf: Shelf) -> None:
    """Packets are placed by timestamp; only the fastest one says where the line lies."""
    talk = Talk(packets=200)
    delays = np.random.default_rng(3).integers(0, 60_000, 200)
    delays[50] = 0
    packets = [
        replace(p, arrival_us=p.arrival_us + int(d))
        for p, d in zip(talk.sent(), delays, strict=True)
    ]
    shelf.write(packets, [added(0)])

    assert np.array_equal(heard(shelf.parts)[:, 0], spoken(talk))


def test_sender_reports_put_both_parties_on_the_senders_clock(shelf: Shelf) -> None:
    """One leg that comes 100 ms later through the network was not spoken 100 ms later."""
    left, right = Talk(stream=0), Talk(stream=1, ssrc=8, seed=2)
    reports = [
        t.report(at_us=START_US + 500_000, clock_us=START_US + 400_000) for t in (left, right)
    ]
    shelf.write([*left.sent(), *right.sent(delay_us=100_000), *reports], [added(0), added(1)])

    audio = heard(shelf.parts)
    assert np.array_equal(audio[:8_000, 0], spoken(left))
    assert np.array_equal(audio[:8_000, 1], spoken(right))


def test_a_sender_with_a_wrong_clock_is_placed_by_arrival(shelf: Shelf) -> None:
    """A sender an hour off must not move its audio by an hour."""
    talk = Talk()
    report = talk.report(at_us=START_US + 500_000, clock_us=START_US + 3_600_000_000)
    shelf.write([*talk.sent(), report], [added(0)])

    assert np.array_equal(heard(shelf.parts)[:, 0], spoken(talk))


def test_customer_is_left_and_agent_right_whatever_their_order(shelf: Shelf) -> None:
    """Who listens to a hundred calls must not have to find out each time."""
    agent, customer = Talk(stream=0), Talk(stream=1, ssrc=8, seed=2)
    events: list[Event] = [added(0), added(1), party(0, "agent"), party(1, "customer")]
    shelf.write([*agent.sent(), *customer.sent()], events)

    audio = heard(shelf.parts)
    assert np.array_equal(audio[:, 0], spoken(customer))
    assert np.array_equal(audio[:, 1], spoken(agent))


def test_a_mixed_stream_is_heard_on_both_sides(shelf: Shelf) -> None:
    """Two people on one stream: half of all players would else have been silent on one ear."""
    talk = Talk(stream=0)
    mixed = msgspec.structs.replace(party(0, "unknown", "a"), also=("b",))
    shelf.write(talk.sent(), [added(0), mixed])

    audio = heard(shelf.parts)
    assert audio.shape[1] == 2
    assert np.array_equal(audio[:, 0], spoken(talk))
    assert np.array_equal(audio[:, 1], spoken(talk))
    with RecordingReader(shelf.parts) as recording:
        left, right = recording.peaks()
        assert len(recording.timeline.lanes) == 1
    assert left == right
    assert any(left.high)


def test_what_the_index_knows_of_sides_decides_who_is_heard_where(shelf: Shelf) -> None:
    """The table of agents puts a person on the right whom the order of streams had put left."""
    agent, customer = Talk(stream=0), Talk(stream=1, ssrc=8, seed=2)
    events: list[Event] = [added(0), added(1), party(0, "customer"), party(1, "agent")]
    shelf.write([*agent.sent(), *customer.sent()], events)

    sides = {0: Decided(side="agent"), 1: Decided(side="customer")}
    with RecordingReader(shelf.parts, sides=sides) as recording:
        audio = np.concatenate(list(recording.rendering().audio_blocks()))
        known = recording.rendering().etag
    assert np.array_equal(audio[:, 0], spoken(customer))
    with RecordingReader(shelf.parts) as guessed:
        assert guessed.rendering().etag != known


def test_a_third_party_gets_a_lane_and_a_late_begin(shelf: Shelf) -> None:
    """A supervisor who joins is neither the customer nor the agent."""
    talks = [Talk(stream=n, ssrc=n + 1, seed=n) for n in range(3)]
    talks[2] = replace(talks[2], begin_us=START_US + 3_000_000)
    events: list[Event] = [added(0), added(1), added(2), party(0, "customer"), party(1, "agent")]
    shelf.write([p for t in talks for p in t.sent()], [*events, party(2, "agent", "other")])

    audio = heard(shelf.parts)
    assert audio.shape == (32_000, 3)
    assert np.array_equal(audio[24_000:, 2], spoken(talks[2]))
    assert not audio[:24_000, 2].any()
    assert np.array_equal(heard(shelf.parts, [2, 0])[:, 0], audio[:, 2])


def test_digits_are_silence_and_chop_nothing(shelf: Shelf) -> None:
    """Keys pressed are not audio, and the words beside them stay."""
    talk = Talk()
    digit = struct.pack(">BBHII", 0x80, 101, 1050, talk.timestamp + 800, talk.ssrc) + bytes(4)
    shelf.write([*talk.sent(), Packet(arrival_us=START_US + 990_000, datagram=digit)], [added(0)])

    assert np.array_equal(heard(shelf.parts)[:, 0], spoken(talk))


@pytest.mark.usefixtures("without_pyav")
def test_where_a_codec_is_not_here_its_own_lane_is_silent(shelf: Shelf) -> None:
    """Whoever can be heard is, at a rate that loses nothing once the extra is there."""
    talk = Talk()
    other = Talk(stream=1, ssrc=8, payload_type=111, begin_us=START_US + 5_000_000)
    shelf.write([*talk.sent(), *other.sent()], [added(0), added(1, OPUS)])

    audio = heard(shelf.parts)

    assert np.array_equal(audio[:16_000, 0], resample(spoken(talk), 8_000, 16_000))
    assert not audio[:, 1].any()


def test_the_format_in_force_when_a_packet_arrived_decodes_it(shelf: Shelf) -> None:
    """A dynamic payload type may change its meaning in mid-call."""
    mu = replace(Talk(payload_type=96), seed=4)
    a = Talk(
        payload_type=96, begin_us=START_US + 1_000_000, sequence=1050, timestamp=48_000, seed=5
    )
    offers = [
        added(0, _renamed("PCMU"), at_us=START_US),
        added(0, _renamed("PCMA"), at_us=START_US + 1_000_000),
    ]
    shelf.write([*mu.sent(), *a.sent()], offers)

    audio = heard(shelf.parts)[:, 0]
    assert np.array_equal(audio[:8_000], spoken(mu))
    assert np.array_equal(audio[8_000:], spoken(a, "PCMA"))


def _renamed(encoding: str) -> Format:
    return Format(payload_type=96, encoding=encoding, clock_rate_hz=8000)


def test_a_recording_is_rendered_at_the_rate_of_one_that_it_is_heard_with(shelf: Shelf) -> None:
    """A transfer from a desk phone to a browser is one time line with one rate."""
    talk = Talk(packets=300)
    shelf.write(talk.sent(), [added(0)])
    with RecordingReader(shelf.parts) as recording:
        own, raised = recording.rendering([0]), recording.rendering([0], rate_hz=16_000)
        samples = np.concatenate(list(raised.audio_blocks()))[:, 0]

    assert (own.sample_rate, raised.sample_rate) == (8_000, 16_000)
    assert raised.samples == 2 * own.samples
    assert own.etag != raised.etag
    assert np.array_equal(samples, resample(spoken(talk), 8_000, 16_000))


def test_a_part_that_follows_goes_on_without_a_seam(shelf: Shelf) -> None:
    """The fastest packet of the second hour must not shift the audio against the first."""
    talk = Talk(packets=100)
    packets = [replace(p, arrival_us=p.arrival_us + 3_333) for p in talk.sent()]
    packets[20] = replace(packets[20], arrival_us=packets[20].arrival_us - 3_333)
    shelf.write(packets[:50], [added(0)]).write(packets[50:], [added(0)])

    assert np.array_equal(heard(shelf.parts)[:, 0], spoken(talk))


def test_what_a_successor_repeats_is_heard_once(shelf: Shelf) -> None:
    """A killed writer's last sweep stands in two parts."""
    talk = Talk(packets=100)
    packets = number(talk.sent())
    events = event_frames([added(0)])
    shelf.write_frames([events, [frame_of(packets[:50])]], finish=False)
    shelf.write_frames([events, [frame_of(packets[30:])]])

    assert np.array_equal(heard(shelf.parts)[:, 0], spoken(talk))
    with RecordingReader(shelf.parts) as recording:
        assert sum(int(fresh.sum()) for _, fresh in recording.packets()) == 100


@pytest.mark.parametrize("step_us", [3_600_000_000, -3_600_000_000])
def test_a_clock_that_steps_tears_no_hole_and_hides_nothing(shelf: Shelf, step_us: int) -> None:
    """An hour's correction during a call is an event, not an hour of silence."""
    talk = Talk(packets=150)
    packets = number(talk.sent())
    stepped = [replace(p, arrival_us=p.arrival_us + step_us) for p in packets]
    early, late = packets[:70], stepped[70:]
    frames = [
        *([frame_of(early[n : n + 20])] for n in range(0, 60, 20)),
        [frame_of([*early[60:], *late[:10]], clock_offset_us=step_us)],
        *([frame_of(late[n : n + 20], clock_offset_us=step_us)] for n in range(10, 80, 20)),
    ]
    shelf.write_frames([event_frames([added(0)]), *frames])

    assert np.array_equal(heard(shelf.parts)[:, 0], spoken(talk))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rendering]:
    """Two parts, three streams, loss, jitter, sources that change."""
    shelf = Shelf(folder=tmp_path_factory.mktemp("busy"))
    rng = np.random.default_rng(11)
    talks = [Talk(stream=n, ssrc=n + 1, seed=n, packets=400) for n in range(3)]
    talks.append(Talk(stream=0, ssrc=9, seed=9, packets=300, begin_us=START_US + 7_500_000))
    packets = [
        replace(p, arrival_us=p.arrival_us + int(rng.integers(0, 300_000)))
        for talk in talks
        for p in talk.sent()
        if rng.random() > 0.1
    ]
    cut_us = START_US + 5_000_000
    events = [added(0), added(1), added(2)]
    shelf.write([p for p in packets if p.arrival_us < cut_us], events)
    shelf.write([p for p in packets if p.arrival_us >= cut_us], events)
    with RecordingReader(shelf.parts) as recording:
        yield recording.rendering()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_range_is_that_of_the_whole(busy: Rendering, data: st.DataObject) -> None:
    """A player asks for ranges; two answers that differ are a broken file."""
    whole = busy.read(0, busy.total_bytes)
    start = data.draw(st.integers(0, busy.total_bytes))
    stop = data.draw(st.integers(start, min(start + 20_000, busy.total_bytes)))

    assert busy.read(start, stop) == whole[start:stop]
    assert b"".join(busy.blocks(start)) == whole[start:]


def test_documents_from_before_a_call_put_no_silence_in_front_of_it(tmp_path: Path) -> None:
    """Each call of a session that lasts all day repeats them; at their old times, it once did."""
    lengths = []
    for earlier_us in (0, 3_600_000_000):
        shelf = Shelf(folder=tmp_path / str(earlier_us))
        shelf.folder.mkdir()
        before = MetadataReceived(at_us=START_US - earlier_us, content_type="x", body=b"<r/>")
        shelf.write(list(Talk(stream=0, packets=100).sent()), [opened(START_US), before, added(0)])
        with RecordingReader(shelf.parts) as recording:
            lengths.append(recording.rendering().total_bytes)

    assert lengths == [HEADER_BYTES + 2 * 32_000] * 2


HOURS = [0.5, pytest.param(3.0, marks=pytest.mark.slow)]


@pytest.fixture(scope="module", params=HOURS)
def hours(request: pytest.FixtureRequest) -> float:
    """How long somebody talks: half an hour in every run, a whole afternoon by `make thorough`."""
    return float(request.param)


@pytest.fixture(scope="module")
def long_call(hours: float, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartOnDisk]:
    """Up to 210 MB, which are not left on the disk."""
    shelf = Shelf(folder=tmp_path_factory.mktemp("long"))
    writes = zip(long_talk(hours, 0), long_talk(hours, 1), strict=True)
    shelf.write_frames([event_frames([added(0), added(1)]), *(list(pair) for pair in writes)])
    yield mapped(shelf.parts[0])
    shelf.parts[0].path.unlink()


@pytest.mark.parametrize("place", [0, 0.5, 0.999])
def test_a_seek_in_hours_opens_a_few_dozen_segments(
    long_call: PartOnDisk, hours: float, place: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any seek within 100 ms: that is a few segments of 51,000, not a scan."""
    length_s = int(hours * 3600)
    opened: list[int] = []
    decrypt = FloeMessage.open_segment

    def counted(message: FloeMessage, position: int, segment: bytes) -> bytes:
        opened.append(position)
        return decrypt(message, position, segment)

    monkeypatch.setattr(FloeMessage, "open_segment", counted)
    with RecordingReader([long_call]) as recording:
        rendering = recording.rendering()
        of_map = len(opened)
        start = HEADER_BYTES + int(place * length_s) * 32_000
        piece = rendering.read(start, start + 65_536)

    assert rendering.total_bytes == HEADER_BYTES + length_s * 32_000
    assert any(piece)
    assert len(opened) - of_map <= 36
    assert of_map < 1_000


@pytest.mark.parametrize("with_map", [True, False])
def test_damage_is_heard_by_nobody_and_silences_nobody_else(shelf: Shelf, with_map: bool) -> None:
    """Wrong audio is worse than none, and one bad block must not cost an hour."""
    talk = Talk(packets=1_000)
    shelf.write(talk.sent(), [added(0)])
    part = mapped(shelf.parts[0]) if with_map else shelf.parts[0]
    raw = bytearray(part.path.read_bytes())
    raw[4096 * 30 + 100] ^= 1
    part.path.write_bytes(raw)

    expected, outcomes = spoken(talk), []
    with RecordingReader([part]) as recording:
        rendering = recording.rendering([0])
        for second in range(20):
            start = HEADER_BYTES + second * 16_000
            try:
                piece = np.frombuffer(rendering.read(start, start + 16_000), "<i2")
            except RecordingDamaged:
                outcomes.append("damaged")
            else:
                assert np.array_equal(piece, expected[second * 8_000 :][: len(piece)])
                outcomes.append("right")

    assert outcomes.count("right") >= 14
    assert outcomes.count("damaged") >= 1


def test_a_file_cut_behind_its_map_gives_what_is_left(shelf: Shelf) -> None:
    """The map says how long it was: what is gone raises, what is there plays."""
    talk = Talk(packets=1_000)
    shelf.write(talk.sent(), [added(0)])
    part = mapped(shelf.parts[0])
    with part.path.open("r+b") as file:
        file.truncate(4096 * 20)

    with RecordingReader([part]) as recording:
        rendering = recording.rendering([0])
        first = np.frombuffer(rendering.read(HEADER_BYTES, HEADER_BYTES + 16_000), "<i2")
        assert np.array_equal(first, spoken(talk)[:8_000])
        with pytest.raises(RecordingCut):
            rendering.read(HEADER_BYTES + 200_000, HEADER_BYTES + 216_000)


def test_a_live_part_is_what_it_was_when_opened(shelf: Shelf) -> None:
    """A Content-Length that was said must be kept while the call goes on."""
    talk = Talk()
    shelf.write(talk.sent(), [added(0)], finish=False)
    with RecordingReader(shelf.parts) as recording:
        rendering = recording.rendering()
        before = rendering.read(0, rendering.total_bytes)
        with shelf.parts[0].path.open("ab") as file:
            file.write(bytes(8192))

        assert rendering.read(0, 1 << 40) == before
        assert len(before) == rendering.total_bytes


def test_the_etag_changes_with_the_bytes_and_with_nothing_else(shelf: Shelf) -> None:
    """If-Range depends on it."""
    shelf.write(Talk().sent(), [added(0)])
    with RecordingReader(shelf.parts) as first, RecordingReader(shelf.parts) as second:
        tags = [first.rendering().etag, second.rendering().etag, first.rendering([0]).etag]

    assert tags[0] == tags[1]
    assert tags[0] != tags[2]


def test_waveforms_of_all_lanes_have_one_length(shelf: Shelf) -> None:
    """The page draws them above each other."""
    talk = Talk(begin_us=START_US + 1_000_000)
    shelf.write(talk.sent(), [added(0), ended(START_US + 3_000_000)])
    with RecordingReader(shelf.parts) as recording:
        left, right = recording.peaks()

    loud = np.flatnonzero(np.frombuffer(left.high, np.int8))
    assert len(left.low) == len(right.high) == 150
    assert (loud[0], loud[-1]) == (50, 99)
    assert not any(right.low)


def test_a_key_that_can_be_zeroed_is_zeroed(shelf: Shelf) -> None:
    """The API opens many recordings a day; their keys must not pile up in its memory."""
    shelf.write(Talk().sent(), [added(0)])
    key = bytearray(KEY)
    with RecordingReader([replace(shelf.parts[0], data_key=lambda: key)]) as recording:
        assert any(recording.rendering().read(0, 1_000))

    assert not any(key)


def test_parts_of_two_recordings_make_none(shelf: Shelf) -> None:
    """A mix-up of two calls must not play."""
    shelf.write(Talk().sent(), [added(0)])

    with pytest.raises(PartsDiffer):
        RecordingReader([])
    with pytest.raises(PartsDiffer):
        RecordingReader([shelf.parts[0], shelf.parts[0]])
    with RecordingReader(shelf.parts) as recording, pytest.raises(NoSuchLane):
        recording.rendering([2])


@pytest.mark.parametrize("fate", ["damaged", "removed", "unreadable"])
def test_a_recording_whose_map_is_lost_sounds_and_looks_the_same(shelf: Shelf, fate: str) -> None:
    """The map is worked out of the packets: who listens waits for it once more."""
    shelf.write(Talk().sent(), [added(0)])
    part = mapped(shelf.parts[0])
    assert part.map_path is not None
    with RecordingReader([part]) as whole:
        before = whole.rendering().read(0, 1 << 20), whole.peaks()
    raw = bytearray(part.map_path.read_bytes())
    raw[-20] ^= 1
    part.map_path.unlink()
    match fate:
        case "damaged":
            part.map_path.write_bytes(raw)
        case "unreadable":
            part.map_path.mkdir()

    with RecordingReader([part]) as recording:
        assert (recording.rendering().read(0, 1 << 20), recording.peaks()) == before
