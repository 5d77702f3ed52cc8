"""Proposals and approvals in the register."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from archive.access.approvals import LIFE_US, ApprovalRefused, Kind, Rejection, digest_of
from archive.catalog.access.approvals import (
    UnknownProposal,
    approve,
    carry_out,
    open_proposals,
    persons,
    proposal_numbered,
    propose,
    reject,
    withdraw,
    write_expired,
)
from archive.catalog.accounts.persons import add_user, disable_user
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, author, new_catalog
from tests.told import all_told

KIND = Kind.DECLARE_ONE_PERSON
DIGEST = digest_of(KIND, {})
A, B = 1, 2


def proposed(connection: Connection) -> int:
    """A proposal of one of two persons."""
    for name in ("a", "b"):
        add_user(connection, author(), name)
    return propose(connection, author(user=A), KIND, DIGEST, "words")


def test_what_two_persons_want_is_carried_out_once_and_all_of_it_is_in_the_journal(
    tmp_path: Path,
) -> None:
    """The register has what the pure machine says."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        number = proposed(connection)
        (listed,) = open_proposals(connection, DEFAULT_TENANT, NOW_US)
        for _ in range(2):
            approve(connection, author(user=B), number)
            withdraw(connection, author(user=B), number)
        given = approve(connection, author(user=B), number)
        assert proposal_numbered(connection, DEFAULT_TENANT, number) == given
        done = carry_out(connection, author(), number, DIGEST)
        with pytest.raises(ApprovalRefused, match="over"):
            carry_out(connection, author(), number, DIGEST)
    with reading(engine) as connection:
        kept = proposal_numbered(connection, DEFAULT_TENANT, number)
        told = [each.entry for each in all_told(connection)][2:]
        assert open_proposals(connection, DEFAULT_TENANT, NOW_US) == ()
        with pytest.raises(UnknownProposal):
            proposal_numbered(connection, OTHER_TENANT, number)

    assert (listed.number, listed.proposal.summary) == (number, "words")
    assert kept.carried == done
    assert [entry.action for entry in told] == [
        "proposed", "approved", "approval_withdrawn", "approved", "approval_withdrawn", "approved",
        "carried_out",
    ]  # fmt: skip
    assert {entry.target for entry in told} == {f"proposal:{number}"}
    assert told[-1].detail == {"kind": "declare_one_person", "digest": DIGEST.hex()}


def test_a_proposal_that_was_withdrawn_is_kept_and_says_so(tmp_path: Path) -> None:
    """It can be looked up for ever."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        number = proposed(connection)
        withdraw(connection, author(user=A), number)
        with pytest.raises(ApprovalRefused, match="over"):
            approve(connection, author(user=B), number)
        kept = proposal_numbered(connection, DEFAULT_TENANT, number)
        assert open_proposals(connection, DEFAULT_TENANT, NOW_US) == ()

    assert kept.state(NOW_US) == "withdrawn"


def test_that_a_proposal_is_past_its_end_is_written_once(tmp_path: Path) -> None:
    """Nobody did it: the entry names the clock."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        number = proposed(connection)
        for at_us in (NOW_US + LIFE_US - 1, NOW_US + LIFE_US, NOW_US + LIFE_US + 1):
            write_expired(connection, DEFAULT_TENANT, at_us)
        assert open_proposals(connection, DEFAULT_TENANT, NOW_US + LIFE_US) == ()
        told = [each.entry for each in all_told(connection)]

    expired = [entry for entry in told if entry.action == "proposal_expired"]
    assert [(entry.actor, entry.target, entry.at_us) for entry in expired] == [
        ("rokuon", f"proposal:{number}", NOW_US + LIFE_US)
    ]


def test_what_one_person_wanted_says_so_in_the_register_and_the_journal(tmp_path: Path) -> None:
    """For ever."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        number = proposed(connection)
        declare_one_person(connection, author(), None)
        approve(connection, author(user=A), number)
        carry_out(connection, author(), number, DIGEST)
    with reading(engine) as connection:
        kept = proposal_numbered(connection, DEFAULT_TENANT, number)
        told = [each.entry for each in all_told(connection)]

    assert kept.carried is not None
    assert kept.carried.one_person
    assert kept.approvals[0].one_person
    assert [entry.detail.get("one_person") for entry in told[-2:]] == [1, 1]


def test_who_counts_is_who_is_not_disabled(tmp_path: Path) -> None:
    """As of now."""
    with writing(new_catalog(tmp_path)) as connection:
        proposed(connection)
        before = persons(connection, DEFAULT_TENANT)
        disable_user(connection, author(), "b")
        after = persons(connection, DEFAULT_TENANT)

    assert before.are_two(A, B, NOW_US)
    assert (before.standing, after.standing) == ({A, B}, {A})


def test_what_was_rejected_is_kept_with_who_and_why_and_approved_by_nobody(
    tmp_path: Path,
) -> None:
    """It is not open, never expires, and the journal names who said no."""
    with writing(new_catalog(tmp_path)) as connection:
        number = proposed(connection)
        reject(connection, author(user=B), number, "too early")
        with pytest.raises(ApprovalRefused, match="over"):
            approve(connection, author(user=B), number)
        kept = proposal_numbered(connection, DEFAULT_TENANT, number)
        assert open_proposals(connection, DEFAULT_TENANT, NOW_US) == ()
        write_expired(connection, DEFAULT_TENANT, NOW_US + LIFE_US)
        told = [each.entry for each in all_told(connection)]

    assert kept.ended == Rejection(by=B, at_us=NOW_US, reason="too early")
    assert kept.state(NOW_US + LIFE_US) == "rejected"
    assert [entry.action for entry in told[-2:]] == ["proposed", "proposal_rejected"]
