"""Destroyed recordings of the tests, and the certificate over them."""

from collections.abc import Sequence
from hashlib import sha256

from archive.certificates.merkle import root
from retention.certificates.certificate import Below, NamedRevision, Word
from retention.certificates.destroyed_list import DestroyedRecording, Said, in_order
from tests.archive.certificates.examples import DONE_US, PRIVATE, statement

REVISIONS = {
    0: NamedRevision(number=0, sha256=sha256(b"0").digest(), word=Word.AS_SHIPPED),
    3: NamedRevision(number=3, sha256=sha256(b"3").digest(), word=Word.REGULAR),
}


def destroyed(count: int) -> tuple[DestroyedRecording, ...]:
    """So many, in order; every third by another rule."""
    return in_order(
        DestroyedRecording(
            sha256(bytes([n])).digest(),
            DONE_US + n,
            Said(
                rules=("shipped",) if n % 3 == 2 else ("queue-90-days",),
                revision=0 if n % 3 == 2 else 3,
                hour="2026-08-29T01Z",
                queues=("受付",),
            ),
        )
        for n in range(count)
    )


def certified(recordings: Sequence[DestroyedRecording]) -> bytes:
    """The certificate over these, signed."""
    leaves = [each.leaf for each in recordings]
    times = [each.destroyed_us for each in recordings]
    said = statement(leaves, min(times), max(times))
    assert said.destroyed.root == root(leaves)
    below = Below.of(recordings, REVISIONS, Word.TWO_PERSONS, 48_211)
    return said.signed(below.text(), PRIVATE.sign)
