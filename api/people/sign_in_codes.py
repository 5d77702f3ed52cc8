"""Sign-in codes of persons: who may make one, for whom; and the way back for what is lost.

Knows nothing of the web, nor of what a code begins.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from api.access.authorization import Door
from api.access.credential_strength import require_proof
from api.permissions.actor import Actor
from api.permissions.errors import AnotherPersonNeeded, CredentialsThere
from api.permissions.verbs import Verb
from archive.catalog.accounts.credentials import has_credential
from archive.catalog.accounts.persons import UnknownAccount, UserRecord, user_named
from archive.catalog.accounts.sign_in_codes import CODE_LIFETIME_US, make_code, reset_credentials
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.database.engine import write
from archive.catalog.journal.authors import Author

_Make = Callable[[Connection, Author, UserRecord], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A code as it is shown, once, and until before when it can be used."""

    code: str = field(repr=False)
    until_us: int


@dataclass(frozen=True, slots=True)
class SignInCodes:
    """The acts; each raises `Refused` where the actor may not, or has only a token to show."""

    door: Door

    async def issue(self, actor: Actor, name: str) -> IssuedCode:
        """A code for who has no credentials; raises `UnknownAccount`, `CredentialsThere`."""
        return await self._made(actor, name, _first)

    async def reset(self, actor: Actor, name: str) -> IssuedCode:
        """End all that a person signs in by and all its sessions; raises `UnknownAccount`."""
        return await self._made(actor, name, reset_credentials)

    async def _made(self, actor: Actor, name: str, make: _Make) -> IssuedCode:
        access = await self.door.access(actor, Verb.PEOPLE_MANAGE)
        await require_proof(self.door, actor, Verb.PEOPLE_MANAGE)
        author = Author(access=access, user=actor.account.user)

        def made(connection: Connection) -> str:
            of = user_named(connection, access.tenant, name)
            if of.disabled_us is not None:
                raise UnknownAccount("the user is disabled")
            _require_another(connection, actor, of)
            return make(connection, author, of)

        try:
            code = await write(self.door.engine, made)
        except AnotherPersonNeeded as refusal:
            await self.door.write_down(actor, Verb.PEOPLE_MANAGE, refusal, name)
            raise
        return IssuedCode(code=code, until_us=access.at_us + CODE_LIFETIME_US)


def _first(connection: Connection, author: Author, of: UserRecord) -> str:
    if has_credential(connection, of.row):
        raise CredentialsThere("the person has credentials")
    return make_code(connection, author, of)


def _require_another(connection: Connection, actor: Actor, of: UserRecord) -> None:
    """Nobody gives itself a way in by what it has already, unless there is only one person."""
    if actor.account.person != of.row or is_one_person_enough(connection, actor.account.tenant):
        return
    raise AnotherPersonNeeded("nobody makes a code for itself")
