"""What the key daemon says in a certificate."""

import hashlib

import pytest
from hypothesis import given, strategies as st

from archive.certificates.statement import (
    MAX_BELOW_BYTES,
    NOT_STATED,
    Backups,
    file_digest,
    may_stand_below,
    read_signed,
    recording_leaf,
    time_text,
    time_us,
)
from archive.errors import ArchiveError, CertificateDamaged
from tests.archive.certificates.examples import DONE_US, PRIVATE, statement

LEAVES = [hashlib.sha256(bytes([n])).digest() for n in range(5)]
BELOW = "rule: default revision 0 recordings 5\njournal: 7\n"
WHOLE = statement(LEAVES).signed(BELOW, PRIVATE.sign)


def test_the_text_is_the_one_of_the_document() -> None:
    """Word for word: others read it, too."""
    said = statement(LEAVES).text().split("\n")

    assert said[0] == "rokuon certificate of destruction 1"
    assert said[1] == "tenant: 00000000000000000000000000000001"
    assert said[2] == "run: 000102030405060708090a0b0c0d0e0f"
    assert said[4] == "recordings: 5"
    assert said[6] == "first: 2026-11-28T01:02:03.000000Z"
    assert said[10:] == ["backups: not_stated", ""]


def test_a_certificate_reads_back_and_is_signed() -> None:
    """With what stands below its line, of which the key daemon understands nothing."""
    read = read_signed(WHOLE)
    read.note.verify()

    assert (read.statement, read.below) == (statement(LEAVES), BELOW)


@pytest.mark.parametrize("backups", [NOT_STATED, Backups("known_copies", DONE_US)])
def test_what_it_says_of_backups_reads_back(backups: Backups) -> None:
    """An honest "not stated" as well as a date."""
    assert Backups.parse(str(backups)) == backups


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_changed_byte_fails(at: int, other: int) -> None:
    """Wherever it is: in the text, in the signature, in the name of the key."""
    changed = bytearray(WHOLE)
    changed[at] ^= other

    with pytest.raises(ArchiveError):
        read_signed(bytes(changed)).note.verify()


@given(st.integers(0, len(WHOLE) - 1))
def test_a_cut_certificate_is_none(end: int) -> None:
    """Nor is one with something behind it."""
    with pytest.raises(ArchiveError):
        read_signed(WHOLE[:end]).note.verify()
    with pytest.raises(ArchiveError):
        read_signed(WHOLE + WHOLE[:end] + b" ").note.verify()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rule: a",
        "rule: a\n\nrule: b\n",
        "rule\n",
        "Rule: a\n",
        "rule: \n",
        "rule: a\x1bb\n",
        "rule: a\u2028b: c\n",
        "--\n",
        f"rule: {'a' * MAX_BELOW_BYTES}\n",
    ],
)
def test_only_lines_of_names_and_values_stand_below(text: str) -> None:
    """A second line of dashes, a form or a signature below would be read as one above."""
    assert not may_stand_below(text)


def test_a_leaf_is_the_text_of_the_document() -> None:
    """Done by hand, as an outsider does it."""
    digest, said = bytes(range(32)), bytes(range(32, 64))
    text = (
        f"rokuon destroyed recording 1\nrecording: {digest.hex()}\n"
        f"destroyed: 2026-11-28T01:02:03.000000Z\nsaid: {said.hex()}\n"
    )

    assert recording_leaf(digest, DONE_US, said) == hashlib.sha256(b"\0" + text.encode()).digest()
    assert file_digest(text.encode()) == hashlib.sha256(text.encode()).hexdigest()


@given(st.integers(0, 4_000_000_000_000_000))
def test_times_keep_their_microseconds(at_us: int) -> None:
    """A float would not."""
    assert time_us(time_text(at_us)) == at_us


@pytest.mark.parametrize("text", ["2026-11-28", "2026-13-28T01:02:03.000000Z", "now"])
def test_a_time_of_another_form_is_refused(text: str) -> None:
    """One form only, so that the same fact is the same bytes."""
    with pytest.raises(CertificateDamaged):
        time_us(text)
