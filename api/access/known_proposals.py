"""Proposals as somebody may know of them: with names, and whose approval is missing.

Knows nothing of what is done with an approval.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import Connection

from api.permissions.roles import roles_with
from api.permissions.verbs import Verb
from archive.access.approvals import Persons, Proposal, State
from archive.access.lineage import Bar
from archive.catalog.access.approvals import persons, proposal_numbered
from archive.catalog.access.proposal_comments import Comment, comments_of
from archive.catalog.accounts.given_roles import gifts
from archive.catalog.accounts.persons import users
from archive.catalog.journal.authors import Author
from archive.ids import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A proposal with its number, what has become of it, and the names of the users it tells of.

    `bars` says of who asks and of who approved, by row, why each is no other person now; `could`
    are the names of those whose approval is missing and would count, of those with a reach that
    has no end.
    """

    number: int
    proposal: Proposal
    state: State
    names: Mapping[int, str]
    bars: Mapping[int, Bar]
    could: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()


def known_proposal(connection: Connection, author: Author, number: int) -> Known:
    """One proposal as who asks may know of it, whatever became of it; raises `UnknownProposal`."""
    found = proposal_numbered(connection, author.access.tenant, number)
    comments = comments_of(connection, [number]).get(number, ())
    return People.of(connection, author).known(number, found, comments)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who there is, for who asks: their names, who counts, who may approve."""

    author: Author
    names: Mapping[int, str]
    who: Persons
    approvers: frozenset[int]

    @classmethod
    def of(cls, connection: Connection, author: Author) -> Self:
        """As they stand now."""
        tenant = author.access.tenant
        roles = {role.value for role in roles_with(Verb.APPROVE)}
        given = gifts(connection, tenant)
        return cls(
            author=author,
            names=names_of(connection, tenant),
            who=persons(connection, tenant),
            approvers=frozenset(
                each.user for each in given if each.role in roles and each.reach.is_whole
            ),
        )

    def known(self, number: int, proposal: Proposal, comments: tuple[Comment, ...] = ()) -> Known:
        """A proposal as they may see it."""
        state = proposal.state(self.author.access.at_us)
        return Known(
            number=number,
            proposal=proposal,
            state=state,
            names=self.names,
            bars=self._bars(proposal),
            could=tuple(self._could(proposal)) if state == "open" else (),
            comments=comments,
        )

    def _could(self, proposal: Proposal) -> Iterator[str]:
        """By name."""
        given = {each.by for each in proposal.approvals}
        for row, name in sorted(self.names.items(), key=lambda each: each[1]):
            if row in self.approvers & self.who.standing - given and self._counts(proposal, row):
                yield name

    def _counts(self, proposal: Proposal, row: int) -> bool:
        by, now_us = proposal.proposed_by, self.author.access.at_us
        return self.who.one_is_enough or self.who.are_two(by, row, now_us)

    def _bars(self, proposal: Proposal) -> dict[int, Bar]:
        """Nothing stands in the way where one person is enough."""
        if self.who.one_is_enough:
            return {}
        rows = {self.author.user, *(each.by for each in proposal.approvals)}
        by, now_us = proposal.proposed_by, self.author.access.at_us
        found = ((row, self.who.lineage.bar(by, row, now_us)) for row in rows)
        return {row: bar for row, bar in found if bar is not None}


def names_of(connection: Connection, tenant: TenantId) -> dict[int, str]:
    """The name of every person, by row."""
    return {each.row: each.name for each in users(connection, tenant)}
