"""How many recordings were destroyed, and which: a number and a sum."""

import secrets

from archive.keys.tally import Tally

DIGESTS = [secrets.token_bytes(32) for _ in range(3)]


def counted(*digests: bytes) -> Tally:
    tally = Tally()
    for digest in digests:
        tally = tally.with_one(digest)
    return tally


def test_the_order_does_not_matter() -> None:
    """They are destroyed again in another one."""
    assert counted(*DIGESTS) == counted(*reversed(DIGESTS))


def test_an_older_keystore_is_behind_and_a_newer_one_is_not() -> None:
    """A kill between its commit and the count leaves it one ahead."""
    assert counted(*DIGESTS[:2]).is_behind(counted(*DIGESTS))
    assert not counted(*DIGESTS).is_behind(counted(*DIGESTS[:2]))
    assert not counted(*DIGESTS).is_behind(counted(*DIGESTS))


def test_as_many_others_are_not_the_same() -> None:
    """Two keystores that went different ways."""
    assert counted(DIGESTS[0]).is_behind(counted(DIGESTS[1]))
