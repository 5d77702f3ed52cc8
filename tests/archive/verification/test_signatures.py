"""Whose signature an END has."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.errors import SignatureWrong
from archive.format.end import End
from archive.keys.errors import NodeUnknown
from archive.keys.store.nodes import NodeKeys
from archive.verification.signatures import SignatureMissing, Signed, Signers
from tests.archive.reading.scenes import START_US, header_of

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


def signers_in(folder: Path, begin_us: int = 0) -> Signers:
    """Whose files lie in a folder."""
    (folder / "begin").write_text(f"{begin_us}\n")
    return Signers(NodeKeys(folder), folder / "daemon", folder / "begin")


UNSIGNED = End(reason="recovered", segments=1, packets={})


def test_what_an_earlier_keeper_closed_has_no_signature_and_is_counted_apart(
    tmp_path: Path,
) -> None:
    """A younger part, or one of a younger recording, must have one."""
    assert signers_in(tmp_path, START_US + 1).check(HEADER, TAG, UNSIGNED) is Signed.UNSIGNED
    with pytest.raises(SignatureMissing):
        signers_in(tmp_path, START_US).check(HEADER, TAG, UNSIGNED)
    older = replace(HEADER, created_us=0)
    with pytest.raises(SignatureMissing):
        signers_in(tmp_path, START_US).check(older, TAG, UNSIGNED)


def test_from_when_on_all_must_be_signed_must_be_known(tmp_path: Path) -> None:
    """Who removes the file has not made everything old."""
    signers = signers_in(tmp_path)
    signers.begin.unlink()

    with pytest.raises(FileNotFoundError):
        signers.check(HEADER, TAG, UNSIGNED)


def test_the_key_daemon_signs_what_the_keeper_closes(tmp_path: Path) -> None:
    """A node cannot sign in its place: each signs something else."""
    daemon, signers = Ed25519PrivateKey.generate(), signers_in(tmp_path)
    signers.daemon.write_text(daemon.public_key().public_bytes_raw().hex())
    by_hand = daemon.sign(b"rokuon end 1" + TAG + msgspec.json.encode(UNSIGNED))

    assert signers.check(HEADER, TAG, signed(daemon, "recovered")) is Signed.KEEPER
    with pytest.raises(SignatureWrong):
        signers.check(HEADER, TAG, msgspec.structs.replace(UNSIGNED, signature=by_hand))
