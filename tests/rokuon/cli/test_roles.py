"""Every command with every role that has not what it needs: exit 4, an entry, and nothing shown.

What a role may do stands in its own tests; the routes beneath are walked with all roles in
`tests/api/web/test_walk.py`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.permissions.peers import Peer
from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.ids import DEFAULT_TENANT
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.api import peer_protocol
from rokuon.compose.archive.keeper import recover
from rokuon.machine.api_client import ApiRefused
from tests.archive.catalog.examples import author
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation, register_of
from tests.support.cli.agents import TABLE
from tests.support.cli.calls import found
from tests.support.cli.strangers import COMMANDS, first_person, last_entry

MANAGE = {Verb.PEOPLE_MANAGE}
# All of these are needed; who lacks one is refused.
NEEDED: dict[str, set[Verb]] = {
    "find": {Verb.SEARCH},
    "find by words": {Verb.SEARCH},
    "changes": {Verb.SEARCH},
    "show": {Verb.READ},
    "show by Call-ID": {Verb.READ},
    "show what is not there": {Verb.READ},
    "explain": {Verb.READ},
    "export": {Verb.READ, Verb.EXPORT},
    "trace": {Verb.TRACE},
    "ledger": {Verb.LEDGER},
    "live": {Verb.LIVE},
    **{key: {Verb.CONTROL} for key in ("start", "pause", "resume", "stop")},
    **{key: {Verb.READ, Verb.CORRECT} for key in ("correct", "tag", "note")},
    "agents": {Verb.AGENTS_READ},
    **{key: {Verb.AGENTS_WRITE} for key in ("import", "assign")},
    **{key: {Verb.JOURNAL} for key in ("audit", "who heard", "reach", "broken glass")},
    **{key: {Verb.PEOPLE_READ} for key in ("users", "user")},
    **dict.fromkeys(
        ("add", "disable", "role", "login", "reset", "token of a service", "revoke"), MANAGE
    ),
    "take a role": {Verb.PEOPLE_READ, Verb.PEOPLE_MANAGE},
    **{key: {Verb.OWN_TOKENS} for key in ("token", "tokens")},
    "approve": {Verb.APPROVE},
    "confirm": {Verb.APPROVE},
    "one person": {Verb.PEOPLE_MANAGE, Verb.PROPOSE},
    "two persons": MANAGE,
    "take over a policy": {Verb.POLICY_MANAGE},
    **{key: {Verb.KEYS_READ} for key in ("epochs", "state of the keys", "backups")},
    **{key: {Verb.KEYS_MANAGE} for key in ("turn the epoch", "free the keystore")},
    "back up": {Verb.BACK_UP},
    **{key: {Verb.JOB_READ} for key in ("jobs", "job")},
    "cancel a job": {Verb.JOB_CANCEL},
    **{key: {Verb.POLICY_READ} for key in ("packs", "pack", "compare a pack")},
    "take a pack": {Verb.POLICY_READ, Verb.POLICY_MANAGE},
    "call a policy back": {Verb.POLICY_MANAGE},
    "tell an event": {Verb.EVENTS_TELL},
    "import events": {Verb.EVENTS_TELL},
    "events": {Verb.EVENTS_READ},
    **{
        key: {Verb.HOLD_PLACE}
        for key in ("place a hold", "resume a hold", "let go of a hold", "give up a hold")
    },
    **{key: {Verb.HOLD_READ} for key in ("holds", "hold", "preview a hold")},
    **{
        key: {Verb.POLICY_READ}
        for key in ("check a policy", "simulate", "policy", "policies", "compare policies")
    },
    **{key: {Verb.POLICY_READ} for key in ("certificates", "certificate", "export a certificate")},
    **{
        key: {Verb.DESTRUCTION_READ}
        for key in ("show a plan", "runs", "plans", "overdue", "tombstones", "what stands", "clock")
    },
    # Whether somebody may approve is asked of a plan that is there.
    "approve a plan": {Verb.DESTRUCTION_READ},
    **{key: {Verb.DESTRUCTION_MANAGE} for key in ("plan", "apply a plan")},
    "confirm the clock": {Verb.DESTRUCTION_READ, Verb.DESTRUCTION_MANAGE},
    **{
        key: {Verb.APPROVE}
        for key in ("end standing approvals", "stop a plan", "take an approval of a plan back")
    },
    "freeze": {Verb.FREEZE},
    "measures": {Verb.FREEZE},
    **{
        key: {Verb.MEASURE}
        for key in (
            "unfreeze",
            "suspend",
            "end a suspension",
            "erase",
            "erase by a court",
            "erase no more",
        )
    },
}
# Who may propose, or approve, sees what is proposed.
EITHER = {"proposals", "withdraw"}


def lacks(role: Role, name: str) -> bool:
    """Whether a role has not what a command needs."""
    if name in EITHER:
        return not VERBS[role] & {Verb.PROPOSE, Verb.APPROVE}
    return not NEEDED[name] <= VERBS[role]


@pytest.fixture(scope="module")
def peopled() -> Iterator[Installation]:
    """An installation with a call, and of each role a person who logs in by its name."""
    with installation() as site:
        site.put_call()
        recover(site.config)
        site.answering()
        with register_of(site.config) as connection:
            for role in Role:
                add_user(connection, author(), f"one-{role}", purpose="technical")
                user = user_named(connection, DEFAULT_TENANT, f"one-{role}")
                give_role(connection, author(), user, role, WHOLE)
                give_os_name(connection, author(), user, f"one-{role}")
        yield site


@pytest.mark.parametrize("role", Role)
def test_a_command_is_refused_to_who_has_not_what_it_needs(
    peopled: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: Role
) -> None:
    """By its exit code a script knows that asking again is of no use."""
    table = tmp_path / "agents.csv"
    table.write_text(TABLE)
    call = str(found(peopled)[0]["call"])
    places = {
        "CALL": call, "FILE": str(tmp_path / "c.wav"), "TABLE": str(table),
        "PERSON": first_person(peopled), "TOKEN": "1",
    }  # fmt: skip
    monkeypatch.setattr(peer_protocol, "peer_of", lambda _: Peer(4_711, f"one-{role}"))
    wrong = {}
    for name in (each for each in COMMANDS if lacks(role, each)):
        done = run_at(peopled, *(places.get(word, word) for word in COMMANDS[name]))
        refused = isinstance(done.exception, ApiRefused)
        is_right = refused and code_for(done.exception) is Exit.NOT_PERMITTED
        entry = last_entry(peopled)
        if (is_right, entry.action, entry.actor) != (True, "refused", f"one-{role}"):
            wrong[name] = done.exception
        assert call not in done.output

    assert wrong == {}
    assert list(tmp_path.iterdir()) == [table]
