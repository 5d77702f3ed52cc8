"""Which recordings were destroyed: told apart from what an older keystore knows."""

import secrets
from pathlib import Path

from archive.keys.gate.tally import count_some, counted, has_uncounted, tally_of
from archive.set_hash import SetHash
from tests.archive.keys.turning import Turning

DIGESTS = [secrets.token_bytes(32) for _ in range(3)]


def known(*digests: bytes) -> SetHash:
    return SetHash().with_all(digests)


def test_an_older_keystore_is_behind_and_a_newer_one_is_not() -> None:
    """A kill between its commit and the count leaves it one ahead."""
    assert counted(known(*DIGESTS)).is_ahead_of(known(*DIGESTS[:2]))
    assert not counted(known(*DIGESTS[:2])).is_ahead_of(known(*DIGESTS))
    assert not counted(known(*DIGESTS)).is_ahead_of(known(*DIGESTS))


def test_as_many_others_are_not_the_same() -> None:
    """Two keystores that went different ways."""
    assert counted(known(DIGESTS[1])).is_ahead_of(known(DIGESTS[0]))


def test_a_recording_is_counted_once_whatever_it_had_of_keys(tmp_path: Path) -> None:
    """The number is that of recordings."""
    turning = Turning(tmp_path)
    header, _ = turning.adopt()
    turning.destroy(header)
    assert has_uncounted(turning.opened.connection)
    count_some(turning.opened.connection)

    assert tally_of(turning.opened.connection).members == 1
    assert not has_uncounted(turning.opened.connection)
