"""Many frames as columns, against frame by frame."""

from dataclasses import replace

import numpy as np
import pytest

from archive.errors import FrameDamaged
from archive.format.frames import Frame
from archive.format.packets import PACKETS_HEAD, SOURCE, decode_packets
from archive.format.runs import run_of
from archive.reading.packets.blocks import Block, SerialSet, Taken, join
from archive.reading.packets.packet_columns import Gathered, SweepIntake, gather
from tests.archive.reading.scenes import START_US, Packet, Talk, frame_of, number

STEP_US = 3_600_000_000


def some_packets() -> list[Packet]:
    """Two streams and RTCP, datagrams of many lengths."""
    first, second = Talk(packets=30), Talk(stream=1, ssrc=9, packets=20, seed=2)
    reports = [first.report(at_us=START_US + n * 99_000, clock_us=START_US) for n in range(4)]
    sent = [*first.sent(), *second.sent()]
    cut = [replace(p, datagram=p.datagram[: 172 - 7 * (n % 20)]) for n, p in enumerate(sent)]
    return number([*cut, *reports])


def frames() -> list[Frame]:
    """Of each series three frames, the second of which repeats a part of the first."""
    runs = []
    for stream, rtcp in [(0, False), (1, False), (0, True)]:
        own = [p for p in some_packets() if (p.stream, p.rtcp) == (stream, rtcp)]
        numbered = [replace(p, serial=100 * stream + n) for n, p in enumerate(own)]
        half = len(own) // 2
        runs += [(n, run) for n, run in enumerate([numbered[:half], numbered[1:half], numbered])]
    laid = [frame_of(run) for _, run in sorted(runs, key=lambda pair: pair[0])]
    return [replace(frame, position=5_000 * n) for n, frame in enumerate(laid)]


def gathered(*given: Frame) -> Gathered:
    return gather(SweepIntake().take(run_of(given)))


def one_by_one(series: int) -> Block:
    """The same by the reader of single frames."""
    seen, taken = SerialSet(), []
    for frame in frames():
        packets = decode_packets(frame)
        if 2 * packets.stream + packets.rtcp == series:
            fresh = seen.take(int(packets.serials[0]), len(packets))
            taken.append(Taken(frame.position, packets, fresh))
    return join(taken)


def datagrams(block: Block) -> list[bytes]:
    spans = zip(block.starts.tolist(), block.lengths.tolist(), strict=True)
    return [block.data[start : start + length].tobytes() for start, length in spans]


@pytest.mark.parametrize("series", [0, 1, 2])
def test_many_frames_give_what_each_gives_alone(series: int) -> None:
    """Columns of one packet with bytes of another would be wrong audio that verifies."""
    made, told = dict(gathered(*frames()).blocks())[series], one_by_one(series)

    for name in ("keys", "serials", "arrivals_us", "line_us", "trusted", "lengths"):
        assert np.array_equal(getattr(made, name), getattr(told, name)), name
    assert datagrams(made) == datagrams(told)


def test_a_frame_is_bounded_by_its_packets_on_the_line() -> None:
    """Behind a step of the clock, arrivals lie where the clock before it would have had them."""
    packets = number(Talk(packets=30).sent())
    late = [replace(p, arrival_us=p.arrival_us + STEP_US) for p in packets[10:]]
    made = gathered(
        frame_of(packets[:10]),
        frame_of(late[:10], clock_offset_us=STEP_US),
        frame_of(late[10:], clock_offset_us=STEP_US),
    )

    runs = (packets[:10], packets[10:20], packets[20:])
    lows, highs = made.bounds_us()
    assert lows.tolist() == [run[0].arrival_us for run in runs]
    assert highs.tolist() == [run[-1].arrival_us for run in runs]
    assert made.sweeps.trusted.tolist() == [True, False, True]


def _flip(frame: Frame, at: int) -> Frame:
    payload = bytearray(frame.payload)
    payload[at] ^= 1
    return replace(frame, payload=bytes(payload))


@pytest.mark.parametrize(
    "at",
    [PACKETS_HEAD.size + SOURCE.size + 5, PACKETS_HEAD.size + SOURCE.size + 6],
    ids=["length", "source"],
)
def test_a_frame_that_belies_itself_is_named(at: int) -> None:
    """Among many, the one that is wrong: an alarm without a place is no help."""
    good, bad, also = frames()[:3]

    with pytest.raises(FrameDamaged) as damage:
        gathered(good, _flip(bad, at), also)
    assert damage.value.position == bad.position


@pytest.mark.parametrize(("at", "length"), [(9, 0), (11, 0), (15, 0), (0, 15), (0, 60)])
def test_a_head_that_counts_what_is_not_there_is_refused_at_once(at: int, length: int) -> None:
    """Nothing is allocated for packets that somebody only claims."""
    frame = frames()[0]
    payload = bytearray(frame.payload[: length or None])
    if at:
        payload[at] = 0 if at != 15 else 1
        payload[at - 1] = 0 if at != 15 else payload[at - 1]

    with pytest.raises(FrameDamaged):
        SweepIntake().take(run_of([replace(frame, payload=bytes(payload))]))
