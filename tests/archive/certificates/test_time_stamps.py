"""Time stamps, with `openssl ts` as the server and as the witness."""

from pathlib import Path

import pytest
from cryptography import x509
from rfc3161_client import TimestampRequestBuilder

from archive.certificates.time_stamps import MAX_ANSWER_BYTES, Question, stamped_at, verified_at
from archive.errors import StampRefused, StampWrong
from tests.stamping import Stamper, openssl

CONTENT = b"rokuon certificate of destruction 1\n"


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    """Somebody who stamps."""
    made = Stamper(tmp_path_factory.mktemp("stamps") / "stamper")
    made.prepare()
    return made


def authority(stamper: Stamper) -> x509.Certificate:
    return x509.load_pem_x509_certificate(stamper.authority.read_bytes())


def test_a_stamp_of_openssl_is_taken_and_openssl_verifies_what_is_kept(
    stamper: Stamper, tmp_path: Path
) -> None:
    """The far end wrote it, and the far end reads it back from our raw bytes."""
    question = Question.about(CONTENT)
    answer = stamper.answer(question.der)
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "kept.tsr").write_bytes(answer)
    words = ("ts", "-verify", "-data", "content", "-in", "kept.tsr", "-CAfile")
    seen = openssl(tmp_path, *words, str(stamper.authority))

    at = question.take(answer)

    assert at is not None
    told = openssl(tmp_path, *["ts", "-reply", "-in", "kept.tsr", "-text"]).stdout.decode()
    assert f"Time stamp: {at:%b %e %H:%M:%S %Y} GMT" in told
    assert seen.returncode == 0, seen.stderr
    assert stamped_at(answer, CONTENT) == verified_at(answer, CONTENT, [authority(stamper)]) == at


def test_a_stamp_of_something_else_is_not_taken(stamper: Stamper) -> None:
    """Nor one that answers another question about the same: it may be an old one."""
    question, again = Question.about(CONTENT), Question.about(CONTENT)
    other = stamper.answer(Question.about(b"other").der)

    for answer in (other, stamper.answer(again.der)):
        with pytest.raises(StampWrong):
            question.take(answer)
    with pytest.raises(StampWrong):
        stamped_at(other, CONTENT)


def test_another_authority_does_not_vouch_for_it(stamper: Stamper, tmp_path: Path) -> None:
    """Anybody can write a time stamp."""
    stranger = Stamper(tmp_path / "stranger")
    stranger.prepare()
    answer = stranger.answer(Question.about(CONTENT).der)

    assert verified_at(answer, CONTENT, [authority(stranger)])
    with pytest.raises(StampWrong):
        verified_at(answer, CONTENT, [authority(stamper)])


def test_a_changed_byte_is_found(stamper: Stamper) -> None:
    """In what is stamped, in the time, in the signature."""
    question = Question.about(CONTENT)
    answer = stamper.answer(question.der)
    time = f"{stamped_at(answer, CONTENT):%Y%m%d%H%M}".encode()
    for at in (answer.index(question.digest), answer.rindex(time) + 11, len(answer) - 5):
        changed = bytearray(answer)
        changed[at] ^= 1
        with pytest.raises(StampWrong):
            verified_at(bytes(changed), CONTENT, [authority(stamper)])


def test_a_refusal_says_why(stamper: Stamper) -> None:
    """The server takes no SHA-512: its word reaches the log."""
    asked = TimestampRequestBuilder().data(CONTENT).build()

    with pytest.raises(StampRefused, match="status 2"):
        Question.about(CONTENT).take(stamper.answer(asked.as_bytes()))


def test_an_answer_that_only_others_read_is_kept(tmp_path: Path) -> None:
    """Many servers do not sort their certificates: `openssl` verifies what our reader refuses."""
    stamper = Stamper(tmp_path / "stamper", further=f"certs = {tmp_path}/stamper/authority.pem")
    stamper.prepare()
    question = Question.about(CONTENT)
    loose = stamper.answer(question.der)
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "kept.tsr").write_bytes(loose)
    words = ("ts", "-verify", "-data", "content", "-in", "kept.tsr", "-CAfile")

    assert question.take(loose) is None
    assert openssl(tmp_path, *words, str(stamper.authority)).returncode == 0
    with pytest.raises(StampWrong, match="openssl"):
        stamped_at(loose, CONTENT)


@pytest.mark.parametrize("junk", [b"", b"<html>", bytes(MAX_ANSWER_BYTES + 1)])
def test_what_is_no_answer_is_not_kept(junk: bytes) -> None:
    """A page of a proxy, for one."""
    with pytest.raises(StampWrong):
        Question.about(CONTENT).take(junk)
