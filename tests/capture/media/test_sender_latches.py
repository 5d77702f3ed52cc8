"""Whose packets a worker's streams hear: by columns as packet by packet."""

import socket
import struct
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from archive.format.media_latch import Latch, Place, Verdict, host_of
from archive.ids import RecordingId, TenantId
from capture.holder.landing_buffer import LandingRing, Run
from capture.holder.worker_board import CROWDED
from capture.links.recorder_messages import (
    LatchWanted,
    MediaSender,
    SenderAside,
    SenderHeard,
    StreamWanted,
)
from capture.media.batch_receiver import Columns, read_columns
from capture.media.live import LiveRecording, LiveStream, rtp_owner
from capture.media.relay_intake import scratch_ring
from capture.media.sender_latches import MAX_TOLD, TOLD_AFTER_US, LatchVerdicts, SenderLatches
from tests.capture.media.scene import Node, record, recording_id, rtp
from tests.support.archive.media_latch import OTHER, Sent, noises, sender, talk

WANTED = LatchWanted(rule="first", address="192.0.2.1", port=4000)
OFFSET_US = 7_000_000_000


@pytest.fixture(scope="module")
def ring() -> LandingRing:
    return scratch_ring()


def live(latch: LatchWanted | None = WANTED, pair: int = 0) -> LiveStream:
    recording = LiveRecording(RecordingId(b"r" * 16), TenantId(b"t" * 16))
    wanted = StreamWanted(stream=3, pair=pair, clock_hz=8000, latch=latch)
    return LiveStream(wanted, (-1, 1), (-1, 2), recording)


def landed(ring: LandingRing, sent: Sequence[Sent], base: int) -> Columns:
    """Packets of one stream as `recvmmsg` leaves them."""
    ring.rebase(base)
    for slot, each in enumerate(sent):
        host, port = host_of(each.by.source.address), each.by.source.port
        ring.names[slot] = 0
        name = struct.pack("<H", socket.AF_INET) + struct.pack(">H", port)
        if ":" in host:
            name = struct.pack("<H", socket.AF_INET6) + struct.pack(">HI", port, 0)
            name += each.by.source.address
        else:
            name += each.by.source.address[-4:]
        ring.names[slot, : len(name)] = list(name)
        packet = rtp(slot, b"", ssrc=each.by.ssrc)
        ring.small[slot, : len(packet)] = list(packet)
        ring.headers["len"][slot] = len(packet)
        at_us = each.at_us + OFFSET_US
        ring.stamps[slot, 2:4] = at_us // 1_000_000, at_us % 1_000_000 * 1_000
    return read_columns(ring, [Run(rtp_owner(0), 0, len(sent))])


def judged(
    latches: SenderLatches, ring: LandingRing, stream: LiveStream, sent: Sequence[Sent], base: int
) -> LatchVerdicts:
    return latches.judge(ring, landed(ring, sent, base), [stream], OFFSET_US)


def heard_by(latch: Latch) -> list[SenderHeard]:
    if latch.heard is None:
        return []
    by = latch.heard.sender
    name = MediaSender(host_of(by.source.address), by.source.port, by.ssrc)
    return [SenderHeard(recording=b"r" * 16, stream=3, sender=name)]


@settings(max_examples=60, deadline=None)
@given(noises, st.lists(st.integers(0, 400), max_size=8))
def test_batches_are_judged_as_packet_by_packet(
    ring: LandingRing, noise: list[Sent], cuts: list[int]
) -> None:
    """Whatever was taken at once, and whatever shortcut was taken by columns."""
    noise = [each for each in noise if ":" not in host_of(each.by.source.address)]
    later = talk(sender(ssrc=2), begin_us=2_400_000, packets=99)
    sent = sorted([*talk(sender(), packets=100), *noise, *later])
    latches, stream, latch = SenderLatches(4), live(), Latch("first", Place.of("192.0.2.1", 4000))
    latches.watch(stream)
    for begin, end in pairwise(sorted({0, *(min(cut, len(sent)) for cut in cuts), len(sent)})):
        found = judged(latches, ring, stream, sent[begin:end], begin).aside
        aside = []
        for key in range(begin, end):
            latch, verdict = latch.hear(sent[key].by, key, sent[key].at_us)
            aside.append(verdict is Verdict.ASIDE)

        assert latches.everything() == heard_by(latch)
        known = [False] * (end - begin) if found is None else found.tolist()
        assert all(mine or not its for mine, its in zip(known, aside, strict=True))


@pytest.mark.parametrize(("party", "other"), [("192.0.2.1", OTHER), ("2001:db8::1", "2001:db8::2")])
def test_another_host_is_told_of_once_and_marked_in_every_batch(
    ring: LandingRing, party: str, other: str
) -> None:
    """Of the same port and SSRC; the party's packets are marked in none."""
    latches, stream = SenderLatches(4), live()
    latches.watch(stream)
    own = talk(sender(party), packets=200)
    sent = sorted([*own, *talk(sender(other), begin_us=1_000_007, packets=150)])
    said: list[object] = []
    for begin in range(0, 300, 60):
        batch = sent[begin : begin + 60]
        found = judged(latches, ring, stream, batch, begin)
        expected = [each.by != own[0].by for each in batch]
        assert (found.aside is None) is not any(expected)
        assert found.aside is None or found.aside.tolist() == expected
        assert bool(found.crowded[0]) is (sum(expected) > 4)
        said += latches.take_said(batch[-1].at_us)
    said += latches.take_said(sent[-1].at_us + TOLD_AFTER_US)

    assert [type(each) for each in said] == [SenderAside, SenderHeard]
    assert said[0].sender == MediaSender(other, 4000, 1)  # type: ignore[attr-defined]  # SenderAside


def test_a_source_beside_the_partys_own_is_marked_too(ring: LandingRing) -> None:
    """Its packets wait to be heard, and wait in vain."""
    latches, stream = SenderLatches(4), live()
    latches.watch(stream)
    beside = talk(sender(ssrc=2), begin_us=7, packets=50)
    sent = sorted([*talk(sender(), packets=100), *beside])

    judged(latches, ring, stream, sent[:64], 0)
    found = judged(latches, ring, stream, sent[64:128], 64)

    assert found.crowded.tolist() == [True]
    assert found.aside is not None
    assert found.aside.sum() == len(beside) - 32


def test_a_successor_goes_on_with_whom_its_predecessor_has_heard(ring: LandingRing) -> None:
    """Whoever is quicker after a worker was killed gains nothing; the same stream goes on too."""
    heard = MediaSender("192.0.2.1", 5000, 1)
    latches, stream = SenderLatches(4), live(msgspec.structs.replace(WANTED, heard=heard))
    latches.watch(stream)
    stranger = talk(sender(OTHER), packets=20)

    judged(latches, ring, stream, stranger, 0)
    latches.watch(stream)
    judged(latches, ring, stream, talk(sender(port=5000), begin_us=400_000, packets=20), 20)

    assert [each.sender for each in latches.everything() if isinstance(each, SenderHeard)] == [
        heard
    ]


def test_a_new_description_counts_from_the_next_batch_on(ring: LandingRing) -> None:
    """Whoever was heard until then is so no more once another is steady, with no silence."""
    latches, stream = SenderLatches(4), live()
    latches.watch(stream)
    judged(latches, ring, stream, talk(sender(), packets=30), 0)
    moved = msgspec.structs.replace(WANTED, address="10.0.0.9")
    stream.obey(msgspec.structs.replace(stream.wanted, latch=moved))
    latches.watch(stream)

    judged(latches, ring, stream, talk(sender(OTHER), begin_us=600_000, packets=30), 30)

    assert latches.everything() == heard_by(Latch("first", Place()).hear(sender(OTHER), 0, 0)[0])


@pytest.mark.parametrize("change", ["no rule", "unwatched"])
def test_without_a_rule_nothing_is_judged(ring: LandingRing, change: str) -> None:
    """Also of a stream that had one."""
    latches, stream = SenderLatches(4), live()
    latches.watch(stream)
    if change == "no rule":
        stream.obey(msgspec.structs.replace(stream.wanted, latch=None))
        latches.watch(stream)
    else:
        latches.unwatch(stream)
    both = sorted([*talk(sender()), *talk(sender(OTHER), begin_us=7)])

    assert judged(latches, ring, stream, both, 0).aside is None
    assert latches.everything() == []


def test_what_is_told_of_a_stream_is_bounded(ring: LandingRing) -> None:
    """A client that changes its SSRC all day must not fill the events of its call."""
    latches, stream = SenderLatches(4), live()
    latches.watch(stream)
    said = 0
    for number in range(MAX_TOLD + 9):
        begin_us = number * (TOLD_AFTER_US + 1_000_000)
        one = talk(sender(ssrc=number), begin_us=begin_us, packets=20)
        judged(latches, ring, stream, one, 20 * number)
        said += len(latches.take_said(begin_us + TOLD_AFTER_US + 900_000))

    assert said == MAX_TOLD


def test_whom_a_short_call_hears_is_not_told(ring: LandingRing) -> None:
    """Nor one whose stream has gone on elsewhere by then."""
    latches, stream = SenderLatches(4), live()
    latches.watch(stream)
    judged(latches, ring, stream, talk(sender()), 0)

    assert latches.take_said(TOLD_AFTER_US - 1) == []
    latches.unwatch(stream)
    assert latches.take_said(2 * TOLD_AFTER_US) == []


def test_a_sweep_shows_the_crowd_and_counts_the_party_alone(node: Node) -> None:
    """Losses, jitter and payload types are those of who is heard; everything is written."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    port = node.sender(0)
    heard = MediaSender("127.0.0.1", port.getsockname()[1], 7)
    ingest.roster.record(
        record(recording, 0, latch=LatchWanted(rule="first", heard=heard), types=(0,))
    )
    for number in range(20):
        port.send(rtp(number))
        node.send(0, rtp(30_000 - 7 * number, kind=18, ssrc=9))
    ingest.sweep()

    assert int(ingest.board.oddities[0]) == CROWDED
    figures = ingest.sweeper.statistics.of(0)
    assert (figures.packets, figures.lost, figures.ssrc) == (20, 0, 7)
    assert [type(each) for each in ingest.sweeper.latches.take_said(0)] == [SenderAside]
    assert len(node.heard()) == 40
