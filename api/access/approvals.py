"""What two persons must want, as it is asked for: proposed, approved, withdrawn, listed.

Knows nothing of the web. What a kind of act does when it is approved stands in `AT_ONCE`; features
that carry out later call `archive.catalog.access.approvals.carry_out` in their own transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from sqlalchemy import Connection

from api.access.authorization import Door
from api.access.known_proposals import Known, People, known_proposal, names_of
from api.access.proposal_steps import waits_for
from api.permissions.actor import Actor
from api.permissions.errors import (
    AnotherPersonNeeded,
    ApprovalNeeded,
    ApprovalVoid,
    CountsAsOne,
    PersonNeeded,
)
from api.permissions.verbs import Verb
from api.words.proposal_summaries import SummaryLine, kept
from api.words.texts import said
from archive.access.approvals import ApprovalRefused, Carried, Kind, Proposal, digest_of
from archive.access.reach import is_everywhere
from archive.catalog.access.approvals import (
    KnownProposal,
    UnknownProposal,
    approve,
    carry_out,
    ended_proposals,
    open_proposals,
    proposal_numbered,
    proposals_of,
    propose,
    reject,
    withdraw,
    write_expired,
)
from archive.catalog.access.proposal_comments import add_comment, comments_of
from archive.catalog.access.proposal_scope import lies_within
from archive.catalog.accounts.single_person import (
    declare_one_person,
    end_one_person,
    is_one_person_enough,
)
from archive.catalog.database.engine import read, write
from archive.catalog.journal.authors import Author
from archive.ids import RecordingId, TenantId

# What is done, in the transaction of the approval, by the number of the proposal.
Deed = Callable[[Connection, Author, int], None]
# Whose proposal was rejected finds out here why, also after a holiday.
_LOOKED_BACK_US: Final = 30 * 86_400_000_000
_ONE_PERSON: Final = kept(
    SummaryLine(said("From now on one person's word is enough for what takes two."))
)


def _declare(connection: Connection, author: Author, number: int) -> None:
    declare_one_person(connection, author, number)


# What is done when it is approved; all else is carried out by who has the content.
AT_ONCE: Final[Mapping[Kind, Deed]] = {
    Kind.DECLARE_ONE_PERSON: _declare,
}

# Either is enough to see what is proposed, and to speak of it.
SEEING: Final = (Verb.APPROVE, Verb.PROPOSE)


@dataclass(frozen=True, slots=True)
class Approvals:
    """The acts; each raises `Refused` where the actor may not, `ApprovalRefused` out of turn."""

    door: Door
    at_once: Mapping[Kind, Deed] = field(default_factory=lambda: AT_ONCE)

    async def listed(self, actor: Actor) -> tuple[Known, ...]:
        """What can still be approved or carried out, of what who asks may know of."""
        author = await self._author(actor, _either(actor))

        def found(connection: Connection) -> tuple[Known, ...]:
            tenant, now_us = author.access.tenant, author.access.at_us
            write_expired(connection, tenant, now_us)
            return _open_for(connection, author)

        return await write(self.door.engine, found)

    async def ended(self, actor: Actor) -> tuple[Known, ...]:
        """What became of those of the last weeks, newest first, of what who asks may know of."""
        author = await self._author(actor, _either(actor))
        tenant, now_us = author.access.tenant, author.access.at_us
        return await read(
            self.door.engine,
            lambda c: _known_of(
                c, author, ended_proposals(c, tenant, now_us - _LOOKED_BACK_US, now_us)
            ),
        )

    async def waiting(self, actor: Actor) -> int:
        """How many proposals wait for who asks; nobody is refused, and nothing is written."""
        account = actor.account
        if not account.person or not account.authority.verbs & set(SEEING):
            return 0
        author = await self._author(actor, _either(actor))
        found = await read(self.door.engine, lambda c: _open_for(c, author))
        return sum(waits_for(each, actor) for each in found)

    async def show(self, actor: Actor, number: int) -> Known:
        """One proposal, whatever became of it; raises `UnknownProposal`."""
        author = await self._author(actor, _either(actor))

        def found(connection: Connection) -> Known:
            _require_known(connection, author, number)
            return known_proposal(connection, author, number)

        return await read(self.door.engine, found)

    async def propose_one_person(self, actor: Actor) -> Known:
        """That the installation be one person's, who manages people proposes."""
        await self.door.access(actor, Verb.PEOPLE_MANAGE)
        kind = Kind.DECLARE_ONE_PERSON
        return await self.propose(actor, kind, _digest(actor.account.tenant), _ONE_PERSON)

    async def propose(
        self,
        actor: Actor,
        kind: Kind,
        digest: bytes,
        summary: str,
        about: Sequence[RecordingId] = (),
    ) -> Known:
        """Propose what has this digest; features that have a kind of act call it.

        `about` are the recordings that it is of; none: it is of the whole tenant.
        """
        author = await self.proposer(actor)

        def proposed(connection: Connection) -> Known:
            write_expired(connection, author.access.tenant, author.access.at_us)
            number = propose(connection, author, kind, digest, summary, about)
            return known_proposal(connection, author, number)

        return await write(self.door.engine, proposed)

    async def proposer(self, actor: Actor) -> Author:
        """Who asks, as the author of what it may propose in a transaction of a feature's own."""
        author = await self._author(actor, Verb.PROPOSE)
        await self._require_person(actor, Verb.PROPOSE)
        return author

    async def give(self, actor: Actor, number: int) -> Known:
        """Approve; what is to be done at once is done. Raises `UnknownProposal`, …."""
        author = await self._author(actor, Verb.APPROVE)
        await self._require_person(actor, Verb.APPROVE)

        def given(connection: Connection) -> Known:
            write_expired(connection, author.access.tenant, author.access.at_us)
            _require_known(connection, author, number)
            now = approve(connection, author, number)
            if now.kind in self.at_once:
                carry_out(connection, author, number, now.digest)
                self.at_once[now.kind](connection, author, number)
            return known_proposal(connection, author, number)

        try:
            return await write(self.door.engine, given)
        except ApprovalRefused as refused:
            if refused.why != "not_another":
                raise
            refusal = await self._refusal(author, refused)
            await self.door.write_down(actor, Verb.APPROVE, refusal, f"proposal:{number}")
            raise refusal from refused

    async def reject(self, actor: Actor, number: int, reason: str) -> Known:
        """Say no to what another person proposes, and why; raises as `give` does."""
        author = await self._author(actor, Verb.APPROVE)
        await self._require_person(actor, Verb.APPROVE)

        def rejected(connection: Connection) -> Known:
            write_expired(connection, author.access.tenant, author.access.at_us)
            _require_known(connection, author, number)
            reject(connection, author, number, reason)
            return known_proposal(connection, author, number)

        return await write(self.door.engine, rejected)

    async def comment(self, actor: Actor, number: int, content: str) -> Known:
        """Say something of an open proposal to the others; raises `UnknownProposal`, …."""
        author = await self._author(actor, _either(actor))
        await self._require_person(actor, _either(actor))

        def commented(connection: Connection) -> Known:
            _require_known(connection, author, number)
            if known_proposal(connection, author, number).state != "open":
                raise ApprovalRefused("over")
            add_comment(connection, author, number, content)
            return known_proposal(connection, author, number)

        return await write(self.door.engine, commented)

    async def withdraw(self, actor: Actor, number: int) -> Known:
        """Take one's proposal, or one's word, back; raises `UnknownProposal`, …."""
        author = await self._author(actor, _either(actor))
        await self._require_person(actor, _either(actor))

        def withdrawn(connection: Connection) -> Known:
            _require_known(connection, author, number)
            withdraw(connection, author, number)
            return known_proposal(connection, author, number)

        return await write(self.door.engine, withdrawn)

    async def is_one_person_enough(self, actor: Actor) -> bool:
        """Whether the installation is declared one person's."""
        access = await self.door.access(actor, _either(actor))
        return await read(self.door.engine, lambda c: is_one_person_enough(c, access.tenant))

    async def end_one_person(self, actor: Actor) -> None:
        """Let it take two persons again; one is enough for that."""
        author = await self._author(actor, Verb.PEOPLE_MANAGE)
        await write(self.door.engine, lambda c: end_one_person(c, author))

    async def _refusal(self, author: Author, refused: ApprovalRefused) -> AnotherPersonNeeded:
        if refused.bar is None:
            return AnotherPersonNeeded("another person approves")
        names = await read(self.door.engine, lambda c: names_of(c, author.access.tenant))
        return CountsAsOne(refused.bar, names)

    async def _author(self, actor: Actor, verb: Verb) -> Author:
        access = await self.door.access(actor, verb)
        return Author(access=access, user=actor.account.user)

    async def _require_person(self, actor: Actor, verb: Verb) -> None:
        if not actor.account.person:
            refusal = PersonNeeded("only a person counts")
            await self.door.write_down(actor, verb, refusal, "")
            raise refusal


def _open_for(connection: Connection, author: Author) -> tuple[Known, ...]:
    """What can still be approved or carried out, of what the author may know of."""
    tenant, now_us = author.access.tenant, author.access.at_us
    return _known_of(connection, author, open_proposals(connection, tenant, now_us))


def _known_of(
    connection: Connection, author: Author, found: Sequence[KnownProposal]
) -> tuple[Known, ...]:
    there = [each for each in found if _may_know(connection, author, each.number, each.proposal)]
    if not there:
        return ()
    people = People.of(connection, author)
    comments = comments_of(connection, [each.number for each in there])
    return tuple(
        people.known(each.number, each.proposal, comments.get(each.number, ())) for each in there
    )


def _may_know(connection: Connection, author: Author, number: int, proposal: Proposal) -> bool:
    """What one has proposed or approved, and what lies within one's reach to its end."""
    persons = {proposal.proposed_by, *(each.by for each in proposal.approvals)}
    access = author.access
    return (
        is_everywhere(access.within.reach)
        or author.user in persons
        or lies_within(connection, access, number)
    )


def _require_known(connection: Connection, author: Author, number: int) -> None:
    """Raise `UnknownProposal` unless there is such a one that the author may know of."""
    found = proposal_numbered(connection, author.access.tenant, number)
    if not _may_know(connection, author, number, found):
        raise UnknownProposal(f"no proposal {number}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What somebody wants that takes two: exactly what, and what who approves reads."""

    kind: Kind
    digest: bytes
    summary: str = ""
    about: Sequence[RecordingId] = ()


def carried_out(
    connection: Connection, author: Author, kind: Kind, digest: bytes
) -> Carried | None:
    """Say that what the author itself has proposed is done, in the transaction that does it.

    None where it has not proposed it; raises `ApprovalNeeded` where it waits.
    """
    number = own_proposal(connection, author, kind, digest)
    if number is None:
        return None
    try:
        return carry_out(connection, author, number, digest)
    except ApprovalRefused as refused:
        kind_of_need = ApprovalNeeded if refused.bar is None else ApprovalVoid
        raise kind_of_need(number) from refused


def own_proposal(connection: Connection, author: Author, kind: Kind, digest: bytes) -> int | None:
    """The number of what the author itself has proposed and can still be carried out."""
    of_it = proposals_of(connection, author, kind, digest)
    return next((each.number for each in of_it if each.proposal.proposed_by == author.user), None)


class ApprovalWord(Enum):
    """By whose word something is done that takes two."""

    ENOUGH = "enough"
    OF_ONE_PERSON = "of_one_person"  # the installation is one person's
    MISSING = "missing"  # it is to be proposed


def word_for(connection: Connection, author: Author, actor: Actor, want: Want) -> ApprovalWord:
    """Whose word there is for it; that it is done is said in the transaction that does it.

    Raises `ApprovalNeeded` where it is proposed and waits.
    """
    tenant = author.access.tenant
    is_free = bool(actor.account.person) and is_one_person_enough(connection, tenant)
    try:
        done = carried_out(connection, author, want.kind, want.digest)
    except ApprovalNeeded:
        if not is_free:
            raise
        return ApprovalWord.OF_ONE_PERSON
    if done is None:
        return ApprovalWord.OF_ONE_PERSON if is_free else ApprovalWord.MISSING
    return ApprovalWord.OF_ONE_PERSON if done.one_person else ApprovalWord.ENOUGH


def _either(actor: Actor) -> Verb:
    """Who may propose or approve may see what is proposed."""
    return next((each for each in SEEING if each in actor.account.authority.verbs), SEEING[-1])


def _digest(tenant: TenantId) -> bytes:
    return digest_of(Kind.DECLARE_ONE_PERSON, {"tenant": str(tenant)})
