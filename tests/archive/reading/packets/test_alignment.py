"""Spans: when one ends, where it lies, what it counts."""

from dataclasses import replace

import numpy as np
import pytest

from archive.reading.packets.alignment import (
    DRIFT_US,
    MAX_SPANS,
    UNPLACED,
    UNTOLD_HZ,
    Rows,
    Span,
    StreamAligner,
    TimedReport,
)
from archive.reading.packets.rtp import SenderReport
from tests.support.reading.lines import anchored

T0 = 1_795_000_000_000_000


def rows(count: int, *, begin_us: int = T0, sequence: int = 10, timestamp: int = 800) -> Rows:
    index = np.arange(count, dtype=np.int64)
    return Rows(
        keys=index,
        arrivals_us=begin_us + index * 20_000,
        trusted=np.ones(count, np.bool_),
        sequence=(sequence + index) % 65536,
        timestamp=(timestamp + index * 160) % (1 << 32),
        clock_rates=np.full(count, 8000),
        payload_lengths=np.full(count, 160),
        silent=np.zeros(count, np.bool_),
    )


def fed(*pieces: Rows, ssrc: int = 5) -> StreamAligner:
    aligner = StreamAligner()
    for piece in pieces:
        aligner.feed(np.full(len(piece), ssrc), piece)
    return aligner


def joined(*pieces: Rows) -> Rows:
    columns = [
        np.concatenate([getattr(piece, name) for piece in pieces]) for name in Rows.__slots__
    ]
    return replace(Rows(*columns), keys=np.arange(sum(map(len, pieces))))


def only(aligner: StreamAligner) -> Span:
    (span,) = anchored(aligner)
    return span


def test_a_span_lies_where_its_fastest_packet_says() -> None:
    """Every other packet was held up on its way, the fastest the least."""
    late = rows(10)
    late.arrivals_us[:] += 7_000
    late.arrivals_us[4] -= 6_000
    span = only(fed(late))

    assert span.anchor_us == T0 + 1_000
    assert (span.source, span.early_us, span.late_us) == ("arrival", 0, 6_000)
    assert (span.first_ticks, span.last_ticks, span.end_ticks) == (0, 1_440, 1_600)


@pytest.mark.parametrize("pieces", [1, 4])
def test_digits_on_another_clock_do_not_break_a_span(pieces: int) -> None:
    """8 kHz beside Opus's 48: their timestamps say nothing of where speech lies."""
    opus = rows(40)
    opus.clock_rates[:], opus.timestamp[:] = 48_000, opus.timestamp * 6
    whole = replace(opus, silent=np.arange(40) % 20 >= 14)
    whole.clock_rates[whole.silent], whole.timestamp[whole.silent] = 8_000, 77
    cut = [whole.pick(slice(n, n + 40 // pieces)) for n in range(0, 40, 40 // pieces)]
    span = only(fed(*cut))

    assert (span.clock_rate_hz, span.first_ticks, span.last_ticks) == (48_000, 0, 33 * 960)
    assert (span.early_us, span.late_us) == (0, 0)
    assert fed(*cut).counts().lost == 0


@pytest.mark.parametrize("pieces", [1, 4])
def test_a_packet_whose_clock_nobody_tells_lies_where_it_came(pieces: int) -> None:
    """Between speech of 8 kHz, timestamps of a clock six times as fast, and what follows it."""
    whole = rows(80)
    whole.clock_rates[20:60], whole.timestamp[20:60] = UNTOLD_HZ, whole.timestamp[20:60] * 6
    cut = [whole.pick(slice(n, n + 80 // pieces)) for n in range(0, 80, 80 // pieces)]
    aligner = StreamAligner()
    placed = [aligner.feed(np.full(len(piece), 5), piece).ticks for piece in cut]

    assert np.concatenate(placed).tolist() == [n * 160 for n in range(80)]
    assert (only(aligner).early_us, only(aligner).late_us) == (0, 0)


def test_a_stream_whose_clock_nobody_tells_lasts_as_long_as_it_came() -> None:
    """Also beside its own sender reports, which tell of a clock that nobody knows."""
    whole = rows(500)
    whole.clock_rates[:], whole.timestamp[:] = UNTOLD_HZ, whole.timestamp * 6
    aligner = fed(whole)
    for place in range(0, 500, 50):
        at_us, stamp = int(whole.arrivals_us[place]), int(whole.timestamp[place])
        report = SenderReport(ssrc=5, ntp_us=at_us, rtp_timestamp=stamp)
        aligner.hear(TimedReport(at_us, report))
    span = only(aligner)

    assert span.anchor_us == T0
    assert span.us_at(span.end_ticks) == T0 + 10_000_000


def test_blocks_make_no_difference() -> None:
    """How many packets are looked at together is our affair, not the recording's."""
    whole = rows(500)
    pieces = [whole.pick(slice(n, n + 7)) for n in range(0, 500, 7)]

    assert anchored(fed(whole)) == anchored(fed(*pieces))
    assert fed(whole).counts() == fed(*pieces).counts()


@pytest.mark.parametrize(
    ("jump_us", "spans"), [(1_900_000, 1), (2_100_000, 2), (-1_900_000, 1), (-2_100_000, 2)]
)
def test_a_timestamp_that_jumps_two_seconds_against_arrival_begins_a_span(
    jump_us: int, spans: int
) -> None:
    """A sender that restarts its counter must not move what follows by its jump."""
    stamp = 100_000 + 10 * 160 + jump_us * 8 // 1000
    after = rows(10, begin_us=T0 + 200_000, sequence=20, timestamp=stamp)

    assert len(anchored(fed(rows(10, timestamp=100_000), after))) == spans


def test_a_sequence_that_restarts_begins_a_span() -> None:
    """Else all that follows would count as late."""
    after = rows(10, begin_us=T0 + 200_000, sequence=40_000, timestamp=2_400)
    aligner = fed(rows(10, sequence=50_000), after)

    assert len(anchored(aligner)) == 2
    assert aligner.counts().lost == 0


def test_a_packet_that_comes_late_breaks_nothing() -> None:
    """One packet that took four seconds is late, not a new sender."""
    piece = rows(300)
    order = np.concatenate((np.arange(1, 250), [0], np.arange(250, 300)))
    piece = replace(piece.pick(order), keys=np.arange(300), arrivals_us=piece.arrivals_us)
    aligner = fed(piece)

    assert len(anchored(aligner)) == 1
    assert aligner.counts().reordered == 1


def test_sources_that_alternate_have_a_span_each() -> None:
    """Two senders on one port are a fault at theirs, no reason to tear both to pieces."""
    aligner = StreamAligner()
    both = joined(rows(20), rows(20, sequence=900, timestamp=77_000))
    order = np.argsort(np.tile(np.arange(20), 2), kind="stable")
    ssrc = np.repeat([1, 2], 20)[order]
    placed = aligner.feed(ssrc, both.pick(order))

    assert [span.ssrc for span in anchored(aligner)] == [1, 2]
    assert placed.span.tolist() == [0, 1] * 20


def test_a_wrong_clock_rate_cannot_carry_an_anchor_far() -> None:
    """A sender whose clock runs twice as fast would be placed an hour early after an hour."""
    piece = rows(5_000)
    piece.timestamp[:] = 2 * np.arange(5_000) * 160
    spans = anchored(fed(piece))

    assert len(spans) > 1
    assert all(span.late_us - span.early_us <= DRIFT_US for span in spans)


def report(clock_us: int, *, ssrc: int = 5, stamp: int = 800) -> TimedReport:
    return TimedReport(T0 + 50_000, SenderReport(ssrc, clock_us, stamp))


@pytest.mark.parametrize(
    ("heard", "anchor_us", "source"),
    [
        ([report(T0 - 150_000)], T0 - 150_000, "sr"),
        ([report(T0 + 150_000)], T0 + 150_000, "sr"),
        ([report(T0 - 150_001)], T0, "arrival"),
        ([report(T0 - 1_000, ssrc=6)], T0, "arrival"),
        ([report(T0 + 19_000, stamp=960)], T0 - 1_000, "sr"),
        ([report(T0 - n * 1_000) for n in (1, 2, 90)], T0 - 2_000, "sr"),
    ],
)
def test_sender_reports_are_believed_within_150_ms(
    heard: list[TimedReport], anchor_us: int, source: str
) -> None:
    """They beat our arrival times where they are sane; the median beats one bad report."""
    aligner = fed(rows(10))
    for one in heard:
        aligner.hear(one)
    span = only(aligner)

    assert (span.anchor_us, span.source) == (anchor_us, source)
    assert span.anchor_us + span.early_us == T0


@pytest.mark.parametrize("ppm", [-100, 100])
def test_a_span_of_a_skewed_clock_tells_its_skew_and_where_its_packets_lie(ppm: int) -> None:
    """However it was fed; every packet came within the bounds that it tells."""
    late = rows(5_000)
    held_up = np.random.default_rng(1).integers(0, 30_000, 5_000)
    late.arrivals_us[:] += np.arange(5_000) * 20_000 * ppm // 1_000_000 + held_up
    whole = only(fed(late))
    places = np.array([whole.us_at(160 * number) for number in range(5_000)])
    lateness_us = late.arrivals_us - places

    assert whole.skew_ppb == pytest.approx(ppm * 1_000, abs=10_000)
    assert whole == only(fed(*(late.pick(slice(n, n + 77)) for n in range(0, 5_000, 77))))
    assert np.abs(lateness_us - held_up).max() <= whole.uncertainty_us < 5_000
    assert whole.early_us <= lateness_us.min()
    assert whole.late_us >= lateness_us.max()


def test_a_span_whose_arrivals_nobody_can_trust_lies_where_its_first_packet_came() -> None:
    """The clock stepped while they were on their way; they are heard all the same."""
    piece = rows(3)

    assert only(fed(replace(piece, trusted=piece.trusted & False))).anchor_us == T0


def test_spans_of_a_stream_lie_by_reports_all_or_none() -> None:
    """What was said after a change of source must not be heard earlier than it was."""
    again = rows(10, begin_us=T0 + 200_000, sequence=9_000, timestamp=90_000)
    aligner = fed(rows(10))
    aligner.feed(np.full(10, 6), replace(again, keys=again.keys + 10))
    aligner.hear(report(T0 - 1_000))

    assert [span.source for span in anchored(aligner)] == ["arrival", "arrival"]
    aligner.hear(report(T0 + 199_000, ssrc=6, stamp=90_000))
    assert [span.anchor_us for span in anchored(aligner)] == [T0 - 1_000, T0 + 199_000]


def test_lost_doubled_and_reordered_packets_are_told_apart() -> None:
    """Three different faults of a network; a report that mixes them helps nobody."""
    piece = rows(100)
    kept = [0, 1, 2, 3, 3, 5, 4, *range(10, 100)]
    counts = fed(piece.pick(np.array(kept))).counts()

    assert (counts.packets, counts.lost) == (97, 4)
    assert (counts.duplicates, counts.reordered) == (1, 1)


def test_a_span_tells_its_lowest_and_highest_number_as_packets_carry_them() -> None:
    """Over the wrap, and with the first packet late."""
    piece = rows(10, sequence=65_530)
    piece.sequence[[0, 1]] = piece.sequence[[1, 0]]
    span = only(fed(piece))

    assert (span.first_sequence, span.last_sequence) == (65_530, 3)


def test_jitter_is_that_of_rfc_3550() -> None:
    """A number with a standard's name has the standard's value."""
    piece = rows(3)
    piece.arrivals_us[1:] += (16_000, 0)
    counts = fed(piece).counts()

    assert counts.max_jitter_us == round((16_000 - 1_000) / 16 + 1_000)
    assert counts.jitter_us == counts.max_jitter_us


@pytest.mark.parametrize("count", [1, 2, 100, 3_000])
def test_jitter_of_many_packets_is_that_of_one_after_another(count: int) -> None:
    """The standard's recurrence, done word for word."""
    piece = rows(count)
    piece.arrivals_us[:] += np.random.default_rng(count).integers(0, 40_000, count)
    drift = piece.arrivals_us - np.arange(count) * 20_000
    jitter = most = 0.0
    for difference in np.abs(np.diff(drift)).tolist():
        jitter += (difference - jitter) / 16
        most = max(most, jitter)
    counts = fed(piece.pick(slice(0, count // 2)), piece.pick(slice(count // 2, None))).counts()

    assert (counts.jitter_us, counts.max_jitter_us) == (round(jitter), round(most))


def test_a_flood_of_sources_ends_at_a_limit() -> None:
    """Random sources must not eat the keeper's memory; what is left out is counted."""
    flood = rows(MAX_SPANS + 10)
    aligner = StreamAligner()
    placed = aligner.feed(np.arange(len(flood)), flood)

    assert len(anchored(aligner)) == MAX_SPANS
    assert aligner.counts().unplaced == 10
    assert np.count_nonzero(placed.span == UNPLACED) == 10
