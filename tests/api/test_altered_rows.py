"""Who writes into the catalog's file (a runner or keeper with any code) has no more by it.

Each scene writes what the register would have written, or puts a row back as it was; judged by what
the API then lets somebody do. Triggers are no obstacle: who has the file drops them.
"""

import hashlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.access.credentials import account_by_token, account_of_peer, session_in_force
from api.destruction.night_plan import unhanded_plans
from api.permissions.peers import Peer
from api.permissions.roles import Role
from archive.access.approvals import ApprovalRefused, Kind
from archive.catalog.access.approvals import approve, carry_out, propose, withdraw
from archive.catalog.accounts.credentials import credential_of, set_credential
from archive.catalog.accounts.given_roles import take_os_name
from archive.catalog.accounts.lineage import lineage
from archive.catalog.accounts.persons import disable_user, user_named
from archive.catalog.accounts.sessions import Lifetime, begin_session, sign_out
from archive.catalog.accounts.sign_in_codes import code_of, make_code
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.accounts.tokens import TokenTerms, create_token, revoke_token
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.plans import (
    PlanApproval,
    PlanContent,
    append_plan,
    approve_plan,
    end_plan,
    note_begun,
    plan_numbered,
)
from archive.catalog.destruction.standing_approvals import end_standing, let_stand, standing_rules
from archive.catalog.journal.authors import Author
from archive.catalog.journal.sealed_rows import RowsAltered
from archive.catalog.retention.revisions import NewRevision, append_call_back, append_revision
from archive.ids import DEFAULT_TENANT, PlanId
from retention.policies.policy_text import policy_text
from retention.runner.judgement.policy_history import PolicyHistory
from tests.api.register import Registered, register
from tests.archive.catalog.examples import NOW_US, author
from tests.retention.examples import policy, rule

LATER_US = NOW_US + 1
LIFE = Lifetime(idle_us=10**12, expires_us=NOW_US + 10**12)
DIGEST = bytes(32)


@dataclass
class Scene:
    """A register with two persons, and who writes into its file."""

    it: Registered
    file: sqlite3.Connection

    def write(self, statement: str, *values: object) -> None:
        """As who has the file: no seal, no foreign key, no trigger."""
        self.file.execute(statement, values)

    def put_back(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        """A table as it was."""
        self.file.execute(f'DELETE FROM "{table}"')  # noqa: S608  # ours
        for row in rows:
            marks = ", ".join("?" * len(row))
            self.file.execute(f'INSERT INTO "{table}" VALUES ({marks})', row)  # noqa: S608

    def rows(self, table: str) -> list[tuple[object, ...]]:
        """All of a table."""
        return self.file.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608

    def acts(self, name: str = "tanaka") -> Author:
        """As a person."""
        with reading(self.it.engine) as connection:
            return author(user=user_named(connection, DEFAULT_TENANT, name).row)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Tanaka and Sato, made by root."""
    async with register(tmp_path) as it:
        if it.engine.dialect.name != "sqlite":
            pytest.skip("who has a server's file is its administrator")
        it.person("tanaka", Role.ADMINISTRATOR)
        it.person("sato", Role.AUDITOR)
        file = sqlite3.connect(str(it.engine.url.database), isolation_level=None)
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            file.execute(f"DROP TRIGGER {name}")
        yield Scene(it, file)
        file.close()


def token(scene: Scene) -> str:
    with writing(scene.it.engine) as connection:
        holder = user_named(connection, DEFAULT_TENANT, "tanaka")
        terms = TokenTerms(scopes=["call:search"], expires_us=NOW_US + 10**9)
        return create_token(connection, author(), holder, terms).secret


def is_let_in(scene: Scene, secret: str) -> bool:
    return account_by_token(scene.it.engine, secret, LATER_US) is not None


def test_a_token_that_was_inserted_lets_nobody_in(scene: Scene) -> None:
    """A row of the table was all that it took to hear every call."""
    good, forged = token(scene), "rokuon_" + "x" * 43
    digest = hashlib.sha256(forged.encode()).digest()
    scene.write(
        "INSERT INTO token (tenant, user, digest, scopes, created_us, expires_us, note, purpose)"
        " SELECT tenant, user, ?, scopes, created_us, expires_us, note, purpose FROM token",
        digest,
    )

    assert (is_let_in(scene, good), is_let_in(scene, forged)) == (True, False)
    assert scene.it.seals.altered == (("token", 2),)


def test_a_token_has_the_scopes_and_the_end_that_it_was_made_with(scene: Scene) -> None:
    """Its own holder may write, too."""
    for change in ("scopes = 'call:listen'", "expires_us = expires_us + 1", "user = 2"):
        secret = token(scene)
        assert is_let_in(scene, secret)
        scene.write(f"UPDATE token SET {change}")  # noqa: S608
        assert not is_let_in(scene, secret)


def test_a_revoked_token_stays_revoked_with_its_older_row_and_seal(scene: Scene) -> None:
    """The older row has a seal of the true key: its counter is not the last one."""
    secret = token(scene)
    former = {table: scene.rows(table) for table in ("token", "row_seal")}
    with writing(scene.it.engine) as connection:
        revoke_token(connection, author(), 1)
    for table, rows in former.items():
        scene.put_back(table, rows)

    assert not is_let_in(scene, secret)


def test_a_role_that_was_inserted_is_not_had(scene: Scene) -> None:
    """And those beside it are."""
    scene.write(
        "INSERT INTO role_gift (tenant, user, role, reach, given_us)"
        " SELECT tenant, user, 'legal', reach, given_us FROM role_gift WHERE user = 2"
    )
    scene.write("UPDATE role_gift SET role = 'legal' WHERE user = 1")
    with reading(scene.it.engine) as connection:
        gifts = [
            [gift.role for gift in account_of_peer(connection, Peer(1, name)).authority.gifts]
            for name in ("sato", "tanaka")
        ]

    assert gifts == [[Role.AUDITOR], []]


def test_a_login_that_was_inserted_or_given_back_is_nobodys(scene: Scene) -> None:
    """A user of the operating system would be any person."""
    scene.write(
        "INSERT INTO os_name (tenant, name, user, given_us) VALUES (1, 'rokuon-retention', 1, 1)"
    )
    with writing(scene.it.engine) as connection:
        take_os_name(connection, author(), user_named(connection, DEFAULT_TENANT, "sato"), "sato")
    scene.write("UPDATE os_name SET ended_us = NULL")
    with reading(scene.it.engine) as connection:
        names = [
            account_of_peer(connection, Peer(1, each)).name
            for each in ("rokuon-retention", "sato", "tanaka")
        ]

    assert names == ["os:rokuon-retention", "os:sato", "tanaka"]


def test_who_was_disabled_stays_so(scene: Scene) -> None:
    """By any way in; who is not known says so by name."""
    secret = token(scene)
    with writing(scene.it.engine) as connection:
        disable_user(connection, author(), "tanaka")
    scene.write("UPDATE user SET disabled_us = NULL")
    with pytest.raises(RowsAltered):
        is_let_in(scene, secret)
    with reading(scene.it.engine) as connection, pytest.raises(RowsAltered):
        account_of_peer(connection, Peer(1, "tanaka"))
    with reading(scene.it.engine) as connection:
        assert account_of_peer(connection, Peer(0, "root")).name == "os:root"


def test_a_session_that_was_ended_or_is_of_another_secret_is_over(scene: Scene) -> None:
    """Neither un-ended, nor taken over by a digest, present or former."""
    with writing(scene.it.engine) as connection:
        whose = user_named(connection, DEFAULT_TENANT, "tanaka")
        _, secret = begin_session(connection, scene.acts(), whose, "full", LIFE)
    forged = "f" * 43
    digest = hashlib.sha256(forged.encode()).digest()
    seen = []
    for change in ("former_digest = ?, rotated_us = rotated_us + 1", "digest = ?"):
        scene.write(f"UPDATE session SET {change}", digest)  # noqa: S608
        with reading(scene.it.engine) as connection:
            seen.append(session_in_force(connection, forged, LATER_US))
        with reading(scene.it.engine) as connection:
            seen.append(session_in_force(connection, secret, LATER_US))
    assert seen == [None] * 4


def test_an_ended_session_stays_ended(scene: Scene) -> None:
    """A cookie that was found is worth nothing after signing out."""
    with writing(scene.it.engine) as connection:
        whose = user_named(connection, DEFAULT_TENANT, "tanaka")
        row, secret = begin_session(connection, author(), whose, "full", LIFE)
    with writing(scene.it.engine) as connection:
        sign_out(connection, author(), whose, row)
    scene.write("UPDATE session SET ended_us = NULL")
    with reading(scene.it.engine) as connection:
        assert session_in_force(connection, secret, LATER_US) is None


def test_a_code_begins_a_session_by_its_own_digest_alone(scene: Scene) -> None:
    """A code that somebody made for another person would be anybody's."""
    with writing(scene.it.engine) as connection:
        make_code(connection, author(), user_named(connection, DEFAULT_TENANT, "tanaka"))
    forged = "c" * 20
    scene.write("UPDATE sign_in_code SET digest = ?", hashlib.sha256(forged.encode()).digest())
    with reading(scene.it.engine) as connection:
        assert code_of(connection, forged) is None


@pytest.mark.parametrize(
    "change", ["UPDATE credential SET secret = x'00'", "DELETE FROM credential"]
)
def test_what_a_person_proves_itself_by_is_what_it_has_set(scene: Scene, change: str) -> None:
    """A password that somebody put there; or no app any more beside the password."""
    with writing(scene.it.engine) as connection:
        for kind in ("password", "app"):
            whose = user_named(connection, DEFAULT_TENANT, "tanaka")
            set_credential(connection, author(), whose, kind, b"secret")
    scene.write(f"{change} WHERE kind = 'app'")
    with reading(scene.it.engine) as connection, pytest.raises(RowsAltered):
        credential_of(connection, 1, "password")


def proposed(scene: Scene) -> int:
    with writing(scene.it.engine) as connection:
        return propose(connection, scene.acts(), Kind.APPROVE_PLAN, DIGEST, "all of it")


def carry(scene: Scene, number: int) -> None:
    with writing(scene.it.engine) as connection:
        carry_out(connection, scene.acts(), number, DIGEST)


def test_an_approval_that_was_inserted_approves_nothing(scene: Scene) -> None:
    """One of two persons is a row."""
    number = proposed(scene)
    scene.write(
        "INSERT INTO approval (tenant, proposal, given_by, given_us, one_person)"
        " VALUES (1, ?, 2, ?, 0)",
        *(number, NOW_US),
    )
    with pytest.raises(ApprovalRefused):
        carry(scene, number)


def test_an_approval_that_was_taken_back_stays_so(scene: Scene) -> None:
    """And a proposal is of the digest that it was made with."""
    number = proposed(scene)
    sato = scene.acts("sato")
    with writing(scene.it.engine) as connection:
        approve(connection, sato, number)
    with writing(scene.it.engine) as connection:
        withdraw(connection, sato, number)
    scene.write("UPDATE approval SET withdrawn_us = NULL")
    with pytest.raises(ApprovalRefused):
        carry(scene, number)
    scene.write("UPDATE proposal SET proposed_by = 2")
    with pytest.raises(RowsAltered):
        carry(scene, number)


def test_an_installation_is_not_one_persons_by_a_row(scene: Scene) -> None:
    """Then one word would be enough for everything."""
    scene.write("INSERT INTO one_person (tenant, declared_us) VALUES (1, 1)")
    with reading(scene.it.engine) as connection:
        assert not is_one_person_enough(connection, DEFAULT_TENANT)


@pytest.mark.parametrize("table", ["user", "role_gift", "os_name", "token", "sign_in_code"])
def test_whose_maker_was_taken_out_of_the_register_is_no_other_person(
    scene: Scene, table: str
) -> None:
    """Two would be what is one: nothing takes two until somebody has looked."""
    token(scene)
    with writing(scene.it.engine) as connection:
        make_code(connection, author(), user_named(connection, DEFAULT_TENANT, "tanaka"))
    with reading(scene.it.engine) as connection:
        lineage(connection, DEFAULT_TENANT)
    scene.write(f'DELETE FROM "{table}" WHERE row = 1')  # noqa: S608
    with reading(scene.it.engine) as connection, pytest.raises(RowsAltered):
        lineage(connection, DEFAULT_TENANT)


def test_no_approval_stands_by_a_row(scene: Scene) -> None:
    """Neither one that nobody gave, nor one that has ended."""
    content = PlanContent(
        id=PlanId(bytes(16)),
        sha256=DIGEST,
        decided_us=1,
        recordings=0,
        size_bytes=0,
        cooling_off_h=72,
    )
    with writing(scene.it.engine) as connection:
        append_plan(connection, author(), content, [])
        approve_plan(connection, author(), 1, PlanApproval(approved_us=1, due_us=1))
        note_begun(connection, 1, 1)
        let_stand(connection, author(), 1, [(1, "year")])
        assert standing_rules(connection, 1, LATER_US) == {(1, "year")}
    with writing(scene.it.engine) as connection:
        end_standing(connection, author())
    scene.write("UPDATE standing_approval SET ended_us = NULL")
    scene.write(
        "INSERT INTO standing_approval (tenant, revision, rule, plan, given_us)"
        " VALUES (1, 1, 'other', 1, 1)"
    )
    with reading(scene.it.engine) as connection:
        assert standing_rules(connection, 1, LATER_US) == frozenset()


ALTERED_POLICIES = (
    "UPDATE retention_revision SET text = replace(text, 'P5Y', 'P1D') WHERE number = 1",
    "UPDATE retention_revision SET in_force_us = 0 WHERE number = 2",
    "UPDATE retention_revision SET is_retroactive = 1 WHERE number = 2",
    "DELETE FROM retention_revision WHERE number = 2",
    "DELETE FROM revision_call_back",
    "INSERT INTO revision_call_back (tenant, number, called_us, author, journal)"
    " VALUES (1, 2, 1, 'sato', 1)",
)


@pytest.mark.parametrize("change", ALTERED_POLICIES)
def test_nothing_is_judged_by_a_policy_that_was_altered(scene: Scene, change: str) -> None:
    """What nobody took over would end recordings, or what was taken over would not keep them."""
    for number in (1, 2, 3):
        text = policy_text(policy(rule("years", after="P5Y")))
        with writing(scene.it.engine) as connection:
            new = NewRevision(text=text, in_force_us=NOW_US + number, is_retroactive=False)
            append_revision(connection, author(), new)
    with writing(scene.it.engine) as connection:
        append_call_back(connection, author(), 3)
    with reading(scene.it.engine) as connection:
        PolicyHistory.read(connection, DEFAULT_TENANT, LATER_US)
    scene.write(change)
    with reading(scene.it.engine) as connection, pytest.raises(RowsAltered):
        PolicyHistory.read(connection, DEFAULT_TENANT, LATER_US)


@pytest.mark.parametrize("change", ["due_us = 0", "sha256 = x'00'", "one_person = 1"])
def test_a_plan_is_approved_by_no_row(scene: Scene, change: str) -> None:
    """Neither this plan nor another one in its place."""
    test_no_approval_stands_by_a_row(scene)
    scene.write(f"UPDATE destruction_plan SET author = 'retention', {change}")  # noqa: S608
    with reading(scene.it.engine) as connection:
        assert unhanded_plans(connection, DEFAULT_TENANT) == ()
        with pytest.raises(RowsAltered):
            plan_numbered(connection, DEFAULT_TENANT, 1)


def test_a_plan_that_a_person_stopped_stays_so(scene: Scene) -> None:
    """What has become of it is the runner's to write, that it was stopped is not."""
    test_no_approval_stands_by_a_row(scene)
    with writing(scene.it.engine) as connection:
        end_plan(connection, 1, 1, "stopped")
    scene.write("UPDATE destruction_plan SET ended_us = NULL, ended = ''")
    with reading(scene.it.engine) as connection:
        assert plan_numbered(connection, DEFAULT_TENANT, 1).is_over
    scene.write("UPDATE destruction_plan SET stopped_us = NULL")
    with reading(scene.it.engine) as connection, pytest.raises(RowsAltered):
        plan_numbered(connection, DEFAULT_TENANT, 1)


def test_what_is_decided_is_decided_by_the_rows_that_were_looked_at(scene: Scene) -> None:
    """A view in the place of a table may say one thing when it is checked, and another then."""
    text = policy_text(policy(rule("years", after="P5Y")))
    with writing(scene.it.engine) as connection:
        new = NewRevision(text=text, in_force_us=NOW_US, is_retroactive=False)
        append_revision(connection, author(), new)
    scene.write("ALTER TABLE retention_revision RENAME TO kept")
    scene.write(
        "CREATE VIEW retention_revision AS SELECT row, tenant, number,"
        " CASE WHEN random() & 1 THEN text ELSE replace(text, 'P5Y', 'P1D') END AS text, sha256,"
        " taken_us, in_force_us, is_retroactive, author, one_person, journal FROM kept"
    )
    read = []
    for _ in range(40):
        with reading(scene.it.engine) as connection, suppress(RowsAltered):
            history = PolicyHistory.read(connection, DEFAULT_TENANT, LATER_US)
            read.append(history.latest.content.text)

    assert set(read) <= {text}
