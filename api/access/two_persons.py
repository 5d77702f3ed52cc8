"""Who wishes for something that may take two persons, and whose word there is for it.

Knows nothing of what is done.
"""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection

from api.access.approvals import ApprovalWord, Want, word_for
from api.access.authorization import Act, Door
from api.permissions.actor import Actor
from archive.access.approvals import Kind
from archive.catalog.journal.authors import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class Wisher:
    """Somebody who may wish it of a whole tenant; only a person counts where it takes two."""

    author: Author
    actor: Actor

    @classmethod
    async def of(cls, door: Door, actor: Actor, act: Act) -> Self:
        """Somebody who may do it for the whole tenant; raises `Refused`."""
        access = await door.access_to_all(actor, act)
        return cls(author=Author(access=access, user=actor.account.user), actor=actor)

    def word(self, connection: Connection, kind: Kind, digest: bytes) -> ApprovalWord:
        """Whose word there is for exactly this, in the transaction that does it.

        Raises `ApprovalNeeded` where it is proposed and waits.
        """
        return word_for(connection, self.author, self.actor, Want(kind=kind, digest=digest))
