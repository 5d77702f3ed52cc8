"""A certificate proves what it was signed over, by the key daemon itself, and nothing else."""

import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.certificates.merkle import root
from archive.certificates.signed_note import SigningPublicKey
from archive.certificates.statement import DestroyedSet, RunName, Statement, recording_leaf
from archive.errors import KeyRefused
from archive.ids import DEFAULT_TENANT
from archive.keys.gate.destroyed_again import Gone
from archive.keys.gate.destruction_proof import DestructionProof, Leaf

OWN, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
RUN = b"r" * 16
LEAVES: list[Leaf] = [(secrets.token_bytes(32), at, b"s" * 32) for at in range(5)]


def certificate(private: Ed25519PrivateKey = OWN) -> bytes:
    leaves = [recording_leaf(*each) for each in LEAVES]
    public = SigningPublicKey(private.public_key().public_bytes_raw())
    destroyed = DestroyedSet(recordings=len(LEAVES), root=root(leaves), first_us=0, last_us=4)
    name = RunName(tenant=DEFAULT_TENANT, run=RUN, plan=bytes(32))
    statement = Statement(name=name, destroyed=destroyed, signed_us=9, key=public)
    return statement.signed("method: any\n", private.sign)


def proof() -> DestructionProof:
    return DestructionProof(OWN.public_key().public_bytes_raw)


def test_all_its_leaves_prove_all_of_it_and_fewer_nothing() -> None:
    """They come in several messages."""
    growing = proof()
    growing.begin(certificate())

    assert growing.add(LEAVES[:3]) == ()
    assert growing.add(LEAVES[3:]) == [Gone(digest, at, RUN) for digest, at, _ in LEAVES]


@pytest.mark.parametrize(
    "wrong",
    [
        [*LEAVES[:4], (secrets.token_bytes(32), 4, b"s" * 32)],
        [*LEAVES[:4], (LEAVES[4][0], 5, b"s" * 32)],
        [*LEAVES[:4], (LEAVES[4][0], 4, b"t" * 32)],
        [LEAVES[1], LEAVES[0], *LEAVES[2:]],
    ],
)
def test_other_leaves_prove_nothing(wrong: list[Leaf]) -> None:
    """Another recording, another time, something else said, another order."""
    growing = proof()
    growing.begin(certificate())

    with pytest.raises(KeyRefused, match="not_proved"):
        growing.add(wrong)
    with pytest.raises(KeyRefused, match="out_of_order"):
        growing.add(LEAVES)


@pytest.mark.parametrize(
    "content",
    [
        certificate(OTHER),
        certificate().replace(b"recordings: 5", b"recordings: 1"),
        certificate()[:-5],
        b"",
        b"\xff",
    ],
)
def test_what_was_not_signed_here_is_not_taken(content: bytes) -> None:
    """Whoever makes certificates with a key of his own destroys nothing."""
    with pytest.raises(KeyRefused, match="not_proved"):
        proof().begin(content)
