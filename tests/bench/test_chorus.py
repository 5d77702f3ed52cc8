"""Tests of the load: the same bytes to everybody, once a beat."""

import ctypes

import numpy as np
import pytest

from bench.chorus import SIDES, SSRCS, Chorus, ChorusFull, Voice, opening
from bench.inline_keys import new_keys
from rokuon.selftest.sender import BEAT_S
from rokuon.selftest.sendmmsg import IOVEC, MMSGHDR, SOCKADDR_IN

Sent = list[tuple[int, bytes]]


def heard_by(sent: Sent) -> "object":
    """A `Transmit` that reads what the kernel would."""

    def transmit(address: int, count: int) -> tuple[int, int]:
        for at in range(count):
            header = np.frombuffer(_at(address + at * MMSGHDR.itemsize, MMSGHDR.itemsize), MMSGHDR)[
                0
            ]
            name = np.frombuffer(_at(int(header["name"]), SOCKADDR_IN.itemsize), SOCKADDR_IN)[0]
            vector = np.frombuffer(_at(int(header["vectors"]), IOVEC.itemsize), IOVEC)[0]
            sent.append((int(name["port"]), _at(int(vector["base"]), int(vector["length"]))))
        return count, 0

    return transmit


def _at(address: int, size: int) -> bytes:
    return ctypes.string_at(address, size)


def chorus(sent: Sent, most: int = 20) -> Chorus:
    voices = [Voice(side, ssrc, b"") for side, ssrc in zip(SIDES, SSRCS, strict=True)]
    return Chorus(heard_by(sent), voices, max_streams=most, start_s=0.0)  # type: ignore[arg-type]


def test_everybody_hears_the_same_packet_of_a_beat_and_the_next_in_the_next() -> None:
    """Sequence numbers go on by one, whoever hears them."""
    sent: Sent = []
    load = chorus(sent)
    for number in range(15):
        load.add(number, 0, "127.0.0.1", 4_000 + number)
    load.step(BEAT_S - 0.0001)
    first = {packet for _, packet in sent}
    sent.clear()
    load.step(2 * BEAT_S - 0.0001)

    assert sorted(port for port, _ in sent) == list(range(4_000, 4_015))
    assert len(first) == len({packet for _, packet in sent}) == 1
    numbers = [int.from_bytes(packet[2:4], "big") for packet in (*first, sent[0][1])]
    assert numbers[1] == numbers[0] + 1
    assert load.sent_packets == 30


def test_who_is_removed_hears_nothing_and_the_others_go_on() -> None:
    """The last of a row takes the place of one that is gone."""
    sent: Sent = []
    load = chorus(sent, 40)
    for number in range(30):
        load.add(number, number % 2, "127.0.0.1", 4_000 + number)
    load.remove(3)
    load.step(BEAT_S - 0.0001)

    assert sorted(port - 4_000 for port, _ in sent) == [*range(3), *range(4, 30)]
    assert {packet[8:12] for port, packet in sent if port % 2} == {SSRCS[1].to_bytes(4, "big")}


def test_there_is_room_for_as_many_as_it_was_made_for() -> None:
    """One more is a mistake of the bench, and named."""
    load = chorus([], 10)
    for number in range(10):
        load.add(number, 0, "127.0.0.1", 4_000)
    with pytest.raises(ChorusFull):
        load.add(10, 0, "127.0.0.1", 4_000)


def test_a_sealed_voice_is_opened_with_its_key() -> None:
    """libsrtp on both sides; what was said comes out."""
    for side, ssrc, key in zip(SIDES, SSRCS, new_keys(secure=True), strict=True):
        voice, plain, hears = Voice(side, ssrc, key), Voice(side, ssrc, b""), opening(side, key)

        assert [hears.unprotect(voice.next()) for _ in range(3)] == [plain.next() for _ in range(3)]
