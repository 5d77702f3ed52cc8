"""RTCP on the port of RTP, by column."""

import numpy as np

from capture.holder.landing_buffer import Run
from capture.media.batch_receiver import Columns
from capture.media.rtcp_mux import is_report, is_report_type, without


def test_reports_are_told_by_their_second_byte() -> None:
    """RFC 5761 §4: 64 to 95, with or without the bit that marks a talk spurt."""
    kinds = np.array([0, 8, 63, 64, 72, 95, 96, 127, 128 + 72, 200, 207, 223, 224], np.uint8)

    assert kinds[is_report(kinds)].tolist() == [64, 72, 95, 200, 200, 207, 223]


def test_what_is_left_keeps_its_order_and_its_owner() -> None:
    """A run of reports alone leaves none."""
    sequences = np.array([1, 99, 2, 99, 3, 4], np.uint16)
    columns = Columns(
        runs=[Run(1, 0, 3), Run(3, 3, 1), Run(5, 4, 2)],
        starts=np.array([0, 3, 4]),
        counts=np.array([3, 1, 2]),
        arrivals_us=np.arange(6),
        lengths=np.full(6, 172, np.uint32),
        sequences=sequences,
        timestamps=np.arange(6, dtype=np.uint32),
        ssrcs=np.full(6, 7, np.uint32),
        cut=None,
        drops=None,
    )
    left, runs = without(columns, sequences == 99)

    assert runs.tolist() == [0, 2]
    assert left.sequences.tolist() == [1, 2, 3, 4]
    assert (left.starts.tolist(), left.counts.tolist()) == ([0, 2], [2, 2])
    assert left.arrivals_us.tolist() == [0, 2, 4, 5]


def test_one_byte_is_told_as_a_column_is() -> None:
    """The relay looks at one packet at a time."""
    kinds = np.arange(256, dtype=np.uint8)

    assert [is_report_type(kind) for kind in range(256)] == is_report(kinds).tolist()
