"""The register of certificates of destruction: one for each run, added to, never changed.

The certificate itself is a file. Knows nothing of how one is made or signed.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, exists, insert, select

from archive.catalog.journal.entries import Entry, append
from archive.catalog.tables.destruction import certificate, destruction_plan, planned_recording
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.ids import TenantId

# A page of the list: what a terminal or a screen shows at once.
MAX_PAGE: Final = 500
# Runs without one, more than that in one round: the next one has the rest.
_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCertificate:
    """Of which run (`number` is its plan's), SHA-256 of the file, when it was signed (µs UTC)."""

    run: bytes
    number: int
    sha256: bytes
    signed_us: int
    recordings: int
    one_person: bool = False


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """A certificate of the register, and the place of its entry in the journal."""

    content: NewCertificate
    journal: int


def append_certificate(connection: Connection, new: NewCertificate, entry: Entry) -> None:
    """Write one down with its entry, in the caller's transaction."""
    place = append(connection, entry)
    connection.execute(
        insert(certificate).values(
            tenant=ensure_tenant(connection, entry.tenant),
            run=new.run,
            number=new.number,
            sha256=new.sha256,
            signed_us=new.signed_us,
            recordings=new.recordings,
            one_person=int(new.one_person),
            journal=place,
        )
    )


def certificates_of(
    connection: Connection, tenant: TenantId, *, before: int | None = None, limit: int = MAX_PAGE
) -> tuple[StoredCertificate, ...]:
    """A page of the tenant's, the latest first; `before`: behind the one of that number."""
    wanted = select(certificate).where(certificate.c.tenant == tenant_row(connection, tenant))
    if before is not None:
        wanted = wanted.where(certificate.c.number < before)
    ordered = wanted.order_by(certificate.c.number.desc()).limit(min(limit, MAX_PAGE))
    return tuple(_stored(row) for row in connection.execute(ordered))


def certificate_numbered(
    connection: Connection, tenant: TenantId, number: int
) -> StoredCertificate | None:
    """The certificate of a run; None where there is none."""
    row = connection.execute(
        select(certificate).where(
            certificate.c.tenant == tenant_row(connection, tenant), certificate.c.number == number
        )
    ).one_or_none()
    return None if row is None else _stored(row)


def _stored(row: Row[tuple[object, ...]]) -> StoredCertificate:
    content = NewCertificate(
        run=row.run,
        number=row.number,
        sha256=row.sha256,
        signed_us=row.signed_us,
        recordings=row.recordings,
        one_person=bool(row.one_person),
    )
    return StoredCertificate(content, row.journal)


def uncertified_plans(connection: Connection, tenant: TenantId) -> tuple[int, ...]:
    """Numbers of the plans of runs that destroyed something and have none, first ended first."""
    row, plan = tenant_row(connection, tenant), destruction_plan.c
    planned = planned_recording.c
    of_plan = exists().where(planned.tenant == row, planned.plan == plan.row)
    has_gone = of_plan.where(planned.stage == "gone")
    # What was begun before a person stopped it is finished first.
    goes = of_plan.where(planned.stage.in_(("intended", "keyless")))
    is_certified = exists().where(certificate.c.tenant == row, certificate.c.number == plan.row)
    wanted = (
        select(plan.row)
        .where(plan.tenant == row, plan.ended_us.is_not(None), has_gone, ~goes, ~is_certified)
        .order_by(plan.ended_us)
        .limit(_AT_ONCE)
    )
    return tuple(connection.scalars(wanted))
