"""Writes adopted parts into the catalog: one transaction, the same rows however often.

Knows nothing of files or keys. Parts of a recording may come in any order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.exc import DBAPIError

from archive.call.adoption import Adoption
from archive.catalog.database.database_errors import is_collision
from archive.catalog.database.engine import reading, writing
from archive.catalog.database.schema_revision import refuse_other_version
from archive.catalog.holds.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.index.adopted import index_part
from archive.catalog.index.outdated_rows import derive_stale, stale_tenants, try_again
from archive.catalog.index.places import refuse_out_of_place
from archive.catalog.journal.entries import Entry, append
from archive.catalog.tables.catalog import ledger_page, part, recording
from archive.catalog.tables.tenants import ensure_tenant
from archive.errors import ArchiveError
from archive.ids import RecordingId

_ACTOR: Final = "keeper"
# Asked of every part that comes: to put them together takes longer than to ask them.
_OF_RECORDING: Final = (
    select(part.c.sha256)
    .join_from(part, recording, part.c.recording == recording.c.row)
    .where(
        part.c.tenant == bindparam("own_tenant"),
        recording.c.tenant == bindparam("own_tenant"),
        recording.c.id == bindparam("own_id"),
        part.c.part == bindparam("own_part"),
        part.c.generation == bindparam("own_generation"),
    )
)
_OF_PAGE: Final = select(ledger_page.c.sha256).where(
    ledger_page.c.tenant == bindparam("own_tenant"),
    ledger_page.c.id == bindparam("own_id"),
    ledger_page.c.part == bindparam("own_part"),
    ledger_page.c.generation == bindparam("own_generation"),
)


class PartContradicted(ArchiveError):
    """A part that is already in the catalog was adopted again with other bytes."""


class CatalogWriter:
    """The keeper's register of adoptions; `clock_us` is µs since 1970 UTC for the journal."""

    def __init__(
        self, engine: Engine, clock_us: Callable[[], int], holds: HoldMatcher = WITHOUT_KEYS
    ) -> None:
        self._engine = engine
        self._clock_us = clock_us
        self._holds = holds

    def commit(self, adoptions: Sequence[Adoption]) -> None:
        """Write rows and journal entries of all, or nothing; returns once they are on disk.

        Legal holds over them are matched, and their keys held, before that. A part that is there
        already changes nothing else. Raises `PartContradicted` where its bytes are others,
        `PartOutOfPlace` where it is behind the last part or of another node, `RecordingDestroyed`
        where its recording has a tombstone, `CatalogOutdated`, `KeyUnavailable`.
        """
        try:
            self._commit(adoptions)
        except DBAPIError as failed:
            if not is_collision(failed):
                raise
            self._commit(adoptions)  # What was in the way has been written by now.

    def _commit(self, adoptions: Sequence[Adoption]) -> None:
        with self._writing() as connection:
            come: defaultdict[int, list[RecordingId]] = defaultdict(list)
            for adoption in adoptions:
                tenant = ensure_tenant(connection, adoption.tenant)
                if not _already_there(connection, tenant, adoption):
                    refuse_out_of_place(connection, tenant, adoption)
                    index_part(connection, tenant, adoption)
                    append(connection, _entry(adoption, self._clock_us()))
                # Also of what is there: a keystore that was put back may have its key anew.
                come[tenant].append(adoption.part_name.recording)
            for tenant, own in come.items():
                self._holds.parts(connection, tenant, own)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Write, but into no catalog that another version has changed since we began."""
        with writing(self._engine) as connection:
            refuse_other_version(connection)
            yield connection

    def try_again(self) -> None:
        """Look once more at recordings whose stored events could not be read."""
        with self._writing() as connection:
            try_again(connection)

    def derive(self, limit: int) -> int:
        """Work up to `limit` recordings out anew whose rows are of an older form; how many."""
        with reading(self._engine) as connection:
            waiting = stale_tenants(connection)
        done = 0
        for tenant in waiting:
            with self._writing() as connection:
                worked = derive_stale(connection, tenant, limit - done)
                self._holds.changed(connection, tenant, recording.c.row.in_(worked.recordings))
                done += worked.count
            if done == limit:
                break
        return done


def _already_there(connection: Connection, tenant: int, adoption: Adoption) -> bool:
    name = adoption.part_name
    own = {
        "own_tenant": tenant,
        "own_id": name.recording.raw,
        "own_part": name.part,
        "own_generation": name.generation,
    }
    known = connection.scalar(_OF_RECORDING, own) or connection.scalar(_OF_PAGE, own)
    if known is not None and known != adoption.sha256:
        raise PartContradicted(f"{name} is in the catalog with other bytes")
    return known is not None


def _entry(adoption: Adoption, at_us: int) -> Entry:
    return Entry(
        tenant=adoption.tenant,
        at_us=at_us,
        actor=_ACTOR,
        action="adopted",
        target=str(adoption.part_name.recording),
        detail={
            "part": adoption.part_name.part,
            "generation": adoption.part_name.generation,
            "sha256": adoption.sha256.hex(),
            "bytes": adoption.size_bytes,
        },
    )
