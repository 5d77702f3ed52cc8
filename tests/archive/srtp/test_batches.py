"""Many secure packets at once: the same as one by one."""

import numpy as np
import pytest

from archive.srtp.batches import open_packets
from archive.srtp.decryption import Opener
from archive.srtp.keys import MasterKey
from archive.srtp.suites import SUITES
from tests.archive.srtp.sender import rtp, secure
from tests.support.srtp_opening import master

LENGTHS = (0, 1, 15, 16, 17, 160, 1_300)


def laid_out(packets: list[bytes]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Packets behind one another, with something else before and between."""
    data, starts = bytearray(b"before"), []
    for packet in packets:
        starts.append(len(data))
        data += packet + b"between"
    lengths = [len(packet) for packet in packets]
    return np.frombuffer(bytes(data), np.uint8), np.array(starts), np.array(lengths)


def opened_by(opener: Opener, packets: list[bytes]) -> list[bytes | None]:
    data, starts, lengths = laid_out(packets)
    opened = open_packets(opener, data, starts, lengths)
    assert bytes(opened.data[:6]) == b"before"
    return [
        opened.data[start : start + length].tobytes() if proved else None
        for start, length, proved in zip(starts, opened.lengths, opened.proved, strict=True)
    ]


@pytest.mark.parametrize("name", SUITES)
def test_packets_of_every_length_come_out_as_they_were(name: str) -> None:
    """Also of two sources that are at different places of their rollovers."""
    key = master(name)
    plain = [
        rtp(65_530 + at, bytes(range(256)) * 6, ssrc=ssrc)[: 12 + length]
        for ssrc in (7, 8)
        for at, length in enumerate(LENGTHS[:5])
    ]
    sealed = [secure(p, key, int.from_bytes(p[8:12], "big") * 3) for p in plain]

    assert opened_by(Opener([key]), sealed) == plain


def test_packets_of_two_keys_are_opened_in_one_go() -> None:
    """A key that changes in the middle of a sweep; old packets may still be on their way."""
    old, new = master(seed=1), master("AEAD_AES_128_GCM", seed=2)
    plain = [rtp(number) for number in range(1, 7)]
    keys: list[MasterKey] = [old, old, new, old, new, new]
    sealed = [secure(p, key) for p, key in zip(plain, keys, strict=True)]

    assert opened_by(Opener([old, new]), sealed) == plain


def test_what_nothing_proves_is_left_as_it_came() -> None:
    """And says so; its neighbours are opened."""
    key = master()
    sealed = [secure(rtp(number), key) for number in range(3)]
    sealed[1] = sealed[1][:-1] + bytes([sealed[1][-1] ^ 1])
    data, starts, lengths = laid_out(sealed)
    opened = open_packets(Opener([key]), data, starts, lengths)

    assert opened.proved.tolist() == [True, False, True]
    assert opened.lengths.tolist() == [172, 182, 172]
    assert opened.data[starts[1] : starts[1] + 182].tobytes() == sealed[1]


def test_what_is_authenticated_alone_is_not_decrypted() -> None:
    """RFC 4568 §6.3.2."""
    key = master(rtp_encrypted=False)

    assert opened_by(Opener([key]), [secure(rtp(1), key)]) == [rtp(1)]


def test_nothing_is_opened_where_nothing_is() -> None:
    """A sweep of a stream that was silent."""
    assert opened_by(Opener([master()]), []) == []
