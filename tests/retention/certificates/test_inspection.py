"""A certificate as an outsider looks at it."""

from pathlib import Path

import pytest
from cryptography import x509

from archive.certificates.time_stamps import Question
from retention.certificates.destroyed_list import list_text
from retention.certificates.inclusion import InclusionProof
from retention.certificates.inspection import (
    Inspection,
    NamedFile,
    Need,
    Subject,
    Trust,
    Verdict,
    inspect,
)
from tests.archive.certificates.examples import PUBLIC, RUN
from tests.retention.destroyed_recordings import certified, destroyed
from tests.stamping import Stamper

RECORDINGS = destroyed(9)
FILE = NamedFile("certificate.txt", certified(RECORDINGS))
PROOF = NamedFile("proof.txt", InclusionProof.of(RUN, RECORDINGS, 3).text().encode())
LIST = NamedFile("recordings.txt", list_text(RECORDINGS).encode())
KNOWN = Trust(PUBLIC.fingerprint)


def verdicts(found: Inspection) -> dict[Subject, Verdict]:
    return {each.subject: each.verdict for each in found.found}


def test_signature_key_proof_and_list_are_looked_at() -> None:
    """In whichever order they are given; what is missing is named."""
    found = inspect([LIST, FILE, PROOF], KNOWN)

    assert found.is_right
    assert found.certificate is not None
    assert verdicts(found) == {
        Subject.SIGNATURE: Verdict.RIGHT,
        Subject.KEY: Verdict.RIGHT,
        Subject.LIST: Verdict.RIGHT,
        Subject.PROOF: Verdict.RIGHT,
        Subject.TIME_STAMP: Verdict.NOT_CHECKED,
    }


def test_a_key_of_which_nobody_said_whose_it_is_is_not_right() -> None:
    """Anybody can sign anything: only a fingerprint from elsewhere says who did."""
    found = inspect([FILE], Trust())
    (key,) = (each for each in found.found if each.subject is Subject.KEY)

    assert not found.is_right
    assert (key.verdict, key.need) == (Verdict.NOT_CHECKED, Need.FINGERPRINT)
    assert key.detail == PUBLIC.fingerprint
    assert verdicts(inspect([FILE], Trust("0" * 64)))[Subject.KEY] is Verdict.WRONG


@pytest.mark.parametrize(
    ("file", "subject"),
    [(PROOF, Subject.PROOF), (LIST, Subject.LIST)],
)
def test_what_was_changed_is_wrong_and_the_rest_is_looked_at_all_the_same(
    file: NamedFile, subject: Subject
) -> None:
    """One fault does not hide another."""
    changed = file.content.replace(b"01Z", b"02Z", 1)
    found = inspect([FILE, NamedFile(file.name, changed)], KNOWN)

    assert not found.is_right
    assert verdicts(found)[subject] is Verdict.WRONG
    assert verdicts(found)[Subject.SIGNATURE] is Verdict.RIGHT
    not_utf8 = NamedFile(file.name, file.content[:40] + b"\xff")
    assert verdicts(inspect([FILE, not_utf8], KNOWN))[subject] is Verdict.WRONG


@pytest.mark.parametrize("files", [[], [PROOF], [FILE, FILE], [NamedFile("x", FILE.content[:99])]])
def test_without_exactly_one_certificate_nothing_is_proved(files: list[NamedFile]) -> None:
    """A proof alone leads to a root that nobody signed."""
    found = inspect(files, KNOWN)

    assert found.certificate is None
    assert not found.is_right
    assert verdicts(found) == {Subject.CERTIFICATE: Verdict.WRONG}


def test_a_time_stamp_is_proved_by_who_vouches_for_it(tmp_path: Path) -> None:
    """Without that what it says is shown, and not counted."""
    stamper = Stamper(tmp_path / "stamper")
    stamper.prepare()
    stamp = NamedFile("a.tsr", stamper.answer(Question.about(FILE.content).der))
    other = NamedFile("b.tsr", stamper.answer(Question.about(b"other").der))
    known = x509.load_pem_x509_certificate(stamper.authority.read_bytes())
    trusted = Trust(PUBLIC.fingerprint, (known,))
    alone = inspect([FILE, stamp], KNOWN)

    assert verdicts(inspect([FILE, stamp], trusted))[Subject.TIME_STAMP] is Verdict.RIGHT
    assert verdicts(alone)[Subject.TIME_STAMP] is Verdict.NOT_CHECKED
    assert alone.is_right
    for trust in (KNOWN, trusted):
        assert verdicts(inspect([FILE, other], trust))[Subject.TIME_STAMP] is Verdict.WRONG
