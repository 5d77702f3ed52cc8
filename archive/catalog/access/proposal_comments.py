"""What persons say of a proposal to each other: added, never changed.

Knows nothing of who may.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import append
from archive.catalog.journal.sealed_rows import believed, insert_row
from archive.catalog.tables.catalog import proposal_comment
from archive.catalog.tables.tenants import tenant_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A person's words."""

    by: int
    at_us: int
    content: str


def add_comment(connection: Connection, author: Author, number: int, content: str) -> None:
    """Write down what a person says of a proposal."""
    insert_row(
        connection,
        proposal_comment,
        tenant=tenant_row(connection, author.access.tenant),
        proposal=number,
        given_by=author.user,
        given_us=author.access.at_us,
        content=content,
    )
    append(connection, author.entry("proposal_commented", f"proposal:{number}", {}))


def comments_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[Comment, ...]]:
    """What was said of each of these proposals, oldest first."""
    own = proposal_comment.c
    rows = connection.execute(
        select(proposal_comment).where(own.proposal.in_(numbers)).order_by(own.row)
    )
    found: dict[int, tuple[Comment, ...]] = {}
    for row in believed(connection, proposal_comment, rows):
        said = Comment(by=row.given_by, at_us=row.given_us, content=row.content)
        found[row.proposal] = (*found.get(row.proposal, ()), said)
    return found
