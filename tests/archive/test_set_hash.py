"""Equal sets have equal hashes; sets that a plain sum cannot tell apart have not."""

import secrets

from archive.set_hash import HASH_BYTES, SetHash

DIGESTS = [secrets.token_bytes(32) for _ in range(4)]
_MODULUS = 1 << 256


def test_the_order_does_not_matter_nor_how_it_was_put_together() -> None:
    """One side counts as things happen, the other all at once."""
    whole = SetHash().with_all(DIGESTS)

    assert whole == SetHash().with_all(reversed(DIGESTS))
    assert whole == SetHash().with_all(DIGESTS[:2]).with_all(DIGESTS[2:])
    assert whole == SetHash().with_all(DIGESTS[:3]).joined(SetHash().with_all(DIGESTS[3:]))
    assert (whole.members, len(whole.total), len(whole.digest)) == (4, HASH_BYTES, 32)


def test_two_that_add_up_to_two_others_are_another_set() -> None:
    """Who may write a digest chooses it: one of what must stay, and one that makes up for it."""
    gone, other, wanted = (int.from_bytes(each, "big") for each in DIGESTS[:3])
    made_up = (gone + other - wanted) % _MODULUS
    forged = [DIGESTS[2], made_up.to_bytes(32, "big")]

    assert (wanted + made_up) % _MODULUS == (gone + other) % _MODULUS
    assert SetHash().with_all(forged).digest != SetHash().with_all(DIGESTS[:2]).digest


def test_no_lane_carries_into_the_next() -> None:
    """Each lane is a sum modulo 2^16, as a reader of the paper counts it."""
    one, other = SetHash().with_all(DIGESTS[:1]), SetHash().with_all(DIGESTS[1:2])
    lanes = [
        (
            int.from_bytes(one.total[at : at + 2], "little")
            + int.from_bytes(other.total[at : at + 2], "little")
        )
        % (1 << 16)
        for at in range(0, HASH_BYTES, 2)
    ]

    assert one.joined(other).total == b"".join(each.to_bytes(2, "little") for each in lanes)
