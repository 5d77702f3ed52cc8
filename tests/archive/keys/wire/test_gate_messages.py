"""Every question about the gate, as large as it may be, fits into a message."""

from archive.keys.wire.gate_messages import (
    MAX_DIGESTS,
    MAX_LEAVES,
    AddProof,
    CompareDestroyed,
    DestroyedListAnswer,
    DestroyedRow,
    ReplayDestroyed,
)
from archive.keys.wire.protocol import MAX_MESSAGE_BYTES, decode_ask, encode
from archive.set_hash import HASH_BYTES

LATE_US = (1 << 63) - 1


def test_the_largest_questions_and_answers_fit() -> None:
    """Whoever sends one must not find out by a refusal."""
    digests = (b"d" * 32,) * MAX_DIGESTS
    asks = (
        CompareDestroyed(recordings=LATE_US, total=b"t" * HASH_BYTES, under_way=digests),
        AddProof(leaves=((b"d" * 32, LATE_US, b"s" * 32),) * MAX_LEAVES),
        ReplayDestroyed(digests=digests),
    )
    row = DestroyedRow(digest=b"d" * 32, at_us=LATE_US, run=b"r" * 16)

    for ask in asks:
        assert decode_ask(encode(ask)[4:]) == ask
    assert len(encode(DestroyedListAnswer(rows=(row,) * 512))) < MAX_MESSAGE_BYTES
