"""Where packets came from, read from their frames as columns."""

from dataclasses import replace

import numpy as np

from archive.format.media_latch import Place, Sender
from archive.format.packets import Source
from archive.format.runs import run_of
from archive.reading.packets.origins import ssrcs_at
from archive.reading.packets.packet_columns import SweepIntake, gather
from tests.archive.reading.scenes import CUSTOMER_SOURCE, START_US, Talk, frame_of, number

OTHER = Source(Place.of("2001:db8::7", 5004).address, 5006)
OFFSET_US = 1_000_000


def test_each_packet_has_its_own_source_and_its_time_on_a_clock_that_is_never_set() -> None:
    """Of two frames with different lists of sources, and of a report among them."""
    party, other = Talk(packets=6), Talk(packets=6, ssrc=9, source=OTHER)
    sent = number([*party.sent(), *other.sent(delay_us=7)])
    frames = [
        replace(frame_of(own, clock_offset_us=OFFSET_US), position=10_000 * place)
        for place, own in enumerate([sent[:5], sent[5:]])
    ]
    gathered = gather(SweepIntake().take(run_of(frames)))
    ((_, block),) = gathered.blocks()

    origins = gathered.origins(block)

    expected = [Sender(p.source, 9 if p.source == OTHER else 0xC0FFEE) for p in sent]
    assert [origins.sender(n) for n in range(len(sent))] == expected
    assert origins.arrived_us.tolist() == [p.arrival_us - OFFSET_US for p in sent]
    assert origins.arrived_us[0] == START_US - OFFSET_US
    by_party = origins.sent_by(Sender(CUSTOMER_SOURCE, 0xC0FFEE))
    assert by_party.tolist() == [p.source == CUSTOMER_SOURCE for p in sent]


def test_what_is_too_short_or_of_another_version_is_no_media() -> None:
    """Nothing is read behind the data's end."""
    data = np.frombuffer(b"\x80" * 12 + b"\x40" * 12 + b"\x80" * 11, np.uint8)
    starts, lengths = np.array([0, 12, 24]), np.array([12, 12, 11])

    ssrcs, is_media = ssrcs_at(data, starts, lengths)

    assert is_media.tolist() == [True, False, False]
    assert ssrcs[0] == 0x80808080
    assert not ssrcs_at(np.zeros(0, np.uint8), np.zeros(1, np.int64), np.zeros(1, np.int64))[1]
