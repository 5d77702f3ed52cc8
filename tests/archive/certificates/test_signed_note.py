"""Signed notes: what others can check without us."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archive.certificates.signed_note import SignedNote, SigningPublicKey, split_note
from archive.errors import CertificateDamaged, SignatureWrong

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SigningPublicKey(PRIVATE.public_key().public_bytes_raw())


def test_the_public_key_is_written_as_everybody_reads_it() -> None:
    """Its fingerprint is that of the file that `openssl` has."""
    der = PRIVATE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    assert PUBLIC.spki == der
    assert SigningPublicKey.of_spki(der) == PUBLIC
    assert PUBLIC.fingerprint == hashlib.sha256(der).hexdigest()


def test_a_note_is_what_openssl_verifies(tmp_path: Path) -> None:
    """The outside witness: text and signature, cut out by hand."""
    note = SignedNote.made("first\nsecond\n", PUBLIC, PRIVATE.sign)
    text, signature = split_note(note.encode())
    (tmp_path / "key.der").write_bytes(PUBLIC.spki)
    (tmp_path / "text").write_text(text)
    (tmp_path / "signature").write_bytes(signature)
    asked = "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text"

    done = subprocess.run([*asked.split(), "-sigfile", "signature"], cwd=tmp_path, check=False)
    note.verify()

    assert done.returncode == 0
    assert (text, signature) == (note.text, note.signature)


def test_the_short_id_is_the_one_of_the_document() -> None:
    """c2sp.org/signed-note: SHA-256 of name, line end, 01, key; its first four bytes."""
    whole = PUBLIC.name.encode() + b"\n\x01" + PUBLIC.raw

    assert PUBLIC.short_id == hashlib.sha256(whole).digest()[:4]


def test_another_text_or_key_does_not_verify() -> None:
    """Nor does the same signature under a longer text."""
    note = SignedNote.made("text\n", PUBLIC, PRIVATE.sign)
    other = SigningPublicKey(Ed25519PrivateKey.generate().public_key().public_bytes_raw())

    for text, key in [("text \n", PUBLIC), ("text\ntext\n", PUBLIC), ("text\n", other)]:
        with pytest.raises(SignatureWrong):
            SignedNote(text=text, key=key, signature=note.signature).verify()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n- a AAAA\n",
        "text\n\n\u2014 a AAAA\n".encode(),
        b"\xff",
    ],
)
def test_what_is_no_note_is_refused_by_name(content: bytes) -> None:
    """Whoever checks a file may have been given any."""
    with pytest.raises(CertificateDamaged):
        split_note(content)


@pytest.mark.parametrize("der", [b"", PUBLIC.spki[:-1], PUBLIC.spki + b"\0", bytes(44)])
def test_a_key_of_another_kind_is_refused(der: bytes) -> None:
    """No other algorithm is known to us."""
    with pytest.raises(CertificateDamaged):
        SigningPublicKey.of_spki(der)
