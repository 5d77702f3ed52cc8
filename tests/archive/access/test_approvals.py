"""What two persons must want: every step of it."""

from dataclasses import replace

import pytest

from archive.access.approvals import (
    LIFE_US,
    Approval,
    ApprovalRefused,
    Approved,
    Carried,
    CarriedOut,
    Kind,
    Persons,
    Proposal,
    Rejected,
    Rejection,
    Step,
    Why,
    Withdrawn,
    digest_of,
    step,
)
from archive.access.lineage import Hand, Lineage

A, B, C, PUPPET = 1, 2, 3, 4
T = 1_000
DIGEST = digest_of(Kind.DECLARE_ONE_PERSON, {"tenant": "x"})
PROPOSED = Proposal(
    kind=Kind.DECLARE_ONE_PERSON,
    digest=DIGEST,
    proposed_by=A,
    proposed_us=T,
    summary="all of it",
)
PERSONS = Persons(
    standing=frozenset({A, B, C, PUPPET}),
    lineage=Lineage(hands=(Hand(of=PUPPET, by=A, at_us=T, kind="way_in"),)),
)
ALONE = replace(PERSONS, one_is_enough=True)


def after(*events: Step, persons: Persons = PERSONS) -> Proposal:
    """The proposal after all of it."""
    now = PROPOSED
    for event in events:
        now = step(now, event, persons)
    return now


def refused(*events: Step, persons: Persons = PERSONS) -> Why:
    """Why the last of them is not allowed."""
    before = after(*events[:-1], persons=persons)
    with pytest.raises(ApprovalRefused) as refusal:
        step(before, events[-1], persons)
    return refusal.value.why


def approved(by: int, at_us: int = T) -> Approved:
    return Approved(by=by, at_us=at_us)


def withdrawn(by: int) -> Withdrawn:
    return Withdrawn(by=by, at_us=T)


def carried(digest: bytes = DIGEST, at_us: int = T) -> CarriedOut:
    return CarriedOut(digest=digest, at_us=at_us)


def test_what_another_person_approves_is_carried_out_once() -> None:
    """And says that it was two."""
    now = after(approved(B), carried())

    assert now.approvals == (Approval(by=B, at_us=T, one_person=False),)
    assert now.carried == Carried(at_us=T, one_person=False)
    assert refused(approved(B), carried(), carried()) == "over"
    assert refused(approved(B), carried(), withdrawn(A)) == "over"


def test_exactly_what_was_approved_is_carried_out() -> None:
    """One more recording on the list is another act."""
    other = digest_of(Kind.DECLARE_ONE_PERSON, {"tenant": "y"})

    assert refused(approved(B), carried(other)) == "other_digest"
    assert digest_of(Kind.DECLARE_ONE_PERSON, {"tenant": "x"}) == DIGEST


def test_nothing_is_carried_out_that_nobody_approved() -> None:
    """Nor what only who proposed it, or its own creature, approves."""
    assert refused(carried()) == "not_approved"
    assert refused(approved(A)) == "not_another"
    assert refused(approved(PUPPET)) == "not_another"
    assert refused(approved(B), approved(B)) == "given"


def test_who_proposes_or_approves_takes_it_back_and_nobody_else() -> None:
    """An approval can be given again, a proposal not."""
    assert after(approved(B), withdrawn(B)).approvals == ()
    assert refused(approved(B), withdrawn(B), carried()) == "not_approved"
    assert after(approved(B), withdrawn(B), approved(B)).approvals[0].by == B
    assert refused(approved(B), withdrawn(C)) == "not_yours"
    assert refused(approved(B), withdrawn(A), carried()) == "over"


@pytest.mark.parametrize("event", [approved(B, T + LIFE_US), carried(at_us=T + LIFE_US)])
def test_a_proposal_ends_after_a_week(event: Step) -> None:
    """The last microsecond counts."""
    assert refused(event) == "over"
    assert after(approved(B, T + LIFE_US - 1), carried(at_us=T + LIFE_US - 1)).carried is not None


def test_a_proposal_says_what_has_become_of_it() -> None:
    """For who looks at it."""
    assert PROPOSED.state(T) == "open"
    assert PROPOSED.state(T + LIFE_US) == "expired"
    assert after(withdrawn(A)).state(T) == "withdrawn"
    assert after(approved(B), carried()).state(T + LIFE_US) == "carried_out"


@pytest.mark.parametrize("gone", [A, B])
def test_who_is_disabled_counts_no_more_when_it_is_carried_out(gone: int) -> None:
    """Whoever it was."""
    now = after(approved(B))
    later = replace(PERSONS, standing=PERSONS.standing - {gone})

    with pytest.raises(ApprovalRefused, match="not_approved"):
        step(now, carried(), later)


def test_who_was_made_dependent_in_between_counts_no_more() -> None:
    """A role given after the approval is a hand all the same."""
    now = after(approved(B))
    later = replace(PERSONS, lineage=Lineage(hands=(Hand(of=B, by=A, at_us=T, kind="role"),)))

    with pytest.raises(ApprovalRefused, match="not_approved"):
        step(now, carried(), later)


def test_where_one_is_enough_its_word_is_and_says_so_for_ever() -> None:
    """With another person's it is two as everywhere."""
    alone = after(approved(A), carried(), persons=ALONE)
    two = after(approved(A), approved(B), carried(), persons=ALONE)

    assert alone.approvals == (Approval(by=A, at_us=T, one_person=True),)
    assert alone.carried == Carried(at_us=T, one_person=True)
    assert two.carried == Carried(at_us=T, one_person=False)


def test_one_word_is_no_longer_enough_when_the_declaration_has_ended() -> None:
    """Nor that of who is disabled."""
    now = after(approved(PUPPET), persons=ALONE)

    for later in (
        PERSONS,
        replace(ALONE, standing=frozenset({A, B})),
        replace(ALONE, standing=frozenset({PUPPET})),
    ):
        with pytest.raises(ApprovalRefused, match="not_approved"):
            step(now, carried(), later)


def rejected(by: int) -> Rejected:
    return Rejected(by=by, at_us=T, reason="too early")


def test_what_another_person_rejects_is_over_whoever_it_is() -> None:
    """Also who would not count as another: nobody gets further by a no. One's own is taken back."""
    now = after(approved(B), rejected(PUPPET))

    assert now.ended == Rejection(by=PUPPET, at_us=T, reason="too early")
    assert now.state(T) == "rejected"
    for step_after in (approved(C), carried(), withdrawn(A), rejected(B)):
        assert refused(approved(B), rejected(B), step_after) == "over"
    assert refused(rejected(A)) == "own"
    gone = replace(PERSONS, standing=frozenset({A, C}))
    assert refused(rejected(B), persons=gone) == "own"
