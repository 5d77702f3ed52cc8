"""The certificates of destruction as people and programs ask for them.

Whose policies may be read, may read what they have destroyed. Knows nothing of the web, nor of how
one is made.
"""

from dataclasses import dataclass
from typing import Final

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.errors import NotFound
from api.permissions.verbs import Verb
from archive.catalog.access.grants import Access
from archive.catalog.database.engine import read, write
from archive.catalog.destruction.certificates import (
    MAX_PAGE,
    StoredCertificate,
    certificate_numbered,
    certificates_of,
)
from archive.catalog.journal.entries import Entry, append
from archive.certificates.folder import CERTIFICATE, LIST, CertificateFolder
from archive.ids import RecordingId
from archive.lifecycle.tombstone import digest_of
from retention.certificates.certificate import Certificate, read_certificate
from retention.certificates.destroyed_list import read_list
from retention.certificates.inclusion import InclusionProof

_VERB: Final = Verb.POLICY_READ


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCertificate:
    """A certificate: as the register has it, as it was signed, and the names of its files."""

    stored: StoredCertificate
    certificate: Certificate
    text: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificates:
    """The questions; each raises `Refused` where the actor may not, `NotFound`, `OSError`."""

    door: Door
    folder: CertificateFolder

    async def listed(
        self, actor: Actor, *, before: int | None = None, limit: int = MAX_PAGE
    ) -> tuple[StoredCertificate, ...]:
        """A page of them, the latest first."""
        access = await self.door.access_to_all(actor, _VERB)
        return await read(
            self.door.engine,
            lambda c: certificates_of(c, access.tenant, before=before, limit=limit),
        )

    async def show(self, actor: Actor, number: int) -> ShownCertificate:
        """The certificate of a run, which is named by the number of its plan."""
        access = await self.door.access_to_all(actor, _VERB)
        stored = await self._stored(access, number)
        content = self._file(access, stored, CERTIFICATE)
        return ShownCertificate(
            stored=stored,
            certificate=read_certificate(content),
            text=content.decode(),
            files=self.folder.names(access.tenant, stored.content.run),
        )

    async def file(self, actor: Actor, number: int, name: str) -> bytes:
        """One of its files."""
        access = await self.door.access_to_all(actor, _VERB)
        return self._file(access, await self._stored(access, number), name)

    async def proof(self, actor: Actor, number: int, recording: RecordingId) -> InclusionProof:
        """The proof that a recording is in it; the journal says that it was drawn."""
        access = await self.door.access_to_all(actor, _VERB)
        stored = await self._stored(access, number)
        own = digest_of(recording)
        recordings = read_list(self._file(access, stored, LIST).decode())
        places = (at for at, each in enumerate(recordings) if each.digest == own)
        place = next(places, None)
        if place is None:
            raise NotFound("no such recording in the certificate")
        entry = Entry(
            tenant=access.tenant,
            at_us=access.at_us,
            actor=access.actor,
            action="proof_drawn",
            target=own.hex(),
            reason=access.purpose,
            detail={"plan": number},
        )
        await write(self.door.engine, lambda c: append(c, entry))
        return InclusionProof.of(stored.content.run, recordings, place)

    async def _stored(self, access: Access, number: int) -> StoredCertificate:
        found = await read(
            self.door.engine, lambda c: certificate_numbered(c, access.tenant, number)
        )
        if found is None:
            raise NotFound("no such certificate")
        return found

    def _file(self, access: Access, stored: StoredCertificate, name: str) -> bytes:
        try:
            return self.folder.read(access.tenant, stored.content.run, name)
        except FileNotFoundError:
            raise NotFound("no such file of a certificate") from None
