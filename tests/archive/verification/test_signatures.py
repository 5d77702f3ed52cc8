"""Whose signature an END has."""

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.errors import SignatureWrong
from archive.format.end import End
from archive.keys.errors import NodeUnknown
from archive.keys.store.nodes import NodeKeys
from archive.verification.signatures import SignatureMissing, Signed, Signers
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
    signers = signers_in(tmp_path)
    with pytest.raises(NodeUnknown):
        signers.check(HEADER, TAG, signed(own))
    NodeKeys(tmp_path).register(HEADER.node, own.public_key().public_bytes_raw())

    assert signers.check(HEADER, TAG, signed(own)) is Signed.NODE
    with pytest.raises(SignatureWrong):
        signers.check(HEADER, TAG, signed(other))


def signers_in(folder: Path) -> Signers:
    """Whose files lie in a folder."""
    return Signers(NodeKeys(folder), folder / "daemon")


UNSIGNED = End(reason="recovered", segments=1, packets={})


def test_what_the_keeper_closed_must_be_signed(tmp_path: Path) -> None:
    """Who cuts a part could say that its writer was killed."""
    with pytest.raises(SignatureMissing):
        signers_in(tmp_path).check(HEADER, TAG, UNSIGNED)


def test_the_key_daemon_signs_what_the_keeper_closes(tmp_path: Path) -> None:
    """A node cannot sign in its place: each signs something else."""
    daemon, signers = Ed25519PrivateKey.generate(), signers_in(tmp_path)
    signers.daemon.write_text(daemon.public_key().public_bytes_raw().hex())
    by_hand = daemon.sign(b"rokuon end 1" + TAG + msgspec.json.encode(UNSIGNED))

    assert signers.check(HEADER, TAG, signed(daemon, "recovered")) is Signed.KEEPER
    with pytest.raises(SignatureWrong):
        signers.check(HEADER, TAG, msgspec.structs.replace(UNSIGNED, signature=by_hand))
