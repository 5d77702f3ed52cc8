"""A certificate of the tests: its key, and whole ones of some recordings."""

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.certificates.merkle import root
from archive.certificates.signed_note import SigningPublicKey
from archive.certificates.statement import DestroyedSet, RunName, Statement
from archive.ids import DEFAULT_TENANT

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SigningPublicKey(PRIVATE.public_key().public_bytes_raw())
RUN = bytes(range(16))
PLAN = bytes(range(100, 132))
# 2026-11-28 01:02:03 UTC.
DONE_US = 1_795_827_723_000_000


def statement(
    leaves: Sequence[bytes], first_us: int = DONE_US, last_us: int = DONE_US
) -> Statement:
    """What the key daemon says of recordings with these leaves."""
    return Statement(
        name=RunName(tenant=DEFAULT_TENANT, run=RUN, plan=PLAN),
        destroyed=DestroyedSet(
            recordings=len(leaves), root=root(leaves), first_us=first_us, last_us=last_us
        ),
        signed_us=DONE_US + 60_000_000,
        key=PUBLIC,
    )
