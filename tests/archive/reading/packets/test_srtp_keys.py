"""Keys by stream, and what becomes of packets that none of them fits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec import UNSET

from archive.call.adoption import StreamReplay
from archive.call.events import StreamKeyed
from archive.format.packets import MASKED, decode_packets
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource
from archive.reading.map_builder import build_map_of_what_is_left
from archive.reading.packets.blocks import Block, Taken, join
from archive.reading.packets.srtp_keys import KeyRing
from archive.reading.recording import RecordingReader
from archive.reading.timemap import StreamMap
from archive.srtp.directions import Direction
from archive.srtp.srtcp import seal_report
from tests.archive.reading.scenes import (
    KEY,
    SALT,
    START_US,
    Packet,
    Shelf,
    Talk,
    added,
    ended,
    event_frames,
    frame_of,
    number,
    party,
    sweeps,
)
from tests.support.reading.keyring import SUITE, crypto, key_of, keyed, opening, sealed


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(folder=tmp_path)


def heard(shelf: Shelf) -> bytes:
    """The recording as it sounds."""
    with RecordingReader(shelf.parts) as reader:
        return b"".join(reader.rendering().blocks())


def mapped(shelf: Shelf) -> StreamMap:
    with FileSource(shelf.parts[0].path) as source, PartReader(source, KEY) as reader:
        (stream,) = build_map_of_what_is_left(reader, SALT).streams
        return stream


@pytest.mark.parametrize("suite", [SUITE, "AEAD_AES_256_GCM"])
def test_srtp_sounds_as_it_was_spoken(tmp_path: Path, suite: str) -> None:
    """Through a rollover, and the same as the plain call, waveform and all."""
    talk, line = Talk(packets=100, sequence=65_500), crypto(suite=suite)
    (tmp_path / "plain").mkdir()
    (tmp_path / "secure").mkdir()
    plain, secret = Shelf(folder=tmp_path / "plain"), Shelf(folder=tmp_path / "secure")
    plain.write(talk.sent(), opening())
    secret.write(sealed(talk.sent(), line), opening(keyed(line)))

    assert heard(secret) == heard(plain)
    assert mapped(secret) == mapped(plain)


@pytest.mark.parametrize("after", [100, 60])
def test_what_was_recorded_on_the_way_and_sent_again_is_heard_once(
    shelf: Shelf, after: int
) -> None:
    """Its tag is good, so that it is proved; its number says that it is an old one.

    Behind the call or in the middle of it: nothing is said twice, nothing moves, and it is counted.
    """
    talk, line = Talk(packets=100, sequence=65_500), crypto()
    packets = sealed(talk.sent(), line)
    late_us = packets[after - 1].arrival_us
    again = [replace(each, arrival_us=late_us + n) for n, each in enumerate(packets[10:50], 1)]
    shelf.write([*packets[:after], *again, *packets[after:]], opening(keyed(line)))
    plain = Shelf(folder=shelf.folder / "plain")
    plain.folder.mkdir()
    plain.write(talk.sent(), opening())

    assert heard(shelf) == heard(plain)
    counts = mapped(shelf).counts
    assert (counts.packets, counts.duplicates, counts.lost) == (140, 40, 0)
    assert mapped(shelf).unproved == 0
    assert mapped(shelf).replay is UNSET


def test_what_was_recorded_and_is_sent_again_after_a_minute_is_heard_once_and_told(
    shelf: Shelf,
) -> None:
    """So far behind, a sender who begins anew would be heard: a copy says nothing twice."""
    minute, line = 3_100, crypto()
    packets = sealed(Talk(packets=minute + 50, sequence=65_500).sent(), line)
    late_us = packets[minute - 1].arrival_us
    again = [replace(each, arrival_us=late_us + n) for n, each in enumerate(packets[10:50], 1)]
    told = [added(0), party(0, "customer"), keyed(line), ended(packets[-1].arrival_us)]
    shelf.write([*packets[:minute], *again, *packets[minute:]], told)
    once = Shelf(folder=shelf.folder / "once")
    once.folder.mkdir()
    once.write(packets, told)

    assert heard(shelf) == heard(once)
    assert (mapped(shelf).spans, mapped(shelf).gaps) == (mapped(once).spans, mapped(once).gaps)
    assert mapped(shelf).replay == StreamReplay(0, late_us + 1, late_us + 40, 40)
    counts = mapped(shelf).counts
    assert (counts.packets, counts.duplicates, counts.lost) == (minute + 90, 40, 0)


def test_a_key_that_changes_leaves_no_hole(shelf: Shelf) -> None:
    """The new one is used a moment before its offer is written down; old packets come late."""
    talk, old, new = Talk(packets=150), crypto(1), crypto(2)
    packets = talk.sent()
    early, late = packets[58].arrival_us, packets[61].arrival_us
    packets[58], packets[61] = (
        replace(packets[61], arrival_us=early),
        replace(packets[58], arrival_us=late),
    )
    is_old = [int.from_bytes(each.datagram[2:4], "big") < 1060 for each in packets]
    turned = [
        sealed([each], old if before else new)[0]
        for each, before in zip(packets, is_old, strict=True)
    ]
    _write_with_late_key(shelf, turned, keyed(old), keyed(new, at_us=START_US + 1))

    stream = mapped(shelf)
    assert (stream.counts.packets, stream.counts.lost, stream.unproved) == (150, 0, 0)
    plain = Shelf(folder=shelf.folder / "plain")
    plain.folder.mkdir()
    plain.write(packets, opening())
    assert heard(shelf) == heard(plain)


def _write_with_late_key(
    shelf: Shelf, packets: list[Packet], early: StreamKeyed, late: StreamKeyed
) -> None:
    """The second key is written behind the third sweep."""
    *events, last = event_frames([*opening(early), late])
    turns = list(sweeps(packets))
    shelf.write_frames([events, *turns[:3], [last], *turns[3:]])


def test_forged_packets_are_silent_and_counted(shelf: Shelf) -> None:
    """Somebody else's voice must not be played as the caller's, nor move what is."""
    talk, line = Talk(packets=50), crypto()
    packets = sealed(talk.sent(), line)
    forged = [
        replace(
            packet, datagram=packet.datagram[:12] + bytes(170), arrival_us=packet.arrival_us + 7
        )
        for packet in packets[10:13]
    ]
    shelf.write([*packets, *forged], opening(keyed(line)))
    stream = mapped(shelf)

    assert (stream.counts.packets, stream.unproved) == (50, 3)
    other = Shelf(folder=shelf.folder / "other")
    other.folder.mkdir()
    other.write(talk.sent(), opening())
    assert heard(shelf) == heard(other)


def test_what_was_masked_needs_no_tag() -> None:
    """A digit is overwritten with its tag before it is written, and is no forgery."""
    packets = sealed(Talk(packets=3).sent(), crypto())
    packets[1] = replace(packets[1], datagram=packets[1].datagram[:12] + b"*" * 170)
    ring, block = KeyRing(), _block(packets, masked=1)
    ring.note(keyed(crypto()))
    opened = ring.open(0, block)

    assert opened.lengths.tolist() == [172, 182, 172]
    assert ring.unproved == {}


def test_streams_without_a_key_are_as_they_were() -> None:
    """One stream may be secure and the other not."""
    ring, block = KeyRing(), _block(Talk(packets=2).sent())
    ring.note(keyed(crypto(), stream=1))
    ring.note(keyed("", stream=0))

    assert ring.open(0, block) is block
    assert ring.open_report(0, b"report") == b"report"


def test_sealed_reports_place_the_stream(shelf: Shelf) -> None:
    """SRTCP hides what the sender's clock says; the reader knows the key."""
    talk, line = Talk(packets=100), crypto()
    report = talk.report(at_us=START_US + 500_000, clock_us=START_US + 430_000)
    secret = seal_report(Direction.derived(key_of(line)), report.datagram, 1)
    wrong = secret[:-1] + bytes([secret[-1] ^ 1])
    packets = [*sealed(talk.sent(delay_us=70_000), line), replace(report, datagram=secret)]
    shelf.write([*packets, replace(report, datagram=wrong)], opening(keyed(line)))

    (span,) = mapped(shelf).spans
    assert span.source == "sr"
    assert abs(span.anchor_us - START_US) <= 1


def _block(packets: list[Packet], masked: int = -1) -> Block:
    found = decode_packets(frame_of(number(packets)))
    flags = found.flags.copy()
    if masked >= 0:
        flags[masked] = MASKED
    marked = replace(found, flags=flags)
    return join([Taken(0, marked, np.ones(len(flags), np.bool_))])
