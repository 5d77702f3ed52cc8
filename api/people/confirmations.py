"""That persons are who they say: who may confirm whom, who is confirmed, and who has yet to be.

Knows nothing of the web, nor of what confirmed persons may do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.errors import AnotherPersonNeeded, NothingToConfirm
from api.permissions.verbs import Verb
from archive.access.lineage import ONE_MAKER_US, ROOT, Bar
from archive.catalog.accounts.confirmations import (
    ConfirmationRecord,
    confirm,
    confirmations,
    was_let_in,
)
from archive.catalog.accounts.lineage import lineage
from archive.catalog.accounts.persons import UnknownAccount, UserRecord, user_named, users
from archive.catalog.accounts.sign_in_codes import is_code_open
from archive.catalog.database.engine import read, write
from archive.catalog.journal.authors import Author


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationOverview:
    """Who was confirmed of late, latest first; of whom that should be said, and why.

    `mine` are those whom who asks may confirm, `names` those of all users, by row.
    """

    confirmed: tuple[ConfirmationRecord, ...]
    waiting: tuple[Bar, ...]
    mine: frozenset[int]
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Confirmations:
    """The acts; each raises `Refused` where the actor may not."""

    door: Door

    async def listed(self, actor: Actor) -> ConfirmationOverview:
        """For who may propose or approve."""
        verbs = actor.account.authority.verbs
        verb = Verb.APPROVE if Verb.APPROVE in verbs else Verb.PROPOSE
        access = await self.door.access(actor, verb)

        def found(connection: Connection) -> ConfirmationOverview:
            known = users(connection, access.tenant)
            line = lineage(connection, access.tenant)
            standing = [each.row for each in known if each.disabled_us is None]
            bars = (line.unconfirmed(row, access.at_us) for row in standing)
            own = actor.account.person if verb is Verb.APPROVE else ROOT
            return ConfirmationOverview(
                confirmed=tuple(
                    each
                    for each in confirmations(connection, access.tenant)
                    if each.at_us > access.at_us - ONE_MAKER_US
                ),
                waiting=tuple(bar for bar in bars if bar is not None),
                mine=frozenset(row for row in standing if own and line.may_confirm(own, row)),
                names={each.row: each.name for each in known},
            )

        return await read(self.door.engine, found)

    async def confirm(self, actor: Actor, name: str) -> None:
        """Say that a person is who it says; root does at the terminal, whomever it acts as.

        Raises `UnknownAccount`, `NothingToConfirm`, `AnotherPersonNeeded`.
        """
        is_root = actor.account.kind == "os"
        verb = Verb.PEOPLE_MANAGE if is_root else Verb.APPROVE
        access = await self.door.access(actor, verb)
        author = Author(access=access, user=ROOT if is_root else actor.account.person)

        def confirmed(connection: Connection) -> None:
            of = user_named(connection, access.tenant, name)
            _require_in(connection, of, access.at_us)
            if not is_root and not _may_vouch(connection, author, of):
                raise AnotherPersonNeeded("who had a hand in it confirms nobody")
            confirm(connection, author, of)

        try:
            await write(self.door.engine, confirmed)
        except AnotherPersonNeeded as refusal:
            await self.door.write_down(actor, verb, refusal, name)
            raise


def _require_in(connection: Connection, of: UserRecord, now_us: int) -> None:
    """The person itself must have come in: whoever has a code that is open could do so after."""
    if of.disabled_us is not None:
        raise UnknownAccount("the user is disabled")
    if is_code_open(connection, of, now_us) or not was_let_in(connection, of.row):
        raise NothingToConfirm("the person has yet to sign in")


def _may_vouch(connection: Connection, author: Author, of: UserRecord) -> bool:
    """A person who acts as itself, of whom it counts."""
    line = lineage(connection, author.access.tenant)
    return author.user != ROOT and line.may_confirm(author.user, of.row)
