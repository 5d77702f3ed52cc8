"""What two persons must want: a proposal, approvals, withdrawal or rejection; carried out once.

Pure. Knows nothing of what is proposed but its digest, nor of the register.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal, assert_never

from archive.access.lineage import Bar, Lineage
from archive.errors import ArchiveError

# A week: nobody approves what was meant for other times.
LIFE_US: Final = 7 * 86_400_000_000

Why = Literal[
    "over",  # withdrawn, carried out, or past its end
    "not_another",  # it takes another person, who stands
    "given",  # the same person has approved already
    "not_yours",  # neither proposed nor approved by who withdraws
    "own",  # rejected by who proposed it, which takes it back
    "not_approved",  # nobody who counts has approved
    "other_digest",  # something else was approved
]
State = Literal["open", "withdrawn", "rejected", "carried_out", "expired"]


class Kind(StrEnum):
    """The acts that need two persons."""

    DECLARE_ONE_PERSON = "declare_one_person"
    GIVE_SERVICE_SCOPES = "give_service_scopes"
    TAKE_OVER_POLICY = "take_over_policy"
    TAKE_MEASURE = "take_measure"
    LIFT_MEASURE = "lift_measure"
    FREE_KEYSTORE = "free_keystore"
    TELL_EVENTS = "tell_events"
    APPROVE_PLAN = "approve_plan"
    RELEASE_HOLD = "release_hold"
    CANCEL_HOLD = "cancel_hold"


class ApprovalRefused(ArchiveError):
    """A step that a proposal does not allow; `why` says which rule forbids it.

    `bar` is why who has approved, or would, is no other person than who proposed; None: not for
    that.
    """

    def __init__(self, why: Why, bar: Bar | None = None) -> None:
        super().__init__(f"the proposal does not allow it: {why}")
        self.why: Why = why
        self.bar = bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """Who counts: those who stand, how they came about, and whether one is enough here."""

    standing: frozenset[int]
    lineage: Lineage
    one_is_enough: bool = False

    def are_two(self, one: int, other: int, now_us: int) -> bool:
        """Whether both stand and neither can have been the other."""
        return {one, other} <= self.standing and self.lineage.are_apart(one, other, now_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person's word; `one_person` where it is that of no other person than who proposed."""

    by: int
    at_us: int
    one_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """It was done; `one_person` for ever where one person wanted it."""

    at_us: int
    one_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """It was taken back."""

    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A person who could have approved it said no, and why."""

    by: int
    at_us: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody wants done; `ended` is None unless it was taken back or rejected."""

    kind: Kind
    digest: bytes
    proposed_by: int
    proposed_us: int
    summary: str = ""
    approvals: tuple[Approval, ...] = ()
    ended: Withdrawal | Rejection | None = None
    carried: Carried | None = None

    @property
    def expires_us(self) -> int:
        """From when on nothing can be done with it."""
        return self.proposed_us + LIFE_US

    def state(self, now_us: int) -> State:
        if self.ended is not None:
            return "withdrawn" if isinstance(self.ended, Withdrawal) else "rejected"
        if self.carried is not None:
            return "carried_out"
        return "open" if now_us < self.expires_us else "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A person gave its word."""

    by: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A person took its proposal, or its word, back."""

    by: int
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A person does not want it done."""

    by: int
    at_us: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """Something with this digest is about to be done."""

    digest: bytes
    at_us: int


Step = Approved | Withdrawn | Rejected | CarriedOut


def digest_of(kind: Kind, content: Mapping[str, object]) -> bytes:
    """The digest of exactly what is to be done."""
    text = json.dumps({"kind": kind, "content": content}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def step(proposal: Proposal, event: Step, persons: Persons) -> Proposal:
    """The proposal after what happened; raises `ApprovalRefused`."""
    if proposal.state(event.at_us) != "open":
        raise ApprovalRefused("over")
    match event:
        case Approved():
            return _approved(proposal, event, persons)
        case Withdrawn():
            return _withdrawn(proposal, event)
        case Rejected():
            return _rejected(proposal, event, persons)
        case CarriedOut():
            return _carried_out(proposal, event, persons)
        case _:
            assert_never(event)


def _approved(proposal: Proposal, event: Approved, persons: Persons) -> Proposal:
    if any(each.by == event.by for each in proposal.approvals):
        raise ApprovalRefused("given")
    by, at_us = proposal.proposed_by, event.at_us
    is_another = persons.are_two(by, event.by, at_us)
    if not is_another and not (persons.one_is_enough and event.by in persons.standing):
        raise ApprovalRefused("not_another", persons.lineage.bar(by, event.by, at_us))
    given = Approval(by=event.by, at_us=event.at_us, one_person=not is_another)
    return replace(proposal, approvals=(*proposal.approvals, given))


def _withdrawn(proposal: Proposal, event: Withdrawn) -> Proposal:
    if event.by == proposal.proposed_by:
        return replace(proposal, ended=Withdrawal(at_us=event.at_us))
    left = tuple(each for each in proposal.approvals if each.by != event.by)
    if left == proposal.approvals:
        raise ApprovalRefused("not_yours")
    return replace(proposal, approvals=left)


def _rejected(proposal: Proposal, event: Rejected, persons: Persons) -> Proposal:
    """Whoever stands may say no, also who would not count; one's own is taken back."""
    if event.by == proposal.proposed_by or event.by not in persons.standing:
        raise ApprovalRefused("own")
    ended = Rejection(by=event.by, at_us=event.at_us, reason=event.reason)
    return replace(proposal, ended=ended)


def _carried_out(proposal: Proposal, event: CarriedOut, persons: Persons) -> Proposal:
    if event.digest != proposal.digest:
        raise ApprovalRefused("other_digest")
    by, at_us = proposal.proposed_by, event.at_us
    is_by_two = any(persons.are_two(by, each.by, at_us) for each in proposal.approvals)
    if not is_by_two and not _is_one_enough(proposal, persons):
        bars = (persons.lineage.bar(by, each.by, at_us) for each in proposal.approvals)
        raise ApprovalRefused("not_approved", next((bar for bar in bars if bar is not None), None))
    done = Carried(at_us=event.at_us, one_person=not is_by_two)
    return replace(proposal, carried=done)


def _is_one_enough(proposal: Proposal, persons: Persons) -> bool:
    """As long as the installation is one person's, and who wants it stands."""
    words = {each.by for each in proposal.approvals if each.one_person}
    return (
        persons.one_is_enough
        and proposal.proposed_by in persons.standing
        and not words.isdisjoint(persons.standing)
    )
