"""Every step of the register has its entry, every entry its row, and both say the same."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection, Engine

from archive.access.approvals import LIFE_US, Kind
from archive.access.reach import WHOLE
from archive.catalog.access.approvals import (
    approve,
    carry_out,
    propose,
    reject,
    withdraw,
    write_expired,
)
from archive.catalog.access.proposal_comments import add_comment
from archive.catalog.accounts.confirmations import confirm
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.given_roles import give_os_name, give_role, take_os_name, take_role
from archive.catalog.accounts.persons import (
    UserRecord,
    add_service,
    add_user,
    disable_user,
    service_named,
    user_named,
)
from archive.catalog.accounts.sign_in_codes import make_code
from archive.catalog.accounts.single_person import declare_one_person, end_one_person
from archive.catalog.accounts.tokens import TokenTerms, create_token, revoke_token
from archive.catalog.checks.journal_walk import entries_of
from archive.catalog.checks.register_kinds import TOLD
from archive.catalog.checks.register_steps import read_names, register_steps
from archive.catalog.database.engine import reading, trying, writing
from archive.catalog.destruction.certificates import NewCertificate, append_certificate
from archive.catalog.destruction.plans import PlanApproval, PlanContent, append_plan, approve_plan
from archive.catalog.destruction.standing_approvals import let_stand
from archive.catalog.destruction.tombstones import place_tombstone
from archive.catalog.holds.measures import MeasureAct, lift_measure, take_measure
from archive.catalog.index.agents import import_agents
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Action, Detail, Entry, append
from archive.catalog.register.jobs import order_job
from archive.catalog.register.legal_holds import activate, hold_numbered, open_hold, release
from archive.catalog.retention.revisions import NewRevision, append_call_back, append_revision
from archive.catalog.retention.told_events import EventsTold, append_events
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, HoldId, PlanId
from archive.job_queue import JobKind, Order
from archive.lifecycle.hold_scope import ByList
from archive.lifecycle.legal_holds import HoldTerms
from archive.lifecycle.measures import Measure, MeasureKind
from archive.lifecycle.retention_events import ToldEvent
from archive.lifecycle.tombstone import Remains, Tombstone, digest_of
from archive.verification.faults import Fault
from archive.verification.register import findings_in, register_findings
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    NOW_US,
    TOKYO,
    access,
    new_catalog,
    recording_id,
)
from tests.support.verification.register import TRIGGERS

# Of what is done by the part itself, or where the register keeps nobody.
OF_NOBODY: Final = frozenset(
    {
        "user_disabled",
        "role_taken",
        "os_name_taken",
        "token_revoked",
        "proposal_withdrawn",
        "proposal_expired",
        "carried_out",
        "approval_withdrawn",
        "one_person_declared",
        "one_person_ended",
        "credential_set",
        "hold_activated",
        "hold_released",
        "measure_lifted",
        "plan_approved",
        "certified",
        "agents_imported",
        "destroyed",
    }
)


@dataclass
class Office:
    """Whoever does something, each a second after the one before."""

    connection: Connection
    now_us: int = NOW_US

    def author(self, name: str = "") -> Author:
        """A person that acts; nobody's doing without a name."""
        self.now_us += 1_000_000
        own = access(at_us=self.now_us)
        if not name:
            return Author(access=replace(own, actor="os:root"))
        return Author(access=replace(own, actor=name), user=self.person(name).row)

    def person(self, name: str) -> UserRecord:
        return user_named(self.connection, DEFAULT_TENANT, name)

    def entry(self, action: Action, target: str, **detail: Detail) -> Entry:
        return replace(self.author().entry(action, target, detail), actor="retention")


def people(office: Office) -> None:
    """Persons, what they were given and what was taken, a service with a token."""
    c = office.connection
    for name in ("suzuki", "tanaka", "sato"):
        add_user(c, office.author(), name, "training")
    tanaka, sato = office.person("tanaka"), office.person("sato")
    gift = give_role(c, office.author("suzuki"), sato, "auditor", WHOLE)
    take_role(c, office.author("suzuki"), sato, gift)
    give_role(c, office.author("suzuki"), sato, "auditor", WHOLE)
    give_os_name(c, office.author("suzuki"), sato, "dsato")
    take_os_name(c, office.author("suzuki"), sato, "dsato")
    set_credential(c, office.author("tanaka"), tanaka, "password", b"x")
    make_code(c, office.author("suzuki"), sato)
    confirm(c, office.author("suzuki"), tanaka)
    add_service(c, office.author("suzuki"), "crm")
    terms = TokenTerms(scopes=["read", "find"], expires_us=office.now_us + 9_000_000)
    own = service_named(c, DEFAULT_TENANT, "crm")
    create_token(c, office.author("suzuki"), own, terms)
    revoke_token(c, office.author("suzuki"), create_token(c, office.author(), own, terms).number)
    disable_user(c, office.author(), "sato")


def two_persons(office: Office) -> None:
    """Proposals that were approved, carried out, withdrawn, and one that nobody approved."""
    c = office.connection
    kind, digest = Kind.APPROVE_PLAN, bytes(32)
    done = propose(c, office.author("suzuki"), kind, digest, "x")
    approve(c, office.author("tanaka"), done)
    carry_out(c, office.author("suzuki"), done, digest)
    taken_back = propose(c, office.author("suzuki"), kind, digest, "x")
    approve(c, office.author("tanaka"), taken_back)
    withdraw(c, office.author("tanaka"), taken_back)
    withdraw(c, office.author("suzuki"), taken_back)
    unwanted = propose(c, office.author("suzuki"), kind, digest, "x")
    add_comment(c, office.author("tanaka"), unwanted, "why?")
    reject(c, office.author("tanaka"), unwanted, "no")
    propose(c, office.author("suzuki"), kind, digest, "x")
    office.now_us += LIFE_US
    write_expired(c, DEFAULT_TENANT, office.now_us)
    declare_one_person(c, office.author(), None)
    end_one_person(c, office.author("suzuki"))


def keeping(office: Office) -> None:
    """A policy, events, a hold, a measure, agents, a job."""
    c = office.connection
    append_revision(
        c,
        office.author("suzuki"),
        NewRevision(text="x", in_force_us=office.now_us, is_retroactive=False),
    )
    append_call_back(c, office.author("suzuki"), 1)
    events = [ToldEvent(kind="contract_end", key=key, day=date(2026, 4, 1)) for key in "ab"]
    append_events(c, office.author("suzuki"), EventsTold(events=events, sha256=bytes(32)))
    terms = HoldTerms(
        matter="M-1",
        reason="suit",
        review_on=date(2027, 1, 1),
        scope=ByList(1),
        whole_conversation=False,
        future=False,
    )
    number = open_hold(c, office.author("suzuki"), HoldId(bytes(16)), terms).number
    tenant = tenant_row(c, DEFAULT_TENANT)
    activate(c, office.author("suzuki"), hold_numbered(c, tenant, number), {"held": 1})
    until_us = office.now_us + 1
    held = hold_numbered(c, tenant, number)
    release(c, office.author("suzuki"), held, until_us, one_person=False)
    measure = Measure(kind=MeasureKind.FREEZE, case="D-1")
    own = tuple(map(recording_id, (1, 2)))
    act = MeasureAct(measure=measure, target=own[0], recordings=own)
    take_measure(c, office.author("tanaka"), act)
    lift_measure(c, office.author("tanaka"), replace(act, recordings=own[:1]))
    order_job(c, office.author("tanaka"), Order(kind=next(iter(JobKind))))


def destroying(office: Office) -> None:
    """A plan that was approved and carried out, an approval that stands, a certificate."""
    c = office.connection
    content = PlanContent(
        id=PlanId(bytes(16)),
        sha256=bytes(32),
        decided_us=office.now_us,
        recordings=2,
        size_bytes=9,
        cooling_off_h=24,
    )
    plan = append_plan(c, office.author("suzuki"), content, [])
    author = office.author("tanaka")
    now_us = author.access.at_us
    approve_plan(c, author, plan, PlanApproval(approved_us=now_us, due_us=now_us))
    let_stand(c, author, plan, [(1, "year")])
    own = tuple(map(recording_id, (1, 2)))
    digests = [digest_of(each).hex() for each in own]
    place = append(c, office.entry("destroyed", f"plan:{plan}", count=2, digests=digests))
    for each in own:
        buried = Tombstone(
            recording=each,
            destroyed_us=office.now_us,
            journal=place,
            remains=Remains(plan=plan),
        )
        place_tombstone(c, tenant_row(c, DEFAULT_TENANT), buried)
    new = NewCertificate(
        run=bytes(16), number=plan, sha256=bytes(32), signed_us=now_us, recordings=2
    )
    told = office.entry("certified", f"plan:{plan}", sha256=bytes(32).hex(), count=2)
    append_certificate(c, new, told)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = new_catalog(tmp_path)
    with writing(made) as connection:
        office = Office(connection)
        for act in (people, two_persons, keeping, destroying):
            act(office)
    import_agents(made, AGENTS_CSV.encode(), TOKYO, access(at_us=office.now_us + 1))
    yield made
    made.dispose()


def findings(engine: Engine) -> dict[str, Fault]:
    """By the row or the entry."""
    return {each.part: each.fault for each in register_findings(engine)}


def entries(engine: Engine) -> list[tuple[int, str]]:
    with reading(engine) as connection:
        return [(each.seq, each.action) for each in entries_of(connection, TOLD)]


def tried(engine: Engine, statement: str) -> dict[str, Fault]:
    """What is found after a change of which nothing stays."""
    with trying(engine) as connection:
        for (drop,) in connection.exec_driver_sql(TRIGGERS[engine.dialect.name]).all():
            connection.exec_driver_sql(drop)
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql(statement)
        return {each.part: each.fault for each in findings_in(connection)}


def test_everything_that_was_done_has_its_entry(engine: Engine) -> None:
    """Each act that the register knows was done here at least once."""
    assert findings(engine) == {}
    assert {action for _, action in entries(engine)} == TOLD - {"hold_cancelled", "corrected"}


def test_every_entry_that_is_deleted_is_missed(engine: Engine) -> None:
    """By the row that it told of, each alone."""
    unfound = [
        each
        for each in entries(engine)
        if Fault.ENTRY_MISSING
        not in tried(engine, f"DELETE FROM journal WHERE seq = {each[0]}").values()  # noqa: S608
        and each[1] != "token_revoked"  # tokens end with their person, too
    ]

    assert unfound == []


def test_every_actor_that_is_altered_is_found(engine: Engine) -> None:
    """Where the register has who it was: in the other acts nobody else knows."""
    for actor in ("nobody", "sato"):
        unfound = {
            action
            for seq, action in entries(engine)
            if not tried(engine, f"UPDATE journal SET actor = '{actor}' WHERE seq = {seq}")  # noqa: S608
        }
        # What root did: that it was root, or another login, only the journal says.
        of_root = {"user_added", "token_created"} if actor == "nobody" else set()
        assert unfound - OF_NOBODY <= of_root


@pytest.mark.parametrize(
    "altered",
    [
        "at_us = at_us + 1000000",
        "target = 'x'",
        "action = 'read'",
    ],
)
def test_whatever_of_an_entry_is_altered_is_found(engine: Engine, altered: str) -> None:
    """When, about what, and what it was."""
    unfound = {
        action
        for seq, action in entries(engine)
        if not tried(engine, f"UPDATE journal SET {altered} WHERE seq = {seq}")  # noqa: S608
    }

    # The register does not say when a plan was made, or a batch destroyed; whose measure it is its
    # recordings say.
    timeless = {"destruction_planned", "certified", "destroyed"} if "at_us" in altered else set()
    aimless = {"measure_taken", "measure_lifted"} if "target" in altered else set()
    # Tokens end with their person, too.
    ended = {"token_revoked"} if "action" in altered else set()
    assert unfound <= timeless | aimless | ended


def test_every_row_that_is_deleted_is_missed(engine: Engine) -> None:
    """Its entry is there still."""
    removed_by_rule = {"job", "correction", "standing_approval"}
    with reading(engine) as connection:
        steps = list(register_steps(connection, read_names(connection)))
    unfound = []
    for step in steps:
        table, row = step.row.split()
        if table in removed_by_rule:
            continue
        found = tried(engine, f'DELETE FROM "{table}" WHERE row = {row}')  # noqa: S608
        if Fault.ROW_GONE not in found.values():
            unfound.append(step.row)

    assert unfound == []


INSERTED: Final = {
    "an approval": "INSERT INTO approval (tenant, proposal, given_by, given_us, one_person)"
    " SELECT tenant, proposal, 1, given_us + 1, 0 FROM approval WHERE row = 1",
    "an approval once more": "INSERT INTO approval (tenant, proposal, given_by, given_us,"
    " one_person) SELECT tenant, proposal, given_by, given_us, 0 FROM approval WHERE row = 1",
    "a confirmation": 'INSERT INTO confirmation (tenant, "user", given_us)'
    " SELECT tenant, 3, given_us FROM confirmation",
    "a confirmation by another": "UPDATE confirmation SET given_by = 3",
    "a role": 'INSERT INTO role_gift (tenant, "user", role, reach, given_us, given_by)'
    " SELECT tenant, 2, 'administrator', reach, given_us, given_by FROM role_gift WHERE row = 1",
    "a role that was taken": "UPDATE role_gift SET ended_us = NULL WHERE row = 1",
    "another role": "UPDATE role_gift SET role = 'administrator' WHERE row = 2",
    "a wider reach": 'UPDATE role_gift SET reach = \'{"queues": ["sales"]}\' WHERE row = 2',
    "more scopes": "UPDATE token SET scopes = scopes || ' people:manage' WHERE row = 1",
    "a token that lives longer": "UPDATE token SET expires_us = expires_us + 1 WHERE row = 1",
    "a token that was revoked": "UPDATE token SET revoked_us = NULL WHERE row = 2",
    "a person that was disabled": "UPDATE \"user\" SET disabled_us = NULL WHERE name = 'sato'",
    "another maker": "UPDATE \"user\" SET created_by = 2 WHERE name = 'sato'",
    "an approval that was withdrawn": "UPDATE approval SET withdrawn_us = NULL",
    "a proposal that was rejected": "UPDATE proposal SET rejected_us = NULL, rejected_by = NULL",
    "a rejection by another": "UPDATE proposal SET rejected_by = 1 WHERE rejected_us > 0",
    "a comment by another": "UPDATE proposal_comment SET given_by = 1",
    "a hold that was placed": "UPDATE hold SET active_us = active_us + 1",
    "a hold that is over sooner": "UPDATE hold SET grace_until_us = grace_until_us - 1",
    "a measure that was lifted": "UPDATE case_measure SET lifted_us = NULL WHERE row = 1",
    "another plan": "UPDATE destruction_plan SET recordings = 3",
    "a plan that is approved sooner": "UPDATE destruction_plan SET approved_us = approved_us - 1",
    "another policy": "UPDATE retention_revision SET in_force_us = 1",
    "a tombstone": "INSERT INTO tombstone (tenant, digest, destroyed_us, journal, queues, teams,"
    " controllers, rules, scope) SELECT tenant, sha256, 1, 1, '', '', '', '', 'whole'"
    " FROM certificate",
}


@pytest.mark.parametrize("what", INSERTED)
def test_a_row_that_says_otherwise_than_its_entry_is_found(engine: Engine, what: str) -> None:
    """Whatever somebody would gain by it."""
    assert tried(engine, INSERTED[what]) != {}
