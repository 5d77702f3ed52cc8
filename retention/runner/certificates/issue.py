"""Making the certificate of a run that has ended: signed by the key daemon, kept, journalled.

May be cut anywhere and asked again. Knows nothing of how a run destroys, nor of time stamps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.certificates import (
    NewCertificate,
    append_certificate,
    certificate_numbered,
)
from archive.catalog.journal.entries import Detail, Entry
from archive.certificates.folder import CertificateFolder
from archive.certificates.statement import file_digest
from archive.errors import CertificateDamaged
from archive.ids import PlanId, TenantId
from retention.certificates.certificate import (
    Below,
    Certificate,
    NamedRevision,
    Word,
    read_certificate,
)
from retention.certificates.destroyed_list import DestroyedRecording, in_order, list_text
from retention.decisions.run_stages import ACTOR


class CertifyingKeys(Protocol):
    """What is asked of the key daemon; see `KeyClient`."""

    def certificate(self, plan: PlanId, said: Sequence[bytes], below: str) -> bytes:
        """A certificate over what it destroyed of a plan; `said` in the order of digests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRun:
    """A run of which nothing more is destroyed, and all that it destroyed.

    `number` is its plan's; `journal` the place of the entry of its first recordings; `revisions`
    has each by which one was destroyed.
    """

    run: bytes
    number: int
    recordings: Sequence[DestroyedRecording]
    revisions: Mapping[int, NamedRevision]
    approval: Word
    journal: int

    @property
    def below(self) -> Below:
        return Below.of(self.recordings, self.revisions, self.approval, self.journal)

    @property
    def one_person(self) -> bool:
        """Whether one person wanted anywhere what takes two."""
        words = {self.approval, *(each.word for each in self.revisions.values())}
        return Word.ONE_PERSON in words


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssue:
    """Makes the certificates of one tenant; `clock_us` is µs since 1970 UTC."""

    engine: Engine
    keys: CertifyingKeys
    folder: CertificateFolder
    clock_us: Callable[[], int]
    tenant: TenantId

    def issue(self, ended: EndedRun) -> bool:
        """Make it where it is not there yet; false where nothing was destroyed.

        Raises `KeyUnavailable`, `OSError`; `CertificateDamaged` or `ProofWrong` where the key
        daemon has destroyed something else than the register says.
        """
        if not ended.recordings:
            return False
        with reading(self.engine) as connection:
            if certificate_numbered(connection, self.tenant, ended.number):
                return True
        recordings = in_order(ended.recordings)
        said = [each.said.sha256 for each in recordings]
        content = self.keys.certificate(PlanId(ended.run), said, ended.below.text())
        self._check(content, ended, recordings)
        self.folder.put(self.tenant, ended.run, content, list_text(recordings))
        self._write_down(content, ended)
        return True

    def _check(
        self, content: bytes, ended: EndedRun, recordings: Sequence[DestroyedRecording]
    ) -> None:
        certificate: Certificate = read_certificate(content)
        certificate.signed.note.verify()
        certificate.check_list(recordings)
        name = certificate.signed.statement.name
        if (name.tenant, name.run) != (self.tenant, ended.run):
            raise CertificateDamaged("it is of another run")

    def _write_down(self, content: bytes, ended: EndedRun) -> None:
        now_us, digest = self.clock_us(), file_digest(content)
        new = NewCertificate(
            run=ended.run,
            number=ended.number,
            sha256=bytes.fromhex(digest),
            signed_us=read_certificate(content).signed.statement.signed_us,
            recordings=len(ended.recordings),
            one_person=ended.one_person,
        )
        detail: dict[str, Detail] = {"sha256": digest, "count": len(ended.recordings)}
        detail |= {"one_person": 1} if ended.one_person else {}
        entry = Entry(
            tenant=self.tenant,
            at_us=now_us,
            actor=ACTOR,
            action="certified",
            target=f"plan:{ended.number}",
            detail=detail,
        )
        with writing(self.engine) as connection:
            append_certificate(connection, new, entry)
