"""Runs as PACKETS frames, read back by the archive's own decoder."""

import socket

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from archive.format.frames import HEAD_BYTES, Frame, FrameKind, decode_head, gap_before_head
from archive.format.packets import CUT, MASKED, MAX_SOURCES, Packets, decode_packets
from capture.holder.landing_buffer import LARGE_BYTES, SMALL_BYTES, LandingRing, Run
from capture.media.batch_receiver import Columns, datagram, read_columns
from capture.media.layout import Layout, WriteFull
from capture.media.packet_frames import PacketFrames, encode_source
from capture.native.layout import CONTROL_BYTES
from tests.capture.media.scene import FIRST_SEQUENCE, Node

SYNC = b"syncword"
START_US = 1_790_000_000_000_000
LAYOUT = Layout()
LONGEST = SMALL_BYTES + LARGE_BYTES


def name_of(port: int, address: bytes = b"\xc0\x00\x02\x01") -> bytes:
    return (int(socket.AF_INET).to_bytes(2, "little") + port.to_bytes(2, "big") + address).ljust(
        32, b"\0"
    )


def landed(
    ring: LandingRing, runs: list[list[bytes]], *, ports: list[int], at_us: list[int]
) -> Columns:
    """The ring as the kernel would have filled it."""
    ring.begin(FIRST_SEQUENCE)
    slot, found = 0, []
    for owner, run in enumerate(runs):
        found.append(Run(2 * owner + 1, slot, len(run)))
        for data in run:
            kept = data[:LONGEST]
            small, large = kept[:SMALL_BYTES], kept[SMALL_BYTES:]
            ring.small[slot, : len(small)] = np.frombuffer(small, np.uint8)
            ring.large[slot, : len(large)] = np.frombuffer(large, np.uint8)
            ring.headers["len"][slot] = len(kept)
            ring.headers["flags"][slot] = 0x20 if len(kept) < len(data) else 0
            ring.headers["controllen"][slot] = CONTROL_BYTES // 2
            ring.names[slot] = np.frombuffer(name_of(ports[slot]), np.uint8)
            stamp = ring.controls[slot].view("<i8")
            stamp[2:4] = divmod(at_us[slot] * 1000, 1_000_000_000)
            slot += 1
    return read_columns(ring, found)


def laid(ring: LandingRing, columns: Columns, masked: np.ndarray | None = None) -> list[Packets]:
    """All runs laid out as the sweep does, and read again."""
    frames = PacketFrames()
    LAYOUT.begin(SYNC)
    indices = list(range(len(columns.runs)))
    frames.take(ring, columns, masked, range(len(columns.runs)))
    while indices:
        done = frames.lay_plain(indices, LAYOUT, -7)
        del indices[:done]
        if indices:
            frames.lay(indices.pop(0), 0, LAYOUT, -7)
    found, position = [], 0
    while position < LAYOUT.position:
        position += gap_before_head(position)
        head = decode_head(SYNC, LAYOUT.view[position : position + HEAD_BYTES], position)
        begin = position + HEAD_BYTES
        position = begin + head.payload_bytes
        assert head.kind is FrameKind.PACKETS
        payload = bytes(LAYOUT.view[begin:position])
        frame = Frame(head.kind, head.flags, head.stream, head.at_us, head.serial, payload)
        found.append(decode_packets(frame))
    return found


USUAL = st.sampled_from([SMALL_BYTES, 20, 182, 252, 1400])
RUN_OF_LENGTHS = st.one_of(
    st.builds(lambda length, count: [length] * count, USUAL, st.integers(1, 6)),
    st.lists(st.one_of(USUAL, st.integers(0, 2300)), min_size=1, max_size=6),
)
RUNS = st.lists(
    RUN_OF_LENGTHS,
    min_size=1,
    max_size=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data(), RUNS)
def test_any_runs_are_read_back_as_they_landed(
    node: Node, data: st.DataObject, lengths: list[list[int]]
) -> None:
    """Plain and mixed runs beside each other; lengths, sources and times of any kind."""
    total = sum(map(len, lengths))
    runs = [
        [bytes([row + 1, n]) * size for n, size in enumerate(run)]
        for row, run in enumerate(lengths)
    ]
    few = st.integers(1, 3) if data.draw(st.booleans()) else st.just(9)
    ports = data.draw(st.lists(few, min_size=total, max_size=total))
    steps = data.draw(st.lists(st.integers(0, 1 << 33), min_size=total, max_size=total))
    at_us = [START_US + step for step in steps]
    ring = LandingRing(node.holder.names["ring-0"][0])
    columns = landed(ring, runs, ports=ports, at_us=at_us)
    found = laid(ring, columns)

    heard = [(p, index) for p in found for index in range(len(p))]
    flat = [(row, whole) for row, run in enumerate(runs) for whole in run]
    assert [p.datagram(i) for p, i in heard] == [w[:LONGEST] for _, w in flat]
    assert [p.stream for p, _ in heard] == [row for row, _ in flat]
    assert [int(p.serials[i]) for p, i in heard] == [FIRST_SEQUENCE + n for n in range(total)]
    assert [int(p.arrivals_us[i]) for p, i in heard] == at_us
    assert [p.sources[int(p.source_index[i])].port for p, i in heard] == ports
    assert [int(p.flags[i]) for p, i in heard] == [CUT * (len(w) > LONGEST) for _, w in flat]
    assert all(p.at_us == int(p.arrivals_us.min()) for p in found)
    assert all(p.clock_offset_us == -7 for p in found)


def test_a_head_that_would_straddle_two_segments_begins_the_next(node: Node) -> None:
    """Reading may begin at any segment; plain frames end anywhere."""
    sizes = [SMALL_BYTES, 256] * 6 + [0, 100, 7]
    ring = LandingRing(node.holder.names["ring-0"][0])
    runs = [[bytes([number]) * size] for number, size in enumerate(sizes)]
    columns = landed(ring, runs, ports=[1] * len(runs), at_us=[START_US] * len(runs))

    assert [packets.datagram(0) for packets in laid(ring, columns)] == [run[0] for run in runs]


def test_more_sources_than_a_frame_can_list_are_several_frames(node: Node) -> None:
    """255 of them: a scan, hardly a call."""
    count = MAX_SOURCES + 3
    ring = LandingRing(node.holder.names["ring-0"][0])
    columns = landed(
        ring, [[b"x" * 20] * count], ports=list(range(1, count + 1)), at_us=[START_US] * count
    )
    found = laid(ring, columns)

    assert [len(packets) for packets in found] == [MAX_SOURCES, 3]
    assert [s.port for packets in found for s in packets.sources] == list(range(1, count + 1))


def test_what_was_masked_says_so(node: Node) -> None:
    """Whoever listens must know that these are not the sender's bytes."""
    ring = LandingRing(node.holder.names["ring-0"][0])
    columns = landed(ring, [[b"a" * 20, b"b" * 20]], ports=[1, 1], at_us=[START_US] * 2)
    (packets,) = laid(ring, columns, np.array([False, True]))

    assert packets.flags.tolist() == [0, MASKED]


def test_a_run_that_no_longer_fits_leaves_the_write_as_it_was(node: Node) -> None:
    """The sweep writes what there is and comes again."""
    ring = LandingRing(node.holder.names["ring-0"][0])
    columns = landed(ring, [[b"a" * 20, b"b" * 30]], ports=[1, 1], at_us=[START_US] * 2)
    frames = PacketFrames()
    frames.take(ring, columns, None, [0])
    LAYOUT.begin(SYNC)
    LAYOUT.position = before = len(LAYOUT.plain) - 100
    with pytest.raises(WriteFull):
        frames.lay(0, 0, LAYOUT, 0)

    assert LAYOUT.position == before
    assert datagram(ring, 1, 30) == b"b" * 30


def test_addresses_are_those_of_the_format() -> None:
    """IPv4 mapped into IPv6; ports in network order."""
    six = socket.inet_pton(socket.AF_INET6, "2001:db8::7")
    name = int(socket.AF_INET6).to_bytes(2, "little") + (4000).to_bytes(2, "big") + bytes(4) + six

    assert encode_source(name.ljust(32, b"\0")) == six + (4000).to_bytes(2, "big") + bytes(2)
    assert encode_source(name_of(9))[:18] == (
        bytes(10) + b"\xff\xff\xc0\x00\x02\x01" + (9).to_bytes(2, "big")
    )
