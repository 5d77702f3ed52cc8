"""The register of proposals and approvals, each step with its entry in the journal.

Knows nothing of who may propose, nor of what is done with an approval. A step and what follows from
it are one transaction of the caller's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, and_, not_, or_, select, true

from archive.access.approvals import (
    LIFE_US,
    Approval,
    Approved,
    Carried,
    CarriedOut,
    Kind,
    Persons,
    Proposal,
    Rejected,
    Rejection,
    Withdrawal,
    Withdrawn,
    step,
)
from archive.catalog.access.proposal_scope import write_scope
from archive.catalog.accounts.lineage import lineage
from archive.catalog.accounts.persons import NotRegistered, users
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail, Entry, append
from archive.catalog.journal.sealed_rows import (
    believed,
    insert_row,
    note_rows,
    require_believed,
    update_rows,
)
from archive.catalog.tables.catalog import approval, proposal
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId, TenantId

# Who writes that a proposal is past its end: nobody did it.
CLOCK: Final = "rokuon"
# What is older nobody waits for any more; one by one they can be looked up for ever.
_ENDED_SHOWN: Final = 50
_NOT_ENDED: Final = (
    proposal.c.withdrawn_us.is_(None),
    proposal.c.rejected_us.is_(None),
    proposal.c.carried_us.is_(None),
)


class UnknownProposal(NotRegistered):
    """The tenant has no proposal of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProposal:
    number: int
    proposal: Proposal


def propose(
    connection: Connection,
    author: Author,
    kind: Kind,
    digest: bytes,
    summary: str,
    about: Sequence[RecordingId] = (),
) -> int:
    """Write down what a person wants done, and of which recordings; returns its number.

    What is about none is about the whole tenant.
    """
    assert author.user, "a person proposes"
    number = insert_row(
        connection,
        proposal,
        tenant=tenant_row(connection, author.access.tenant),
        kind=kind.value,
        digest=digest,
        summary=summary,
        proposed_by=author.user,
        proposed_us=author.access.at_us,
    )
    write_scope(connection, tenant_row(connection, author.access.tenant), number, about)
    detail: dict[str, Detail] = {
        "kind": kind.value,
        "digest": digest.hex(),
        "until_us": author.access.at_us + LIFE_US,
    }
    append(connection, author.entry("proposed", _target(number), detail))
    return number


def proposal_numbered(connection: Connection, tenant: TenantId, number: int) -> Proposal:
    """A proposal with the approvals in force; raises `UnknownProposal`, `RowsAltered`."""
    of_it = (proposal.c.row == number, proposal.c.tenant == tenant_row(connection, tenant))
    found = connection.execute(select(proposal).where(*of_it)).one_or_none()
    if found is None:
        raise UnknownProposal(f"no proposal {number}")
    require_believed(connection, proposal, [found])
    return _proposal(found, _approvals(connection, [number]).get(number, ()))


def open_proposals(
    connection: Connection, tenant: TenantId, now_us: int
) -> tuple[KnownProposal, ...]:
    """What can still be approved or carried out, oldest first."""
    found = connection.execute(
        select(proposal)
        .where(
            proposal.c.tenant == tenant_row(connection, tenant),
            proposal.c.proposed_us > now_us - LIFE_US,
            *_NOT_ENDED,
        )
        .order_by(proposal.c.row)
    )
    return _known(connection, found)


def ended_proposals(
    connection: Connection, tenant: TenantId, since_us: int, now_us: int
) -> tuple[KnownProposal, ...]:
    """The last of those that were proposed since then and are over, newest first."""
    own = proposal.c
    is_over = or_(own.proposed_us <= now_us - LIFE_US, not_(and_(*_NOT_ENDED)))
    found = connection.execute(
        select(proposal)
        .where(own.tenant == tenant_row(connection, tenant), own.proposed_us > since_us, is_over)
        .order_by(own.row.desc())
        .limit(_ENDED_SHOWN)
    )
    return _known(connection, found)


def persons(connection: Connection, tenant: TenantId) -> Persons:
    known = users(connection, tenant)
    return Persons(
        standing=frozenset(each.row for each in known if each.disabled_us is None),
        lineage=lineage(connection, tenant),
        one_is_enough=is_one_person_enough(connection, tenant),
    )


def approve(connection: Connection, author: Author, number: int) -> Proposal:
    """Give a person's word; raises `UnknownProposal`, `ApprovalRefused`."""
    tenant, at_us = author.access.tenant, author.access.at_us
    before = proposal_numbered(connection, tenant, number)
    now = step(before, Approved(by=author.user, at_us=at_us), persons(connection, tenant))
    given = now.approvals[-1]
    insert_row(
        connection,
        approval,
        tenant=tenant_row(connection, tenant),
        proposal=number,
        given_by=given.by,
        given_us=given.at_us,
        one_person=int(given.one_person),
    )
    append(connection, author.entry("approved", _target(number), _told(now, given)))
    return now


def withdraw(connection: Connection, author: Author, number: int) -> Proposal:
    """Take a proposal, or one's word for it, back; raises as `approve` does."""
    tenant, at_us = author.access.tenant, author.access.at_us
    before = proposal_numbered(connection, tenant, number)
    now = step(before, Withdrawn(by=author.user, at_us=at_us), persons(connection, tenant))
    if now.ended is None:
        _end_approvals(connection, author, number, approval.c.given_by == author.user)
        append(connection, author.entry("approval_withdrawn", _target(number), {}))
        return now
    _end_proposal(connection, author, number)
    return now


def reject(connection: Connection, author: Author, number: int, reason: str) -> Proposal:
    """Say no to it, for good; raises as `approve` does."""
    tenant, at_us = author.access.tenant, author.access.at_us
    before = proposal_numbered(connection, tenant, number)
    event = Rejected(by=author.user, at_us=at_us, reason=reason)
    now = step(before, event, persons(connection, tenant))
    own = (proposal.c.row == number,)
    told = {"rejected_by": author.user, "rejected_us": at_us, "rejection": reason}
    update_rows(connection, proposal, own, **told)
    append(connection, author.entry("proposal_rejected", _target(number), {}))
    return now


def revoke(connection: Connection, author: Author, kind: Kind, digest: bytes) -> int:
    """Take every word for what has this digest back, whoever gave it; how many there were."""
    found = 0
    for each in proposals_of(connection, author, kind, digest):
        if words := len(each.proposal.approvals):
            _end_approvals(connection, author, each.number, true())
            detail: dict[str, Detail] = {"approvals": words}
            append(connection, author.entry("approval_withdrawn", _target(each.number), detail))
            found += words
    return found


def drop_proposals(connection: Connection, author: Author, kind: Kind, digest: bytes) -> None:
    """Nobody approves any more what has this digest: it is not to be done, whoever proposed it."""
    for each in proposals_of(connection, author, kind, digest):
        _end_proposal(connection, author, each.number)


def proposals_of(
    connection: Connection, author: Author, kind: Kind, digest: bytes
) -> tuple[KnownProposal, ...]:
    """Those of exactly this that can still be approved or carried out, oldest first."""
    found = open_proposals(connection, author.access.tenant, author.access.at_us)
    of_it = (kind, digest)
    return tuple(each for each in found if (each.proposal.kind, each.proposal.digest) == of_it)


def carry_out(connection: Connection, author: Author, number: int, digest: bytes) -> Carried:
    """Say that what has this digest is done, in the transaction that does it; once.

    Raises `UnknownProposal`, `ApprovalRefused`: then it must not be done.
    """
    tenant, at_us = author.access.tenant, author.access.at_us
    before = proposal_numbered(connection, tenant, number)
    now = step(before, CarriedOut(digest=digest, at_us=at_us), persons(connection, tenant))
    assert now.carried is not None
    of_it = (proposal.c.row == number,)
    is_one = int(now.carried.one_person)
    update_rows(connection, proposal, of_it, carried_us=at_us, one_person=is_one)
    append(connection, author.entry("carried_out", _target(number), _told(now, now.carried)))
    return now.carried


def write_expired(connection: Connection, tenant: TenantId, now_us: int) -> None:
    """Let the journal say which proposals are past their end without having been carried out."""
    row = tenant_row(connection, tenant)
    over = (
        proposal.c.tenant == row,
        proposal.c.proposed_us <= now_us - LIFE_US,
        *_NOT_ENDED,
        proposal.c.expired_us.is_(None),
    )
    ended = note_rows(connection, proposal, over, expired_us=now_us)
    for each in ended:
        append(
            connection,
            Entry(
                tenant=tenant,
                at_us=now_us,
                actor=CLOCK,
                action="proposal_expired",
                target=_target(each.row),
                detail={"kind": each.kind},
            ),
        )


def _end_approvals(
    connection: Connection, author: Author, number: int, which: ColumnElement[bool]
) -> None:
    in_force = (approval.c.proposal == number, approval.c.withdrawn_us.is_(None))
    update_rows(connection, approval, (*in_force, which), withdrawn_us=author.access.at_us)


def _end_proposal(connection: Connection, author: Author, number: int) -> None:
    own = (proposal.c.row == number,)
    update_rows(connection, proposal, own, withdrawn_us=author.access.at_us)
    append(connection, author.entry("proposal_withdrawn", _target(number), {}))


def _target(number: int) -> str:
    return f"proposal:{number}"


def _told(now: Proposal, done: Approval | Carried) -> dict[str, Detail]:
    detail: dict[str, Detail] = {"kind": now.kind.value, "digest": now.digest.hex()}
    return detail | {"one_person": 1} if done.one_person else detail


def _approvals(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[Approval, ...]]:
    found: dict[int, tuple[Approval, ...]] = {}
    in_force = (approval.c.proposal.in_(tuple(numbers)), approval.c.withdrawn_us.is_(None))
    rows = connection.execute(select(approval).where(*in_force).order_by(approval.c.row))
    for row in believed(connection, approval, rows):
        given = Approval(by=row.given_by, at_us=row.given_us, one_person=bool(row.one_person))
        found[row.proposal] = (*found.get(row.proposal, ()), given)
    return found


def _known(
    connection: Connection, found: Iterable[Row[tuple[object, ...]]]
) -> tuple[KnownProposal, ...]:
    rows = believed(connection, proposal, found)
    given = _approvals(connection, [row.row for row in rows])
    return tuple(
        KnownProposal(number=row.row, proposal=_proposal(row, given.get(row.row, ())))
        for row in rows
    )


def _proposal(row: Row[tuple[object, ...]], approvals: tuple[Approval, ...]) -> Proposal:
    done = row.carried_us is not None
    return Proposal(
        kind=Kind(row.kind),
        digest=row.digest,
        proposed_by=row.proposed_by,
        proposed_us=row.proposed_us,
        summary=row.summary,
        approvals=approvals,
        ended=_ended(row),
        carried=Carried(at_us=row.carried_us, one_person=bool(row.one_person)) if done else None,
    )


def _ended(row: Row[tuple[object, ...]]) -> Withdrawal | Rejection | None:
    if row.rejected_us is not None:
        return Rejection(by=row.rejected_by, at_us=row.rejected_us, reason=row.rejection)
    return None if row.withdrawn_us is None else Withdrawal(at_us=row.withdrawn_us)
