"""The leaves of a part's Merkle tree."""

import hashlib
from dataclasses import replace

import numpy as np

from archive.format.packets import decode_packets
from archive.reading.packets.blocks import Block, Taken, join
from archive.reading.packets.leaves import LeafSeries, leaf_salt
from tests.archive.reading.scenes import Talk, frame_of, number

SALT = bytes(32)


def sha(*pieces: bytes) -> bytes:
    return hashlib.sha256(b"".join(pieces)).digest()


def block(count: int) -> Block:
    packets = decode_packets(frame_of(number(Talk(packets=count).sent())))
    return join([Taken(0, packets, np.ones(count, np.bool_))])


def leaves(*blocks: Block, salt: bytes = SALT) -> list[bytes]:
    series = LeafSeries(salt, 3)
    for each in blocks:
        series.feed(each)
    return series.finish()


def rows(whole: Block, which: slice) -> Block:
    names = ("keys", "serials", "arrivals_us", "line_us", "trusted", "starts", "lengths")
    return replace(whole, **{name: getattr(whole, name)[which] for name in names})


def test_a_leaf_is_what_arrived_in_200_ms() -> None:
    """The document's definition, done by hand."""
    whole = block(25)
    first = range(10)
    head = b"".join(
        int(whole.serials[n]).to_bytes(8, "big")
        + int(whole.arrivals_us[n]).to_bytes(8, "big")
        + int(whole.lengths[n]).to_bytes(4, "big")
        for n in first
    )
    bodies = whole.data[: 10 * 172].tobytes()
    seen = leaves(whole)

    assert len(seen) == 3
    assert seen[0] == sha(b"\x00", leaf_salt(SALT, 3, 0), head, bodies)


def test_leaves_do_not_depend_on_blocks() -> None:
    """The same part gives the same root, however it is read."""
    whole = block(100)

    assert leaves(whole) == leaves(*(rows(whole, slice(n, n + 7)) for n in range(0, 100, 7)))
    assert leaves(rows(whole, slice(0, 0))) == []


def test_a_bit_or_another_salt_changes_the_leaf() -> None:
    """A leaf must neither hide a change nor be guessed from the silence that it may hold."""
    whole = block(10)
    data = whole.data.copy()
    data[100] ^= 1

    assert leaves(replace(whole, data=data)) != leaves(whole)
    assert leaves(whole, salt=b"\1" * 32) != leaves(whole)
