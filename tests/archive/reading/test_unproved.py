"""Packets that no key proves, named one by one."""

from dataclasses import replace

import numpy as np

from archive.format.packets import MASKED, PACKET_DTYPE, PACKETS_HEAD, SOURCE
from archive.reading.unproved import MAX_NAMED, Prover
from archive.srtp.directions import Direction
from archive.srtp.srtcp import seal_report
from tests.archive.reading.scenes import START_US, Talk, event_frames, frame_of, number
from tests.support.reading.keyring import crypto, key_of, keyed, sealed


def test_every_forged_packet_is_named() -> None:
    """By its stream, its number and its time; those that a key fits are not."""
    prover, (good, forged, other) = Prover(), sealed(Talk(packets=3).sent(), crypto())
    forged = replace(forged, datagram=forged.datagram[:-1] + b"x")
    prover.hear(event_frames([keyed(crypto())])[0])
    prover.hear(frame_of(number([good, forged, other])))
    (found,) = prover.unproved()

    assert (found.stream, found.is_report, found.serial) == (0, False, 7_000_001)
    assert (found.ssrc, found.sequence, found.arrived_us) == (0xC0FFEE, 1001, START_US + 20_000)


def test_a_key_that_is_written_down_late_proves_what_came_before() -> None:
    """A client may use it before its offer is in the file."""
    prover, packets = Prover(), sealed(Talk(packets=3).sent(), crypto(2))
    first, late = event_frames([keyed(crypto(1)), keyed(crypto(2))])
    for frame in (first, frame_of(number(packets)), late):
        prover.hear(frame)

    assert list(prover.unproved()) == []


def test_streams_without_a_key_are_not_doubted() -> None:
    """Plain RTP proves nothing, and says so nowhere."""
    prover = Prover()
    prover.hear(event_frames([keyed(crypto(), stream=1)])[0])
    prover.hear(frame_of(number(Talk(packets=3).sent())))

    assert list(prover.unproved()) == []


def test_reports_are_tried_too() -> None:
    """A forged report would move a whole stream."""
    prover, talk = Prover(), Talk()
    report = talk.report(at_us=START_US, clock_us=START_US)
    secret = seal_report(Direction.derived(key_of(crypto())), report.datagram, 1)
    prover.hear(event_frames([keyed(crypto())])[0])
    prover.hear(frame_of(number([replace(report, datagram=secret), report])))
    (found,) = prover.unproved()

    assert (found.is_report, found.ssrc) == (True, talk.ssrc)


def test_what_was_masked_is_no_forgery() -> None:
    """Its tag was overwritten here."""
    prover, frame = Prover(), frame_of(number(Talk(packets=2).sent()))
    begin = PACKETS_HEAD.size + SOURCE.size
    columns = np.frombuffer(frame.payload, PACKET_DTYPE, 2, begin).copy()
    columns["flags"] = MASKED
    rest = frame.payload[begin + columns.nbytes :]
    prover.hear(event_frames([keyed(crypto())])[0])
    masked = b"".join((frame.payload[:begin], columns.tobytes(), rest))
    prover.hear(replace(frame, payload=masked))

    assert list(prover.unproved()) == []


def test_a_repetition_is_named_once() -> None:
    """A killed writer's successor writes the same packets again."""
    prover, frame = Prover(), frame_of(number(Talk(packets=1).sent()))
    prover.hear(event_frames([keyed(crypto())])[0])
    prover.hear(frame)
    prover.hear(frame)

    assert len(list(prover.unproved())) == 1


def test_a_flood_is_counted_where_it_is_no_longer_named() -> None:
    """Memory is not the sender's to fill."""
    prover = Prover()
    prover.hear(event_frames([keyed(crypto())])[0])
    for first in range(0, MAX_NAMED + 100, 100):
        packets = Talk(packets=100).sent()
        numbered = [replace(p, serial=first + at) for at, p in enumerate(packets)]
        prover.hear(frame_of(numbered))

    assert prover.unnamed == 100
