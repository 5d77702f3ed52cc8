"""What the catalog knows to be destroyed, compared with the keystore; what is proved goes again.

Everything blocks. Knows nothing of who may free a keystore, nor of when it is compared.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from api.operation.key_epochs import GateKeys
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.certificates import NewCertificate, certificates_of
from archive.catalog.destruction.tombstone_counts import (
    counted_tombstones,
    digests_under_way,
    dispute,
    every_digest,
)
from archive.catalog.destruction.tombstones import place_bare
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import append
from archive.catalog.tables.tenants import ensure_tenant, tenants
from archive.certificates.folder import CERTIFICATE, LIST, CertificateFolder
from archive.errors import CertificateDamaged, KeyRefused, KeyUnavailable
from archive.ids import DEFAULT_TENANT, TenantId
from archive.keys.errors import Refusal
from archive.keys.wire.gate_messages import MAX_DIGESTS, DestroyedRow, GateRow
from archive.set_hash import SetHash
from retention.certificates.destroyed_list import read_list

# While a run goes on the catalog changes several times a second; the next round looks again.
_TRIES: Final = 5
# Digests of one entry of the journal, as a batch of a run has.
_AN_ENTRY: Final = 32


@dataclass(frozen=True, slots=True)
class _Known:
    """What the catalog knows in one moment.

    A run has some dozens under way at the most; who writes into the catalog may say more.
    """

    counted: SetHash
    under_way: tuple[bytes, ...]

    @classmethod
    def read(cls, connection: Connection) -> "_Known":
        return cls(counted_tombstones(connection), digests_under_way(connection))


@dataclass(frozen=True, slots=True)
class KeystoreComparison:
    """Between a catalog, its certificates and a keystore; each raises `KeyUnavailable`."""

    engine: Engine
    keys: GateKeys
    certificates: CertificateFolder

    def compare(self) -> GateRow:
        """The gate when it was told what the catalog knows.

        A difference counts only where the catalog was the same before and after the question: a
        recording that loses its keys meanwhile is none.
        """
        for _ in range(_TRIES):
            before = self._known()
            told = self.keys.compare_destroyed(before.counted, before.under_way, is_settled=False)
            if told.is_same:
                return told.gate
            if self._known() == before:
                return self.keys.compare_destroyed(
                    before.counted, before.under_way, is_settled=True
                ).gate
        return told.gate

    def compare_first(self) -> None:
        """The same before anything else is asked of a key daemon that may have been started anew.

        Raises `KeyUnavailable` where it cannot be compared: then nothing is asked.
        """
        try:
            self.compare()
        except SQLAlchemyError as failed:
            raise KeyUnavailable("the catalog cannot be asked, to compare it") from failed

    def destroy_again(self) -> GateRow:
        """Have a keystore that is shut destroy what the count beside its keys, or a certificate
        that it signed itself, proves to be destroyed.

        What the catalog says besides is a claim, and destroys nothing.
        """
        with reading(self.engine) as connection:
            digests = tuple(every_digest(connection))
        gate = self.keys.replay_destroyed(digests)
        for tenant, each in self._certified():
            if gate.is_open or not gate.claims:
                break
            with suppress(OSError, CertificateDamaged, UnicodeDecodeError):
                gate = self._proved(gate, tenant, each)
        return gate if gate.is_open else self.compare()

    def make_equal(self, author: Author) -> None:
        """Where two persons have freed the keystore: let the catalog know what that one knows.

        What it does not know has a tombstone from now on, and an entry; a tombstone of which the
        keystore does not know stays, and is disputed.
        """
        with reading(self.engine) as connection:
            only_here, only_there = differences(every_digest(connection), self.keys.destroyed())
            # These have theirs soon, and it says more.
            under_way = frozenset(digests_under_way(connection))
        missing = [row for row in only_there if row.digest not in under_way]
        with writing(self.engine) as connection:
            for at in range(0, len(missing), _AN_ENTRY):
                _complete(connection, author, missing[at : at + _AN_ENTRY])
            dispute(connection, only_here)

    def _known(self) -> _Known:
        with reading(self.engine) as connection:
            known = _Known.read(connection)
        return known if len(known.under_way) <= MAX_DIGESTS else self._looked_up(known)

    def _looked_up(self, known: _Known) -> _Known:
        """Where more is under way than a message takes: count what the keystore says is gone.

        It would count the same. All that it knows is read for it, so not otherwise.
        """
        under_way = frozenset(known.under_way)
        gone = [row.digest for row in self.keys.destroyed() if row.digest in under_way]
        return _Known(known.counted.with_all(gone), ())

    def _certified(self) -> Iterator[tuple[TenantId, NewCertificate]]:
        """All certificates, of each tenant the latest first: what is missing is what is new."""
        with reading(self.engine) as connection:
            owners = [own for own, _ in tenants(connection)]
        for own in owners:
            before: int | None = None
            while True:
                with reading(self.engine) as connection:
                    page = certificates_of(connection, own, before=before)
                yield from ((own, each.content) for each in page)
                if not page:
                    break
                before = page[-1].content.number

    def _proved(self, gate: GateRow, tenant: TenantId, own: NewCertificate) -> GateRow:
        """What a certificate proves; one that is damaged, or of another key, proves nothing."""
        certificate = self.certificates.read(tenant, own.run, CERTIFICATE)
        listed = read_list(self.certificates.read(tenant, own.run, LIST).decode())
        leaves = [(each.digest, each.destroyed_us, each.said.sha256) for each in listed]
        try:
            return self.keys.prove_destroyed(certificate, leaves)
        except KeyRefused as refused:
            if str(refused) != Refusal.NOT_PROVED:
                raise
            return gate


def _complete(connection: Connection, author: Author, rows: Sequence[DestroyedRow]) -> None:
    """Tombstones of which nothing is known but what the key daemon tells, and their entry."""
    digests = [row.digest.hex() for row in rows]
    entry = author.entry("destroyed", "", {"count": len(rows), "digests": digests})
    place = append(connection, entry)
    tenant = ensure_tenant(connection, DEFAULT_TENANT)
    for row in rows:
        place_bare(connection, tenant, row.digest, row.at_us, place)


def differences(
    here: Iterator[bytes], there: Iterator[DestroyedRow]
) -> tuple[Sequence[bytes], Sequence[DestroyedRow]]:
    """What is in one of two sorted lists alone."""
    only_here, only_there = list[bytes](), list[DestroyedRow]()
    one, other = next(here, None), next(there, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one < other.digest):
            assert one is not None
            only_here.append(one)
            one = next(here, None)
        elif one is None or one > other.digest:
            only_there.append(other)
            other = next(there, None)
        else:
            one, other = next(here, None), next(there, None)
    return only_here, only_there
