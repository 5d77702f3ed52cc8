"""The digest by which a destroyed recording is known."""

import hashlib

from archive.ids import RecordingId
from archive.lifecycle.tombstone import digest_of


def test_the_digest_is_that_of_the_document() -> None:
    """An outsider who has the id makes it with sha256sum."""
    own = RecordingId(bytes(range(16)))

    assert digest_of(own) == hashlib.sha256(b"rokuon tombstone 1\0" + own.raw).digest()
