"""Certificates as the runner makes them and everybody reads them."""

from dataclasses import replace
from hashlib import sha256

import pytest

from archive.certificates.statement import may_stand_below
from archive.errors import CertificateDamaged, ProofWrong
from retention.certificates.certificate import (
    METHOD,
    Below,
    NamedRevision,
    RuleCount,
    Word,
    read_certificate,
)
from retention.certificates.destroyed_list import DestroyedRecording, Said
from tests.archive.certificates.examples import DONE_US, PLAN, PRIVATE, PUBLIC, RUN, statement
from tests.retention.destroyed_recordings import REVISIONS, certified, destroyed

RECORDINGS = destroyed(7)


def test_a_certificate_says_which_rules_destroyed_how_many() -> None:
    """And of each revision whose word made it."""
    read = read_certificate(certified(RECORDINGS))
    read.signed.note.verify()

    assert read.run == RUN
    assert read.signed.statement.name.plan == PLAN
    assert read.destroyed.recordings == 7
    assert read.destroyed.first_us == DONE_US
    assert read.signed.statement.key == PUBLIC
    assert read.below.rules == (
        RuleCount(rule="queue-90-days", revision=3, recordings=5),
        RuleCount(rule="shipped", revision=0, recordings=2),
    )
    assert read.below.revisions == (REVISIONS[0], REVISIONS[3])
    assert (read.below.approval, read.below.journal) == (Word.TWO_PERSONS, 48_211)


def test_its_text_is_the_one_of_the_document() -> None:
    """For `grep` and eyes."""
    lines = certified(RECORDINGS).decode().split("\n")
    below = lines[lines.index("--") + 1 :]

    assert below[:2] == [f"method: {METHOD}", "approval: two persons"]
    assert below[3] == f"revision: 3 {sha256(b'3').hexdigest()} regular"
    assert below[4:7] == [
        "rule: queue-90-days revision 3 recordings 5",
        "rule: shipped revision 0 recordings 2",
        "journal: 48211",
    ]


def test_the_list_of_a_run_is_checked_against_root_and_counts() -> None:
    """These, and no others."""
    read = read_certificate(certified(RECORDINGS))
    read.check_list(RECORDINGS)

    for wrong in [RECORDINGS[:-1], destroyed(8), ()]:
        with pytest.raises(ProofWrong):
            read.check_list(wrong)


def test_counts_that_the_leaves_do_not_bear_out_are_found() -> None:
    """The key daemon takes the counts at the runner's word; who has the list does not."""
    below = Below.of(RECORDINGS, REVISIONS, Word.TWO_PERSONS, 1)
    first, second = below.rules
    moved = replace(
        below,
        rules=(replace(first, recordings=4), replace(second, recordings=3)),
    )
    said = statement([each.leaf for each in RECORDINGS])

    with pytest.raises(ProofWrong):
        read_certificate(said.signed(moved.text(), PRIVATE.sign)).check_list(RECORDINGS)


def test_rules_that_do_not_add_up_are_refused() -> None:
    """Even without the list."""
    below = Below.of(RECORDINGS[:-1], REVISIONS, Word.TWO_PERSONS, 1)
    said = statement([each.leaf for each in RECORDINGS])

    with pytest.raises(CertificateDamaged):
        read_certificate(said.signed(below.text(), PRIVATE.sign))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"method: {METHOD}\n", "method: burnt\n"),
        ("approval: two persons", "approval: nobody"),
        ("journal: 48211", "journal: 048211"),
        ("recordings 5", "recordings five"),
        ("journal: 48211\n", ""),
        ("rule: shipped", "note: x\nrule: shipped"),
    ],
)
def test_what_stands_below_has_one_form(old: str, new: str) -> None:
    """Also where the key daemon has signed it: it does not know what the runner may say."""
    text = Below.of(RECORDINGS, REVISIONS, Word.TWO_PERSONS, 48_211).text().replace(old, new)
    said = statement([each.leaf for each in RECORDINGS])

    with pytest.raises(CertificateDamaged):
        read_certificate(said.signed(text, PRIVATE.sign))


def test_more_rules_than_there_is_room_for_are_counted() -> None:
    """What goes to the key daemon is one message; the list has every rule."""
    rules = [f"{n:03}-{'x' * 60}" for n in range(200)]
    many = tuple(
        DestroyedRecording(sha256(rule.encode()).digest(), DONE_US, _said(rule, n))
        for n, rule in enumerate(rules)
    )
    revisions = {
        n: NamedRevision(number=n, sha256=bytes(32), word=Word.ONE_PERSON) for n in range(200)
    }
    below = Below.of(many, revisions, Word.STANDING, 1_000_000_000)
    said = statement([each.leaf for each in many])
    read = read_certificate(said.signed(below.text(), PRIVATE.sign))

    assert may_stand_below(below.text())
    assert read.below == below
    assert len(below.rules) + below.unnamed.rules == 200
    assert 50 < len(below.rules) < 150
    assert below.recordings == len(many)


def test_what_is_said_of_a_recording_has_no_side_and_no_direction() -> None:
    """A guess that is certified is a fact to whoever checks it (docs/siprec.md)."""
    assert Said.__struct_fields__ == (
        "rules", "revision", "hour", "queues", "teams", "controllers", "scope", "facts_until",
    )  # fmt: skip


def _said(rule: str, revision: int) -> Said:
    return Said(rules=(rule, rule), revision=revision, hour="2026-08-29T01Z")
