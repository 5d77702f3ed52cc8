"""The retention policy: checked, taken over, listed, compared.

What can only keep longer is taken over at once; all else is proposed, another person approves it,
and then it cools off. Knows nothing of the web, nor of what a rule means.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

from sqlalchemy import Connection

from api.access import Door
from api.actor import Actor
from api.approvals import Approvals, Want, Word, word_for
from api.errors import ApprovalNeeded
from api.people.verbs import Verb
from api.retention.history import KnownRevision, PolicyHistory, microseconds
from archive.approvals import Kind, digest_of
from archive.catalog.authors import Author
from archive.catalog.engine import read, write
from archive.catalog.marked_names import names_of_kind
from archive.catalog.oneness import is_one_person_enough
from archive.catalog.retention_revisions import (
    NewRevision,
    StoredRevision,
    append_revision,
    sha256_of,
)
from archive.catalog.tenants import tenant_row
from retention.errors import PolicyRefused
from retention.findings import Finding, findings
from retention.policy import RetentionPolicy
from retention.policy_difference import difference
from retention.policy_file import read_policy
from retention.policy_text import policy_text
from retention.revision import Care, Revision, care_for, in_force_from

_KIND: Final = Kind.TAKE_OVER_POLICY
# What who approves reads of a long difference; `rokuon retention policy check` shows all of it.
_LINES_OF_SUMMARY: Final = 200
_NO_COOLING_OFF: Final = (
    "limits.cooling_off_h: only an installation of one person does without cooling off"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWish:
    """A text that is to be the policy; retroactive: for recordings that are there, too."""

    text: str
    is_retroactive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPolicy:
    """What taking a text over now would mean: the revision, against which other one it stands."""

    new: NewRevision
    care: Care
    compared_with: int
    difference: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def summary(self) -> str:
        """What who approves reads: which text, for which recordings, and what changes."""
        reach = "recordings that exist too" if self.new.is_retroactive else "calls to come"
        left = len(self.difference) - _LINES_OF_SUMMARY
        more = [f"… {left} more lines"] if left > 0 else []
        head = f"retention policy {self.new.sha256.hex()} for {reach}, against revision"
        shown = self.difference[:_LINES_OF_SUMMARY]
        return "\n".join([f"{head} {self.compared_with}:", *shown, *more])


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """The revision that decides as was wished; `is_new` unless it was there before."""

    revision: KnownRevision
    is_new: bool


@dataclass(frozen=True, slots=True)
class RetentionPolicies:
    """The acts; each raises `Refused` where the actor may not, `PolicyRefused` for a wrong text."""

    door: Door
    approvals: Approvals

    async def check(self, actor: Actor, wish: PolicyWish) -> CheckedPolicy:
        """What taking it over now would mean; nothing is changed."""
        author = await self._author(actor, Verb.POLICY_READ)
        wanted = _Wanted.of(author, actor, wish)
        return await read(self.door.engine, wanted.checked)

    async def take_over(self, actor: Actor, wish: PolicyWish) -> TakenOver:
        """Make it the latest revision; what may shorten is proposed first.

        Raises `ApprovalNeeded`; `PersonNeeded` where nobody proposes who counts.
        """
        author = await self._author(actor, Verb.POLICY_MANAGE)
        wanted = _Wanted.of(author, actor, wish)
        done = await write(self.door.engine, wanted.taken_over)
        if isinstance(done, TakenOver):
            return done
        proposed = await self.approvals.propose(actor, _KIND, wanted.digest, done.summary)
        raise ApprovalNeeded(proposed.number)

    async def listed(self, actor: Actor) -> tuple[KnownRevision, ...]:
        """Every revision, oldest first; the first is the shipped one."""
        history = await self._history(actor)
        return tuple(history.known(each) for each in history.stored)

    async def show(self, actor: Actor, number: int | None) -> KnownRevision:
        """A revision; None: the latest. Raises `UnknownRevision`."""
        history = await self._history(actor)
        return history.known(history.numbered(number))

    async def difference(self, actor: Actor, older: int, newer: int) -> tuple[str, ...]:
        """How two revisions differ, line by line; raises `UnknownRevision`."""
        history = await self._history(actor)
        texts = [history.numbered(each).content.text for each in (older, newer)]
        return difference(*texts)

    async def _history(self, actor: Actor) -> PolicyHistory:
        access = await self.door.access(actor, Verb.POLICY_READ)
        return await read(
            self.door.engine, lambda c: PolicyHistory.read(c, access.tenant, access.at_us)
        )

    async def _author(self, actor: Actor, verb: Verb) -> Author:
        access = await self.door.access(actor, verb)
        return Author(access=access, user=actor.account.user)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A policy that somebody wishes for."""

    author: Author
    actor: Actor
    policy: RetentionPolicy
    text: str
    is_retroactive: bool

    @classmethod
    def of(cls, author: Author, actor: Actor, wish: PolicyWish) -> Self:
        """Read it; raises `PolicyRefused`."""
        policy = read_policy(wish.text)
        return cls(
            author=author,
            actor=actor,
            policy=policy,
            text=policy_text(policy),
            is_retroactive=wish.is_retroactive,
        )

    @property
    def digest(self) -> bytes:
        """Of exactly this text, for these recordings."""
        content = {"sha256": sha256_of(self.text).hex(), "retroactive": self.is_retroactive}
        return digest_of(_KIND, content)

    def checked(self, connection: Connection) -> CheckedPolicy:
        """What taking it over now would mean; raises `PolicyRefused`."""
        tenant = self.author.access.tenant
        if not self.policy.limits.cooling_off_h and not is_one_person_enough(connection, tenant):
            raise PolicyRefused(_NO_COOLING_OFF)
        history = self._history(connection)
        deciding, new = history.deciding, self._revision(history)
        queues = names_of_kind(connection, tenant_row(connection, tenant), "queue")
        return CheckedPolicy(
            new=NewRevision(
                text=self.text,
                in_force_us=microseconds(in_force_from(new, history.revisions, history.now)),
                is_retroactive=self.is_retroactive,
            ),
            care=care_for(new, history.revisions, history.now),
            compared_with=deciding.number,
            difference=difference(deciding.content.text, self.text),
            findings=tuple(findings(self.policy, queues)),
        )

    def taken_over(self, connection: Connection) -> TakenOver | CheckedPolicy:
        """The revision; where nobody has proposed what takes two, what is to be proposed.

        Raises `ApprovalNeeded` where it is proposed and waits, `PolicyRefused`.
        """
        history = self._history(connection)
        if self._decides_as(history.latest):
            return TakenOver(revision=history.known(history.latest), is_new=False)
        checked = self.checked(connection)
        word = self._word(connection) if checked.care is Care.TWO_PERSONS else Word.ENOUGH
        if word is Word.MISSING:
            return checked
        new = replace(checked.new, one_person=word is Word.OF_ONE_PERSON)
        append_revision(connection, self.author, new)
        after = self._history(connection)
        return TakenOver(revision=after.known(after.latest), is_new=True)

    def _decides_as(self, latest: StoredRevision) -> bool:
        """Whether nothing would change; what reaches back already need not be asked to."""
        content = latest.content
        reaches = content.is_retroactive or not self.is_retroactive
        return content.text == self.text and reaches

    def _word(self, connection: Connection) -> Word:
        """Whose word there is for what takes two; raises `ApprovalNeeded`."""
        return word_for(connection, self.author, self.actor, Want(kind=_KIND, digest=self.digest))

    def _history(self, connection: Connection) -> PolicyHistory:
        access = self.author.access
        return PolicyHistory.read(connection, access.tenant, access.at_us)

    def _revision(self, history: PolicyHistory) -> Revision:
        return Revision(
            number=history.latest.number + 1,
            policy=self.policy,
            in_force_at=history.now,
            is_retroactive=self.is_retroactive,
        )
