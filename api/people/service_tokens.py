"""Tokens of services: on one person's word what it may itself, else another person's word first.

Knows nothing of the web, nor of how a token proves an account.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from api.access.approvals import Approvals, carried_out
from api.access.authorization import Door
from api.access.credential_strength import require_proof
from api.people.tokens import IssuedToken, TokenWish, issued, terms_of
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded, ScopesRefused, Unfit
from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from api.words.proposal_summaries import SummaryLine, kept
from api.words.texts import said
from archive.access.approvals import Kind, digest_of
from archive.catalog.accounts.persons import service_named
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.accounts.tokens import TokenTerms
from archive.catalog.database.engine import write
from archive.catalog.journal.authors import Author

# What only a person does: a service counts as nobody, and nobody makes itself known through one.
NOT_FOR_SERVICES: Final = frozenset(
    {Verb.PEOPLE_MANAGE, Verb.OWN_TOKENS, Verb.PROPOSE, Verb.APPROVE, Verb.BREAK_GLASS}
)
# Who manages people may do this itself; all else would be a way to hear by a machine's ears.
ON_ONE_WORD: Final = VERBS[Role.ADMINISTRATOR] - NOT_FOR_SERVICES


@dataclass(frozen=True, slots=True)
class ServiceTokens:
    """The act; raises `Refused` where the actor may not."""

    door: Door
    approvals: Approvals

    async def issue(self, actor: Actor, name: str, wish: TokenWish) -> IssuedToken:
        """A token for a service; what needs another person's word is proposed.

        Raises `UnknownAccount`, `ScopesRefused`, `ApprovalNeeded`, ….
        """
        access = await self.door.access(actor, Verb.PEOPLE_MANAGE)
        await require_proof(self.door, actor, Verb.PEOPLE_MANAGE)
        author = Author(access=access, user=actor.account.user)
        if not wish.scopes or wish.scopes & NOT_FOR_SERVICES:
            raise ScopesRefused("scopes", Unfit.SCOPES)
        wanted = _Wanted(author, name, wish, terms_of(self.door, author, wish))
        made = await write(self.door.engine, wanted.issued)
        if made is not None:
            return made
        proposed = await self.approvals.propose(actor, _KIND, wanted.digest, wanted.summary)
        raise ApprovalNeeded(proposed.number)


_KIND: Final = Kind.GIVE_SERVICE_SCOPES
_TOKEN: Final = said("{name}: {days} days, may {scopes}")
_TOKEN_FOR: Final = said("{name}: {days} days for {purpose}, may {scopes}")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A token that somebody wants for a service."""

    author: Author
    name: str
    wish: TokenWish
    terms: TokenTerms

    @property
    def digest(self) -> bytes:
        """Of all that is said of it: what is changed must be approved anew."""
        wish = self.wish
        return digest_of(
            _KIND,
            {
                "service": self.name,
                "scopes": sorted(wish.scopes),
                "days": wish.days,
                "note": wish.note,
                "purpose": wish.purpose,
            },
        )

    @property
    def summary(self) -> str:
        """What who approves reads."""
        wish = self.wish
        values: dict[str, int | str] = {"name": self.name, "days": wish.days}
        values["scopes"] = " ".join(sorted(wish.scopes))
        if not wish.purpose:
            return kept(SummaryLine(_TOKEN, values))
        return kept(SummaryLine(_TOKEN_FOR, {**values, "purpose": wish.purpose}))

    def issued(self, connection: Connection) -> IssuedToken | None:
        """The token; None where nobody has proposed it yet. Raises `ApprovalNeeded`."""
        tenant = self.author.access.tenant
        holder = service_named(connection, tenant, self.name)
        is_free = self.wish.scopes <= ON_ONE_WORD or is_one_person_enough(connection, tenant)
        if not is_free and not carried_out(connection, self.author, _KIND, self.digest):
            return None
        return issued(connection, self.author, holder, self.terms)
