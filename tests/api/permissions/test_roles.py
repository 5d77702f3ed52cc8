"""Duties that are kept apart."""

import pytest

from api.permissions.roles import UNMAPPED_ROOT, VERBS, WITHOUT_PURPOSE, Role
from api.permissions.verbs import Verb

HEARD = {Verb.LISTEN, Verb.EXPORT}
SHOWN = {Verb.SEARCH, Verb.READ, Verb.LEDGER, Verb.TRACE, Verb.LIVE, *HEARD}


def test_every_role_has_its_verbs_and_every_verb_a_role() -> None:
    """What no role has nobody can do."""
    assert set(VERBS) == set(Role)
    assert frozenset().union(*VERBS.values()) == set(Verb)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RETENTION_OWNER, Role.AUDITOR])
def test_who_manages_destroys_or_audits_does_not_listen(role: Role) -> None:
    """An administrator of the PBX is not who hears customers."""
    assert not VERBS[role] & HEARD


def test_the_auditor_reads_the_journal_alone() -> None:
    """Who watches the others sees nothing of what they see."""
    about_retention = {Verb.POLICY_READ, Verb.DESTRUCTION_READ, Verb.HOLD_READ}
    assert VERBS[Role.AUDITOR] == {Verb.JOURNAL, Verb.OWN_TOKENS, Verb.JOB_READ, *about_retention}
    assert [role for role in Role if Verb.JOURNAL in VERBS[role]] == [Role.AUDITOR]


def test_people_are_made_by_who_sees_no_recordings_of_their_own_searching() -> None:
    """Whoever can make accounts could otherwise let himself in unseen."""
    for role in Role:
        if Verb.PEOPLE_MANAGE in VERBS[role]:
            assert not VERBS[role] & {Verb.SEARCH, Verb.READ, *HEARD}


def test_no_act_that_shows_a_call_is_done_without_a_purpose() -> None:
    """Nor can root do it that nobody has mapped."""
    assert not WITHOUT_PURPOSE & SHOWN
    assert not UNMAPPED_ROOT & SHOWN


def test_what_runs_every_night_makes_sets_and_can_do_nothing_else() -> None:
    """Nobody sits before it: whoever takes it over must not manage people, keys or the node."""
    assert VERBS[Role.BACKUP] == {Verb.KEYS_READ, Verb.BACK_UP}
