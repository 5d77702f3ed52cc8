"""The oracle itself: it must see what a recorder could do wrong, or its verdict means nothing."""

import struct
from dataclasses import replace

import numpy as np
import pytest

from tests.scenarios.bodies import TELEPHONE_EVENT_TYPE
from tests.scenarios.oracle import (
    STAMP_TOLERANCE_US,
    heard_in_place,
    masked,
    same_datagrams,
    stretches,
)
from tests.scenarios.senders import PACKET_SAMPLES
from tests.scenarios.witness import Datagram, Place

UDP = 17
PORT = 26_000
BEGIN_US = 1_795_573_742_000_000
PACKET_US = 20_000
CODES = np.random.default_rng(1).integers(0, 256, (10, PACKET_SAMPLES), dtype=np.uint8)


def packet(number: int, kind: int = 0) -> Datagram:
    """One of ten packets of noise, 20 ms each from `BEGIN_US` on."""
    head = struct.pack(">BBHII", 0x80, kind, number, number * PACKET_SAMPLES, 7)
    at_us = BEGIN_US + number * PACKET_US
    ours, theirs = Place("127.0.0.1", 27_000), Place("127.0.0.1", PORT)
    return Datagram(at_us, UDP, ours, theirs, head + CODES[number].tobytes())


SEEN = [packet(number) for number in range(10)]
(WHOLE,) = stretches(SEEN, PORT)


@pytest.mark.parametrize(
    "exported",
    [
        SEEN[:-1],
        [*SEEN, SEEN[-1]],
        [SEEN[1], SEEN[0], *SEEN[2:]],
        [replace(SEEN[0], payload=SEEN[0].payload[:-1] + b"!"), *SEEN[1:]],
        [replace(SEEN[0], at_us=SEEN[0].at_us + STAMP_TOLERANCE_US + 1), *SEEN[1:]],
        [replace(SEEN[0], target=Place("127.0.0.1", PORT + 1)), *SEEN[1:]],
        [replace(SEEN[0], source=Place("127.0.0.1", 1)), *SEEN[1:]],
    ],
    ids=["lost", "twice", "order", "byte", "late", "port", "sender"],
)
def test_any_difference_between_export_and_capture_is_seen(exported: list[Datagram]) -> None:
    """Each of these would be a recorder that cannot be believed."""
    same_datagrams(SEEN, SEEN)
    with pytest.raises(AssertionError):
        same_datagrams(exported, SEEN)


def test_a_key_that_is_not_masked_is_seen() -> None:
    """A masked one is what is wanted, so the bare one is a difference."""
    key = packet(0, kind=TELEPHONE_EVENT_TYPE)
    same_datagrams([replace(key, payload=masked(key.payload))], [key])
    with pytest.raises(AssertionError):
        same_datagrams([key], [key])


def test_a_loss_cuts_the_audio_in_two() -> None:
    """What comes after it has a place of its own."""
    parts = stretches([*SEEN[:4], *SEEN[6:]], PORT)

    assert [len(part.samples) for part in parts] == [4 * PACKET_SAMPLES] * 2
    assert (parts[1].begin_us, parts[1].late_us) == (SEEN[6].at_us, SEEN[6].at_us)


def test_packets_that_come_late_say_from_when_to_when_they_can_have_been_sent() -> None:
    """The first is held up by half a packet, the third by more, the others by nothing."""
    late = {0: PACKET_US // 2, 2: PACKET_US * 3 // 4}
    (one,) = stretches(
        [replace(each, at_us=each.at_us + late.get(at, 0)) for at, each in enumerate(SEEN[:8])],
        PORT,
    )

    assert (one.begin_us, one.late_us) == (SEEN[0].at_us, SEEN[0].at_us + late[2])


@pytest.mark.parametrize("off", [-PACKET_SAMPLES - 1, PACKET_SAMPLES + 1])
def test_audio_more_than_a_packet_off_is_seen(off: int) -> None:
    """A packet off is allowed, a sample more is not."""
    lane, near = np.zeros(4_000, np.int16), 1_000
    begin_us = BEGIN_US - near * 125
    within = near + off - (1 if off > 0 else -1)
    lane[within : within + len(WHOLE.samples)] = WHOLE.samples
    assert heard_in_place(lane, [WHOLE], begin_us) == [within]

    with pytest.raises(AssertionError):
        heard_in_place(np.roll(lane, 1 if off > 0 else -1), [WHOLE], begin_us)


@pytest.mark.parametrize("at", [0, 500, 3_999], ids=["before", "within", "after"])
def test_a_wrong_sample_is_seen(at: int) -> None:
    """Whether inside of what was said or where nobody spoke."""
    lane = np.zeros(4_000, np.int16)
    lane[400 : 400 + len(WHOLE.samples)] = WHOLE.samples
    lane[at] += 1

    with pytest.raises(AssertionError):
        heard_in_place(lane, [WHOLE], BEGIN_US - 400 * 125)
