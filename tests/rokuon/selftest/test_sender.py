"""Tests of the paced sender, with a clock and a kernel of their own."""

from collections import Counter

from bench.generator import lateness_of
from rokuon.selftest.sender import BEAT_S, Sender
from rokuon.selftest.sendmmsg import MMSGHDR
from rokuon.selftest.slot import OutgoingStream
from tests.rokuon.selftest.packets import Packet, packets_at

SPEECH = bytes(160)
# Far from the rounding of times that are meant to be equal.
EARLY_S = 1e-6


class Kernel:
    """Takes what it is given, at most `at_once` messages a call; refuses those to `refused`."""

    def __init__(self, at_once: int = 1_000, refused: int = 0) -> None:
        self.at_once = at_once
        self.refused = refused
        self.packets: list[Packet] = []

    def __call__(self, address: int, count: int) -> tuple[int, int]:
        taken = packets_at(address, min(count, self.at_once))
        ports = [packet.port for packet in taken]
        if self.refused in ports:
            taken = taken[: ports.index(self.refused)]
        self.packets += taken
        return len(taken), 0 if taken else 111


def stream(number: int) -> OutgoingStream:
    return OutgoingStream(host="127.0.0.1", port=10_000 + number, ssrc=number, speech=SPEECH)


def sender(kernel: Kernel, streams: int, slots: int = 4) -> Sender:
    made = Sender(kernel, max_streams=streams, start_s=0.0, slots=slots)
    for number in range(streams):
        made.add(number, stream(number))
    return made


def test_the_streams_of_a_beat_leave_spread_over_it() -> None:
    """Packets that come all at once would be a burst that no telephone network makes."""
    kernel = Kernel()
    paced = sender(kernel, 8)
    per_step = []
    for step in range(4):
        before = len(kernel.packets)
        next_s = paced.step(step * BEAT_S / 4 + EARLY_S)
        per_step.append(len(kernel.packets) - before)
        assert abs(next_s - (step + 1) * BEAT_S / 4) < EARLY_S

    assert per_step == [2, 2, 2, 2]
    assert len({packet.ssrc for packet in kernel.packets}) == 8


def test_nothing_leaves_before_it_is_due() -> None:
    """The step function may be called as often as one likes."""
    kernel = Kernel()
    paced = sender(kernel, 4)
    for _ in range(3):
        paced.step(EARLY_S)

    assert len(kernel.packets) == 1


def test_a_late_call_sends_all_that_is_due_and_counts_it_as_missed() -> None:
    """An overloaded generator must show, or the server is blamed for it."""
    kernel = Kernel()
    paced = sender(kernel, 4)
    paced.step(10 * BEAT_S + EARLY_S)
    late = lateness_of(paced.late_ms)

    assert Counter(packet.ssrc for packet in kernel.packets)[0] == 11
    assert late.slots == 41
    assert late.missed == 37
    assert late.worst_ms == 200


def test_a_punctual_sender_misses_nothing() -> None:
    """The counterpart of the test above."""
    paced = sender(Kernel(), 4)
    for step in range(40):
        paced.step(step * BEAT_S / 4 + EARLY_S)

    late = lateness_of(paced.late_ms)
    assert (late.missed, late.worst_ms) == (0, 0)


def test_a_kernel_that_takes_a_few_at_a_time_gets_the_rest_in_further_calls() -> None:
    """sendmmsg(2) may return early; each message is sent once."""
    kernel = Kernel(at_once=3)
    paced = sender(kernel, 8, slots=1)
    paced.step(EARLY_S)

    assert [packet.ssrc for packet in kernel.packets] == list(range(8))
    assert paced.sent_packets == 8


def test_a_refused_packet_is_counted_to_its_stream_and_holds_up_nobody() -> None:
    """Sent minus received is the loss, so what never left must not count as sent."""
    kernel = Kernel(refused=10_002)
    paced = sender(kernel, 4, slots=1)
    paced.step(EARLY_S)
    paced.step(BEAT_S + EARLY_S)

    assert (paced.sent_packets, paced.failed_packets) == (6, 2)
    assert [paced.count(number).packets for number in range(4)] == [2, 2, 0, 2]
    assert paced.count(2).failed == 2


def test_a_stream_knows_what_was_sent_of_it_and_how_it_would_go_on() -> None:
    """A resumed stream continues its sequence."""
    kernel = Kernel()
    paced = sender(kernel, 1, slots=1)
    for beat in range(5):
        paced.step(beat * BEAT_S + EARLY_S)
    count = paced.remove(0)
    paced.step(5 * BEAT_S + EARLY_S)

    assert len(kernel.packets) == 5
    assert (count.packets, count.next_sequence, count.next_timestamp) == (5, 5, 800)
    assert count.last_at_s == 4 * BEAT_S + EARLY_S


def test_a_stream_counts_from_when_it_was_added() -> None:
    """Calls join a sender that has been at work for an hour."""
    paced = Sender(Kernel(), max_streams=2, start_s=0.0, slots=1)
    paced.step(9 * BEAT_S + EARLY_S)
    paced.add(1, stream(1))
    paced.step(10 * BEAT_S + EARLY_S)

    assert paced.count(1).packets == 1


def test_messages_lie_as_the_kernel_expects_them() -> None:
    """struct mmsghdr is 64 bytes on every 64-bit Linux."""
    assert MMSGHDR.itemsize == 64
