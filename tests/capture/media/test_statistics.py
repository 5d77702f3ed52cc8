"""Loss, reordering and jitter by column, against one packet after another."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import given, strategies as st

from capture.holder.landing_buffer import Run
from capture.media.batch_receiver import Columns
from capture.media.statistics import Statistics

PAIRS = 3
# sequence, timestamp, SSRC, arrival in µs
Packet = tuple[int, int, int, int]


@dataclass
class Reference:
    """RFC 3550 A.1, A.3 and A.8, packet by packet, without the probation of A.1."""

    clock_hz: float = 8000.0
    ssrc: int = -1
    packets: int = 0
    lost: int = 0
    first: int = 0
    highest: int = 0
    span: int = 0
    jitter: float = 0.0
    last: tuple[int, int] = field(default=(0, 0))

    def hear(self, packet: Packet) -> None:
        sequence, timestamp, ssrc, arrival_us = packet
        if ssrc != self.ssrc:
            self.lost = self.total_lost
            self.ssrc, self.first, self.highest, self.span = ssrc, sequence, sequence - 1, 0
            self.last = (timestamp, arrival_us)
            self.previous = sequence - 1
        step = (sequence - self.previous + 32768) % 65536 - 32768
        extended = self.extended(step)
        self.highest = max(self.highest, extended)
        self.previous = extended
        self.span += 1
        self.packets += 1
        sent = (timestamp - self.last[0] + (1 << 31)) % (1 << 32) - (1 << 31)
        transit = abs((arrival_us - self.last[1]) * self.clock_hz / 1e6 - sent)
        self.jitter += (transit - self.jitter) / 16
        self.last = (timestamp, arrival_us)

    def extended(self, step: int) -> int:
        return self.previous + step

    def end_of_run(self) -> None:
        """A column of the next run counts from the highest so far."""
        self.previous = self.highest

    @property
    def total_lost(self) -> int:
        if self.ssrc < 0:
            return 0
        return self.lost + max(0, self.highest - self.first + 1 - self.span)


def columns_of(runs: list[list[Packet]]) -> Columns:
    flat = np.array([packet for run in runs for packet in run], np.int64).reshape(-1, 4)
    counts = np.array([len(run) for run in runs], np.int64)
    starts = np.cumsum(counts) - counts
    found = [Run(1, int(at), int(count)) for at, count in zip(starts, counts, strict=True)]
    return Columns(
        runs=found, starts=starts, counts=counts, arrivals_us=flat[:, 3],
        lengths=np.full(len(flat), 172, np.uint32), sequences=flat[:, 0].astype(np.uint16),
        timestamps=flat[:, 1].astype(np.uint32), ssrcs=flat[:, 2].astype(np.uint32),
        cut=None, drops=None,
    )  # fmt: skip


def heard(sweeps: list[list[Packet]], clock_hz: int = 8000) -> tuple[Statistics, Reference]:
    """Sweeps of pair 1, beside it pairs that must not matter."""
    statistics, reference = Statistics(PAIRS), Reference(float(clock_hz))
    for pair in range(PAIRS):
        statistics.forget(pair, clock_hz)
    for number, sweep in enumerate(sweeps):
        other = [(number * 2 + n, 160 * n, 5, 1000 * n) for n in range(2)]
        statistics.update(columns_of([other, sweep, other]), np.array([0, 1, 2]))
        for packet in sweep:
            reference.hear(packet)
        reference.end_of_run()
    return statistics, reference


def agree(statistics: Statistics, reference: Reference) -> None:
    found = statistics.of(1)
    assert found.packets == reference.packets
    assert found.lost == reference.total_lost
    assert found.highest_sequence == reference.highest
    assert found.ssrc == reference.ssrc
    assert found.jitter_units == int(reference.jitter + 1e-9)
    assert statistics.of(0).lost == statistics.of(2).lost == 0


@st.composite
def streams(draw: st.DrawFn) -> list[list[Packet]]:
    """A stream with holes, repetitions and late packets, from any sequence, swept anyhow."""
    first = draw(st.one_of(st.integers(0, 65_535), st.integers(65_500, 65_535)))
    order = draw(st.lists(st.integers(0, 60), min_size=1, max_size=60))
    late = draw(st.lists(st.integers(0, 80_000), min_size=len(order), max_size=len(order)))
    base = draw(st.integers(0, (1 << 32) - 1))
    packets = [
        ((first + 2 * n + place) & 0xFFFF, (base + 160 * place) % (1 << 32), 7, 20_000 * n + more)
        for n, (place, more) in enumerate(zip(order, late, strict=True))
    ]
    sweeps = []
    while packets:
        count = draw(st.integers(1, 30))
        sweeps.append(packets[:count])
        del packets[:count]
    return sweeps


@given(streams(), st.sampled_from([8000, 16_000, 48_000]))
def test_columns_count_as_one_packet_after_another_does(
    sweeps: list[list[Packet]], clock_hz: int
) -> None:
    """Loss, duplicates, reordering, wrap, jitter: RFC 3550 A.1, A.3, A.8."""
    agree(*heard(sweeps, clock_hz))


@given(streams(), streams(), st.booleans())
def test_another_source_on_the_pair_is_counted_from_its_first_packet(
    before: list[list[Packet]], after: list[list[Packet]], in_one_sweep: bool
) -> None:
    """A transfer, as the sweep sees it: the sequences of two sources are not one's."""
    other = [[(s, t, 8, at + 10**9) for s, t, _, at in sweep] for sweep in after]
    if in_one_sweep:
        middle = [before[-1] + other[0]]
        sweeps = [*before[:-1], *middle, *other[1:]]
    else:
        sweeps = [*before, *other]

    agree(*heard(sweeps))


def test_sources_that_take_turns_are_each_counted_from_their_first_packet() -> None:
    """Three in one sweep."""
    sweep = [(s, 160 * s, ssrc, 20_000 * s) for ssrc in (9, 4, 6) for s in range(ssrc, 60, ssrc)]

    agree(*heard([sweep, sweep]))


def test_a_flood_of_sources_costs_a_bounded_number_of_passes() -> None:
    """Whoever changes the SSRC with each packet is no phone."""
    sweep = [(5 * n & 0xFFFF, 160 * n, n, 20_000 * n) for n in range(1000)]
    statistics, _ = heard([sweep])

    assert statistics.of(1).packets == 1000
    assert statistics.of(1).ssrc == 999


def test_a_forgotten_pair_begins_anew() -> None:
    """The next call on it is another's."""
    statistics, _ = heard([[(1, 0, 7, 0), (5, 0, 7, 50_000)]])
    statistics.forget(1, 16_000)
    nothing = statistics.of(1)

    assert (nothing.ssrc, nothing.packets, nothing.lost, nothing.jitter_units) == (0, 0, 0, 0)


def test_jitter_goes_on_in_units_of_another_clock() -> None:
    """A re-INVITE may choose another codec for the pair."""
    statistics, _ = heard([[(1, 0, 7, 0), (2, 160, 7, 36_000)]])
    before = statistics.of(1)
    statistics.set_clock(1, 16_000)
    after = statistics.of(1)

    assert before.jitter_units == after.jitter_units == 8


def test_the_wrap_of_sequence_and_timestamp_is_no_loss() -> None:
    """Sixteen bits last 22 minutes at 50 packets a second."""
    packets = [
        ((65_530 + n) & 0xFFFF, (2**32 - 800 + 160 * n) % 2**32, 7, 20_000 * n) for n in range(12)
    ]
    statistics, _ = heard([packets[:5], packets[5:]])
    found = statistics.of(1)

    assert (found.lost, found.jitter_units) == (0, 0)
    assert found.highest_sequence == 65_541
