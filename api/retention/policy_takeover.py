"""A policy that somebody wishes for: what taking it over would mean, and that it is done.

Knows nothing of who may, nor of what a rule means.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.access.approvals import ApprovalWord
from api.access.two_persons import Wisher
from api.simulations.policy_effect import Effect
from api.simulations.simulation import Supposition
from api.words.proposal_summaries import MORE_LINES, SummaryLine, kept, plain
from api.words.texts import said
from archive.access.approvals import Kind, digest_of
from archive.attributes import LOOKED_UP
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.retention.revisions import (
    NewRevision,
    PackTaken,
    StoredRevision,
    append_revision,
    sha256_of,
)
from archive.catalog.search.marked_names import named_among, names_of_kind
from archive.catalog.tables.tenants import tenant_row
from archive.moments import microseconds
from retention.policies.findings import Finding, findings
from retention.policies.policy import RetentionPolicy
from retention.policies.policy_difference import difference
from retention.policies.policy_file import read_policy
from retention.policies.policy_text import policy_text
from retention.policies.revision import Care, Revision, care_for, in_force_from
from retention.rules.errors import PolicyRefused
from retention.rules.match import Values
from retention.rules.policy_flaws import PolicyFlaw, PolicyPlace, fault
from retention.runner.judgement.policy_history import KnownRevision, PolicyHistory

KIND: Final = Kind.TAKE_OVER_POLICY
# Why it takes two persons: by its rules it may shorten; or many recordings go earlier by it.
Because = Literal["", "shortens", "bulk"]
# What who approves reads of a long difference; `rokuon retention policy check` shows all of it.
_LINES_OF_SUMMARY: Final = 200
_FOR_ALL: Final = said(
    "retention policy {digest} for recordings that exist too, against revision {revision}:"
)
_FOR_CALLS_TO_COME: Final = said(
    "retention policy {digest} for calls to come, against revision {revision}:"
)
_NO_COOLING_OFF: Final = fault(PolicyFlaw.COOLING_OFF, PolicyPlace(key="limits.cooling_off_h"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWish:
    """A text that is to be the policy; retroactive: for recordings that are there, too.

    `pack` is the rule pack that it was made with.
    """

    text: str
    is_retroactive: bool = False
    pack: PackTaken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPolicy:
    """What taking a text over now would mean: the revision, against which other one it stands."""

    new: NewRevision
    care: Care
    because: Because
    compared_with: int
    difference: tuple[str, ...]
    findings: tuple[Finding, ...]
    is_one_person_enough: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """In which its days are counted."""
        return read_policy(self.new.text).calendars.zone

    @property
    def summary(self) -> str:
        """What who approves reads: which text, for which recordings, and what changes."""
        head = _FOR_ALL if self.new.is_retroactive else _FOR_CALLS_TO_COME
        left = len(self.difference) - _LINES_OF_SUMMARY
        more = [SummaryLine(MORE_LINES, {"count": left})] if left > 0 else []
        values: dict[str, int | str] = {
            "digest": self.new.sha256.hex(),
            "revision": self.compared_with,
        }
        shown = map(plain, self.difference[:_LINES_OF_SUMMARY])
        return kept(SummaryLine(head, values), *shown, *more)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """The revision that decides as was wished; `is_new` unless it was there before."""

    revision: KnownRevision
    is_new: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What is judged before it is known how much care a policy takes, and how many are many."""

    what: Supposition
    bulk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPolicy:
    """A policy that somebody wishes for."""

    wisher: Wisher
    policy: RetentionPolicy
    text: str
    is_retroactive: bool
    pack: PackTaken | None

    @classmethod
    def of(cls, wisher: Wisher, wish: PolicyWish) -> Self:
        """Read it; raises `PolicyRefused`."""
        policy = read_policy(wish.text)
        return cls(
            wisher=wisher,
            policy=policy,
            text=policy_text(policy),
            is_retroactive=wish.is_retroactive,
            pack=wish.pack,
        )

    @property
    def digest(self) -> bytes:
        """Of exactly this text, for these recordings."""
        content: dict[str, object] = {
            "sha256": sha256_of(self.text).hex(),
            "retroactive": self.is_retroactive,
        }
        if self.pack is not None:
            content["pack"] = self.pack.sha256.hex()
        return digest_of(KIND, content)

    def looked_into(self, connection: Connection) -> Look | None:
        """What is to be judged before it is known how much care it takes; None: nothing is.

        Of calls to come no recording is judged anew, and what the rules say shortens needs no
        second look.
        """
        history = self._history(connection)
        new = self._revision(history)
        is_careless = care_for(new, history.revisions, history.now) is Care.NONE
        if not (self.is_retroactive and is_careless) or self._decides_as(history.latest):
            return None
        what = Supposition(policy=self.policy, revisions=history.revisions, now=history.now)
        return Look(what=what, bulk=history.in_force.policy.limits.bulk)

    def checked(self, connection: Connection, effect: Effect) -> CheckedPolicy:
        """What taking it over now would mean; raises `PolicyRefused`."""
        tenant = self.wisher.author.access.tenant
        is_free = is_one_person_enough(connection, tenant)
        if not self.policy.limits.cooling_off_h and not is_free:
            raise PolicyRefused(_NO_COOLING_OFF)
        history = self._history(connection)
        deciding, new = history.deciding, self._revision(history)
        by_rules = care_for(new, history.revisions, history.now)
        care = Care.TWO_PERSONS if effect.is_bulk else by_rules
        in_force_at = in_force_from(new, history.revisions, history.now, care)
        return CheckedPolicy(
            new=NewRevision(
                text=self.text,
                in_force_us=microseconds(in_force_at),
                is_retroactive=self.is_retroactive,
            ),
            care=care,
            because=_because(by_rules, effect),
            compared_with=deciding.number,
            difference=difference(deciding.content.text, self.text),
            findings=tuple(findings(self.policy, self._names(connection))),
            is_one_person_enough=is_free,
        )

    def taken_over(self, connection: Connection, effect: Effect) -> TakenOver | CheckedPolicy:
        """The revision; where nobody has proposed what takes two, what is to be proposed.

        Raises `ApprovalNeeded` where it is proposed and waits, `PolicyRefused`.
        """
        history = self._history(connection)
        if self._decides_as(history.latest):
            return TakenOver(revision=history.known(history.latest), is_new=False)
        checked = self.checked(connection, effect)
        word = ApprovalWord.ENOUGH
        if checked.care is Care.TWO_PERSONS:
            word = self.wisher.word(connection, KIND, self.digest)
        if word is ApprovalWord.MISSING:
            return checked
        new = replace(checked.new, one_person=word is ApprovalWord.OF_ONE_PERSON)
        append_revision(connection, self.wisher.author, new, self.pack)
        after = self._history(connection)
        return TakenOver(revision=after.known(after.latest), is_new=True)

    def _names(self, connection: Connection) -> Values:
        """What recordings are called: the first of each kind, and whichever the rules name."""
        tenant = tenant_row(connection, self.wisher.author.access.tenant)
        matches = [rule.match for rule in self.policy.rules]
        return {
            kind: named_among(
                connection,
                tenant,
                kind,
                {
                    each
                    for own in matches
                    for values in (own.fits, own.excludes)
                    for each in values.get(kind, frozenset())
                },
            ).union(names_of_kind(connection, tenant, kind))
            for kind in LOOKED_UP
        }

    def _decides_as(self, latest: StoredRevision) -> bool:
        """Whether nothing would change; what reaches back already need not be asked to."""
        content = latest.content
        reaches = content.is_retroactive or not self.is_retroactive
        return content.text == self.text and reaches

    def _history(self, connection: Connection) -> PolicyHistory:
        access = self.wisher.author.access
        return PolicyHistory.read(connection, access.tenant, access.at_us)

    def _revision(self, history: PolicyHistory) -> Revision:
        return Revision(
            number=history.next_number,
            policy=self.policy,
            in_force_at=history.now,
            is_retroactive=self.is_retroactive,
        )


def _because(by_rules: Care, effect: Effect) -> Because:
    """Why another person must approve it; "" where none must."""
    if by_rules is Care.TWO_PERSONS:
        return "shortens"
    return "bulk" if effect.is_bulk else ""
