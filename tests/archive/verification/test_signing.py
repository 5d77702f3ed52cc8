"""Whose signature an END has."""

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.end import End
from archive.errors import SignatureWrong
from archive.keys.errors import NodeUnknown
from archive.keys.nodes import NodeKeys
from archive.verification.signing import Signed, Signers
from tests.archive.reading.scenes import header_of

TAG = bytes(32)
HEADER = header_of(0)


def signed(by: Ed25519PrivateKey, reason: str = "bye") -> End:
    """An END as its writer leaves it."""
    end = End(reason=reason, segments=1, packets={})
    return End.decode(end.encode(sign=by.sign, header_tag=TAG))


def test_an_end_is_its_nodes_or_nobodys(tmp_path: Path) -> None:
    """Another node's is wrong; of a node that is not on file nobody can tell."""
    own, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signers = Signers(NodeKeys(tmp_path))
    with pytest.raises(NodeUnknown):
        signers.check(HEADER, TAG, signed(own))
    NodeKeys(tmp_path).register(HEADER.node, own.public_key().public_bytes_raw())

    assert signers.check(HEADER, TAG, signed(own)) is Signed.NODE
    with pytest.raises(SignatureWrong):
        signers.check(HEADER, TAG, signed(other))


def test_what_an_earlier_keeper_closed_has_no_signature_and_is_counted_apart(
    tmp_path: Path,
) -> None:
    """Only its reason may go without one."""
    unsigned = End(reason="recovered", segments=1, packets={})
    node = Ed25519PrivateKey.generate().public_key()
    NodeKeys(tmp_path).register(HEADER.node, node.public_bytes_raw())
    signers = Signers(NodeKeys(tmp_path))

    assert signers.check(HEADER, TAG, unsigned) is Signed.UNSIGNED
    with pytest.raises(SignatureWrong):
        signers.check(HEADER, TAG, msgspec.structs.replace(unsigned, reason="bye"))
