"""What is heard of a stream to which several send."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from archive.call.events import Event, StreamHeard, StreamLatched
from archive.format.media_latch import Latch, Place, host_of
from archive.format.packets import Source
from archive.reading.packets.blocks import Block
from archive.reading.packets.origins import Origins
from archive.reading.packets.senders import StreamSenders
from archive.reading.recording import RecordingReader
from archive.reading.timemap import encode_map
from tests.archive.reading.scenes import (
    CUSTOMER_SOURCE,
    PACKET,
    START_US,
    SWEEP_US,
    Packet,
    Shelf,
    Talk,
    added,
    event_frames,
    sweeps,
)
from tests.support.archive.media_latch import OTHER, Sent, heard, noises, sender, talk

INTRUDER = Source(Place.of(OTHER, 0).address, 5004)
PARTY = Talk(packets=200)
# It copies the party's SSRC and its numbers; its timestamps are a little earlier, so that it wins.
BESIDE = Talk(
    packets=150,
    begin_us=START_US + 500_007,
    sequence=PARTY.sequence + 25,
    timestamp=PARTY.timestamp + 25 * PACKET - PACKET // 2,
    seed=2,
    source=INTRUDER,
)
BEFORE = added(0, at_us=START_US - 300_000)
LATCHED = StreamLatched(at_us=START_US, stream=0, rule="first", address="10.0.0.1", port=5004)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(folder=tmp_path)


def sound(shelf: Shelf) -> bytes:
    """The WAV of all lanes, read piece by piece."""
    with RecordingReader(shelf.parts) as reader:
        made = reader.rendering()
        pieces = [made.read(at, at + 3_001) for at in range(0, made.total_bytes, 3_001)]
        assert b"".join(pieces) == b"".join(made.blocks())
    return b"".join(pieces)


def alone(tmp_path: Path, packets: Sequence[Packet]) -> bytes:
    """What these packets sound like where nobody else sends."""
    (tmp_path / "alone").mkdir()
    return sound(Shelf(folder=tmp_path / "alone").write(packets, [BEFORE]))


def test_another_hosts_packets_are_kept_and_not_heard(shelf: Shelf, tmp_path: Path) -> None:
    """Byte for byte the party's sound; the packets are all there; the map counts them."""
    both = [*PARTY.sent(), *BESIDE.sent()]
    shelf.write(both, [BEFORE, LATCHED])

    assert sound(shelf) == alone(tmp_path, PARTY.sent())
    with RecordingReader(shelf.parts) as reader:
        assert sum(len(packets) for packets, _ in reader.packets()) == len(both)
        (stream,) = reader.maps[0].streams
    assert stream.senders.aside == BESIDE.packets  # type: ignore[union-attr]  # it has a rule
    assert (stream.counts.packets, stream.counts.lost) == (PARTY.packets, 0)


def test_without_the_event_a_recording_reads_as_before(shelf: Shelf, tmp_path: Path) -> None:
    """Whoever sends is heard, and its map has no word more."""
    shelf.write([*PARTY.sent(), *BESIDE.sent()], [BEFORE])

    assert sound(shelf) != alone(tmp_path, PARTY.sent())
    with RecordingReader(shelf.parts) as reader:
        assert b"senders" not in encode_map(reader.maps[0])


def test_a_sender_that_takes_the_place_is_heard_from_its_first_packet_on(
    shelf: Shelf, tmp_path: Path
) -> None:
    """Another port after 2 s, another SSRC at once: nothing of either is lost at any seek."""
    moved = Source(CUSTOMER_SOURCE.address, 6000)
    first = Talk(packets=50)
    second = Talk(packets=50, begin_us=START_US + 3_000_000, ssrc=8, seed=3, source=moved)
    third = Talk(packets=80, begin_us=START_US + 4_000_000, ssrc=9, seed=4, source=moved)
    own = [*first.sent(), *second.sent(), *third.sent()]

    shelf.write([*own, *_late(BESIDE)], [BEFORE, LATCHED])

    assert sound(shelf) == alone(tmp_path, own)


def _late(beside: Talk) -> list[Packet]:
    """Packets of another while somebody is heard."""
    return [p for p in beside.sent() if p.arrival_us < START_US + 2_900_000]


@pytest.mark.parametrize(("is_told", "party_is_heard"), [(True, True), (False, False)])
def test_a_part_begins_with_whom_the_one_before_has_heard(
    shelf: Shelf, tmp_path: Path, is_told: bool, party_is_heard: bool
) -> None:
    """Whoever is quicker at its beginning does not take the place; told in an event of it."""
    nowhere = StreamLatched(at_us=START_US, stream=0, rule="first")
    address = host_of(CUSTOMER_SOURCE.address)
    last = StreamHeard(
        at_us=START_US, stream=0, address=address, port=CUSTOMER_SOURCE.port, ssrc=PARTY.ssrc
    )
    again = StreamLatched(at_us=START_US, stream=0, rule="first", address="10.0.0.9")
    early = Talk(packets=150, begin_us=START_US - 200_000, seed=2, ssrc=5, source=INTRUDER)
    events: list[Event] = [BEFORE, nowhere, *([last] if is_told else []), again]

    shelf.write([*PARTY.sent(), *early.sent()], events)

    assert (sound(shelf) == alone(tmp_path, PARTY.sent())) is party_is_heard


def test_a_new_description_counts_from_its_place_on(shelf: Shelf, tmp_path: Path) -> None:
    """Behind address translation the party comes from elsewhere, with no silence between."""
    moved = Talk(packets=100, begin_us=START_US + 4_000_000, ssrc=8, seed=3, source=INTRUDER)
    own = [*PARTY.sent(), *moved.sent()]
    described = StreamLatched(at_us=moved.begin_us, stream=0, rule="first", address="10.1.1.1")
    *begin, told = event_frames([BEFORE, LATCHED, described])
    frames = list(sweeps(own))
    later = next(n for n, each in enumerate(frames) if each[0].at_us + SWEEP_US > moved.begin_us)

    shelf.write_frames([begin, *frames[:later], [told], *frames[later:]])

    assert sound(shelf) == alone(tmp_path, own)


def block_of(sent: Sequence[Sent], first: int) -> tuple[Block, Origins]:
    """Packets whose keys are their numbers."""
    count = len(sent)
    keys = np.arange(first, first + count)
    halves = np.array([divmod(int.from_bytes(s.by.source.address), 1 << 64) for s in sent], "u8")
    origins = Origins(
        high=halves.reshape(-1, 2)[:, 0],
        low=halves.reshape(-1, 2)[:, 1],
        port=np.array([s.by.source.port for s in sent], np.uint64),
        ssrc=np.array([s.by.ssrc for s in sent], np.int64),
        arrived_us=np.array([s.at_us for s in sent], np.int64),
        is_media=np.ones(count, np.bool_),
    )
    flags, zeros = np.ones(count, np.bool_), np.zeros(count, np.int64)
    data = np.zeros(1, np.uint8)
    return Block(keys, keys, zeros, zeros, flags, zeros, zeros + 1, ~flags, data), origins


@settings(max_examples=60)
@given(noises, st.integers(0, 150), st.lists(st.integers(0, 500), max_size=8))
def test_however_packets_are_cut_into_blocks_the_same_are_heard(
    noise: list[Sent], silence: int, cuts: list[int]
) -> None:
    """As the latch judges them one by one, in their order; what is not is counted."""
    party = talk(sender(), packets=100)
    again = talk(sender(ssrc=2), begin_us=party[-1].at_us + silence * 20_000, packets=50)
    sent = sorted([*party, *noise, *again])
    latch = Latch("first", Place.of("192.0.2.1", 4000))
    taken = StreamSenders(latch)
    borders = [0, *sorted(min(cut, len(sent)) for cut in cuts), len(sent)]
    kept: list[int] = []
    for begin, end in pairwise(borders):
        if begin < end:
            for each in taken.take(*block_of(sent[begin:end], begin)):
                kept += each.keys.tolist()

    assert [sent[key] for key in kept] == heard(latch, sent)[1]
    assert taken.told().aside == len(sent) - len(kept)
