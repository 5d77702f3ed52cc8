"""A certificate looked at with what an outsider has: what of it is right, wrong, or not checked.

Pure. Knows nothing of files but their names and bytes, and of no installation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from cryptography import x509

from archive.certificates.statement import FORM, time_text
from archive.certificates.time_stamps import stamped_at, verified_at
from archive.errors import ArchiveError, CertificateDamaged
from retention.certificates.certificate import Certificate, read_certificate
from retention.certificates.destroyed_list import LIST_FORM, read_list
from retention.certificates.inclusion import PROOF_FORM, read_proof


class Subject(StrEnum):
    CERTIFICATE = "certificate"
    SIGNATURE = "signature"
    KEY = "key"
    PROOF = "proof"
    LIST = "list"
    TIME_STAMP = "time_stamp"


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    NOT_CHECKED = "not_checked"


class Need(StrEnum):
    """What is missing where something was not checked."""

    FINGERPRINT = "fingerprint"
    AUTHORITIES = "authorities"
    PROOF = "proof"
    TIME_STAMP = "time_stamp"


@dataclass(frozen=True, slots=True)
class NamedFile:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom who looks trusts: a key by its fingerprint ("": none), who vouches for time stamps."""

    fingerprint: str = ""
    authorities: tuple[x509.Certificate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """One thing that was looked at: in which file, with what came of it, and what it says."""

    subject: Subject
    verdict: Verdict
    file: str = ""
    detail: str = ""
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Inspection:
    """All that was looked at; `certificate` is None where there is none that can be read."""

    certificate: Certificate | None
    found: tuple[Inspected, ...]

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong, and whose key it is was known."""
        return all(
            each.verdict is Verdict.RIGHT
            or (each.verdict is Verdict.NOT_CHECKED and each.subject is not Subject.KEY)
            for each in self.found
        )


def inspect(files: Sequence[NamedFile], trust: Trust) -> Inspection:
    """Look at one certificate and what was given with it; files are known by their beginnings."""
    named = [each for each in files if _begins(each, FORM)]
    if len(named) != 1:
        missing = "there is not exactly one certificate among the files"
        wrong = Inspected(subject=Subject.CERTIFICATE, verdict=Verdict.WRONG, detail=missing)
        return Inspection(None, (wrong,))
    (file,) = named
    try:
        certificate = read_certificate(file.content)
    except CertificateDamaged as damaged:
        return Inspection(None, (_wrong(Subject.CERTIFICATE, file, damaged),))
    beside = [each for each in files if each is not file]
    found = (*_of_itself(file, certificate, trust), *_beside(file, certificate, beside, trust))
    return Inspection(certificate, found)


def _of_itself(file: NamedFile, certificate: Certificate, trust: Trust) -> Iterator[Inspected]:
    yield _tried(Subject.SIGNATURE, file, lambda: _signature(certificate))
    key = certificate.signed.statement.key
    if not trust.fingerprint:
        verdict, need = Verdict.NOT_CHECKED, Need.FINGERPRINT
        yield Inspected(
            subject=Subject.KEY,
            verdict=verdict,
            file=file.name,
            detail=key.fingerprint,
            need=need,
        )
        return
    is_expected = key.fingerprint == trust.fingerprint
    verdict = Verdict.RIGHT if is_expected else Verdict.WRONG
    yield Inspected(subject=Subject.KEY, verdict=verdict, file=file.name, detail=key.fingerprint)


def _signature(certificate: Certificate) -> str:
    certificate.signed.note.verify()
    return time_text(certificate.signed.statement.signed_us)


def _beside(
    file: NamedFile, certificate: Certificate, beside: Sequence[NamedFile], trust: Trust
) -> Iterator[Inspected]:
    for each in beside:
        if _begins(each, PROOF_FORM):
            yield _tried(Subject.PROOF, each, partial(_proof, each, certificate))
        elif _begins(each, LIST_FORM):
            yield _tried(Subject.LIST, each, partial(_list, each, certificate))
        else:
            yield _stamp(each, file.content, trust)
    if not any(_begins(each, PROOF_FORM) or _begins(each, LIST_FORM) for each in beside):
        yield _missing(Subject.PROOF, Need.PROOF)
    if all(_begins(each, PROOF_FORM) or _begins(each, LIST_FORM) for each in beside):
        yield _missing(Subject.TIME_STAMP, Need.TIME_STAMP)


def _proof(file: NamedFile, certificate: Certificate) -> str:
    proof = read_proof(_text(file))
    proof.check(certificate.run, certificate.destroyed)
    return f"{proof.recording.digest.hex()} {time_text(proof.recording.destroyed_us)}"


def _list(file: NamedFile, certificate: Certificate) -> str:
    recordings = read_list(_text(file))
    certificate.check_list(recordings)
    return str(len(recordings))


def _stamp(file: NamedFile, stamped: bytes, trust: Trust) -> Inspected:
    if trust.authorities:
        return _tried(
            Subject.TIME_STAMP,
            file,
            lambda: verified_at(file.content, stamped, trust.authorities).isoformat(),
        )
    read = _tried(Subject.TIME_STAMP, file, lambda: stamped_at(file.content, stamped).isoformat())
    if read.verdict is Verdict.WRONG:
        return read
    return Inspected(
        subject=Subject.TIME_STAMP,
        verdict=Verdict.NOT_CHECKED,
        file=file.name,
        detail=read.detail,
        need=Need.AUTHORITIES,
    )


def _tried(subject: Subject, file: NamedFile, look: Callable[[], str]) -> Inspected:
    try:
        detail = look()
    except ArchiveError as wrong:
        return _wrong(subject, file, wrong)
    return Inspected(subject=subject, verdict=Verdict.RIGHT, file=file.name, detail=detail)


def _wrong(subject: Subject, file: NamedFile, wrong: ArchiveError) -> Inspected:
    return Inspected(subject=subject, verdict=Verdict.WRONG, file=file.name, detail=str(wrong))


def _missing(subject: Subject, need: Need) -> Inspected:
    return Inspected(subject=subject, verdict=Verdict.NOT_CHECKED, need=need)


def _begins(file: NamedFile, form: str) -> bool:
    return file.content.startswith(form.encode() + b"\n")


def _text(file: NamedFile) -> str:
    try:
        return file.content.decode()
    except UnicodeDecodeError:
        raise CertificateDamaged("it is not a text in UTF-8") from None
