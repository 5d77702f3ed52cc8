"""Accounts as the register proves them."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from api.access.credentials import account_by_token, account_of_peer, stands
from api.permissions.accounts import Account, RoleGift
from api.permissions.peers import Peer
from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from archive.access.reach import EVERYWHERE, WHOLE, ReachRule
from archive.catalog.accounts.given_roles import (
    gifts_of,
    give_os_name,
    give_role,
    take_os_name,
    take_role,
)
from archive.catalog.accounts.persons import UserRecord, add_user, disable_user, user_named
from archive.catalog.accounts.tokens import (
    USE_NOTED_EVERY_US,
    TokenTerms,
    create_token,
    revoke_token,
    token_numbered,
)
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import MINUTE_US, NOW_US, author, new_catalog, service_token

SATO = Peer(7, "dsato")
ROOT = Peer(0, "root")
SUPPORT = ReachRule(queues=frozenset({"Support"}))


def reviewer(connection: Connection) -> UserRecord:
    """A person with a role, a reach, a purpose and two names of the operating system."""
    add_user(connection, author(), "sato", purpose="quality")
    user = user_named(connection, DEFAULT_TENANT, "sato")
    give_role(connection, author(), user, Role.REVIEWER, SUPPORT)
    for name in ("dsato", "root"):
        give_os_name(connection, author(), user, name)
    return user


def peer(engine: Engine, who: Peer) -> Account:
    """Who a peer is now."""
    with reading(engine) as connection:
        return account_of_peer(connection, who)


def test_a_service_does_what_its_token_says(tmp_path: Path) -> None:
    """Until it ends; what this version does not know it cannot do."""
    engine = new_catalog(tmp_path)
    made = service_token(engine, "crm", [Verb.READ, "calls:burn"], lifetime_us=MINUTE_US)
    account = account_by_token(engine, made.secret, NOW_US)
    late = account_by_token(engine, made.secret, NOW_US + MINUTE_US)

    assert account is not None
    assert late is None
    assert (account.kind, account.name, account.person) == ("service", "service:crm", 0)
    assert account.authority.verbs == {Verb.READ}
    assert account.authority.reach(Verb.READ) == EVERYWHERE
    assert account.purpose == "technical"


def test_a_person_s_token_does_what_both_the_roles_and_the_scopes_allow(tmp_path: Path) -> None:
    """Within the reach of the role, which is compared folded; purposes of the token go first."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        user = reviewer(connection)
        made = [
            create_token(
                connection,
                author(user=user.row),
                user,
                TokenTerms(
                    scopes=[Verb.LISTEN, Verb.EXPORT], expires_us=NOW_US + 1, purpose=purpose
                ),
            )
            for purpose in ("", "training")
        ]
    found = [account_by_token(engine, each.secret, NOW_US) for each in made]
    with writing(engine) as connection:
        disable_user(connection, author(), "sato")

    assert [each.purpose for each in found if each] == ["quality", "training"]
    account = found[0]
    assert account is not None
    assert (account.kind, account.name, account.person) == ("person", "sato", user.row)
    assert account.authority.verbs == {Verb.LISTEN}
    assert account.authority.reach(Verb.LISTEN) == (SUPPORT.folded,)
    assert account_by_token(engine, made[0].secret, NOW_US) is None


def test_the_use_of_a_token_is_noted_once_a_minute(tmp_path: Path) -> None:
    """Who wants to revoke what nobody uses any more sees it."""
    engine = new_catalog(tmp_path)
    made = service_token(engine, "crm", [], lifetime_us=10 * MINUTE_US)
    seen = []
    for at_us in (NOW_US, NOW_US + 1, NOW_US + USE_NOTED_EVERY_US):
        account_by_token(engine, made.secret, at_us)
        with reading(engine) as connection:
            seen.append(token_numbered(connection, DEFAULT_TENANT, made.number).times.last_used_us)

    assert seen == [NOW_US, NOW_US, NOW_US + USE_NOTED_EVERY_US]


@pytest.mark.parametrize(("who", "verbs"), [(ROOT, {Verb.PEOPLE_MANAGE}), (SATO, set())])
def test_a_user_of_the_system_whom_nobody_has_mapped_sees_nothing(
    tmp_path: Path, who: Peer, verbs: set[Verb]
) -> None:
    """Root can make the first person, and is written down as root."""
    account = peer(new_catalog(tmp_path), who)

    assert account.authority.verbs == verbs
    assert account.name == f"os:{who.name}"
    assert account.person == 0


def test_a_user_of_the_system_who_is_mapped_is_that_person(tmp_path: Path) -> None:
    """As long as the mapping holds and the person is not disabled."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        user = reviewer(connection)
    mapped = peer(engine, SATO)
    with writing(engine) as connection:
        disable_user(connection, author(), "sato")

    assert (mapped.kind, mapped.name, mapped.person) == ("person", "sato", user.row)
    assert mapped.authority.gifts == (RoleGift(role=Role.REVIEWER, reach=SUPPORT.folded),)
    assert mapped.purpose == "quality"
    assert peer(engine, SATO).name == "os:dsato"
    assert peer(engine, SATO).authority.verbs == set()


def test_root_that_is_mapped_acts_as_that_person_is_written_as_root_and_counts_as_nobody(
    tmp_path: Path,
) -> None:
    """It can become anybody; that it can make people stays."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        user = reviewer(connection)
    root = peer(engine, ROOT)

    assert (root.name, root.kind, root.person) == ("os:root as sato", "os", 0)
    assert root.user == user.row
    assert root.authority.verbs == VERBS[Role.REVIEWER] | {Verb.PEOPLE_MANAGE}


def test_a_service_stands_until_its_token_is_revoked_or_over(tmp_path: Path) -> None:
    """What runs on is asked for again and again."""
    engine = new_catalog(tmp_path)
    made = service_token(engine, "crm", [Verb.READ], lifetime_us=MINUTE_US)
    account = account_by_token(engine, made.secret, NOW_US)
    assert account is not None
    with writing(engine) as connection:
        before = [stands(connection, account, at) for at in (NOW_US, NOW_US + MINUTE_US)]
        revoke_token(connection, author(), made.number)
        after = stands(connection, account, NOW_US)

    assert (before, after) == ([True, False], False)


@pytest.mark.parametrize("lost", ["the account", "the role", "the name"])
@pytest.mark.parametrize("who", [SATO, ROOT])
def test_a_person_stands_until_something_is_taken_away(
    tmp_path: Path, lost: str, who: Peer
) -> None:
    """What is given in between ends nothing."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        user = reviewer(connection)
    account = peer(engine, who)
    with writing(engine) as connection:
        give_role(connection, author(), user, Role.AUDITOR, WHOLE)
        before = stands(connection, account, NOW_US)
        match lost:
            case "the account":
                disable_user(connection, author(), "sato")
            case "the role":
                gift = gifts_of(connection, user.row)[0]
                take_role(connection, author(), user, gift.row)
            case _:
                take_os_name(connection, author(), user, who.name)
        after = stands(connection, account, NOW_US)

    assert (before, after) == (True, False)


def test_a_role_of_another_version_allows_nothing(tmp_path: Path) -> None:
    """Going back to an older version gives nobody more."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        user = reviewer(connection)
        give_role(connection, author(), user, "destroyer", WHOLE)

    assert [gift.role for gift in peer(engine, SATO).authority.gifts] == [Role.REVIEWER]
