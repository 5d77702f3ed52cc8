"""Accounts as the register proves them."""

from pathlib import Path

import pytest

from api.people.credentials import account_of_peer, account_of_token, stands
from api.people.peers import Peer
from api.people.verbs import Verb
from archive.catalog.engine import reading
from archive.tokens import Scope, create_token, ensure_user, revoke_token
from tests.archive.catalog.examples import MINUTE_US, NOW_US, access, new_catalog


def test_a_token_of_earlier_versions_is_a_service_that_does_what_it_did(tmp_path: Path) -> None:
    """Its purpose is technical where it states none; it may state cases as before."""
    engine = new_catalog(tmp_path)
    ensure_user(engine, "crm", access())
    made = create_token(engine, "crm", [Scope.READ], lifetime_us=MINUTE_US, access=access())
    with reading(engine) as connection:
        account = account_of_token(connection, made.secret, NOW_US)
        late = account_of_token(connection, made.secret, NOW_US + MINUTE_US)

    assert account is not None
    assert late is None
    assert (account.kind, account.name, account.person) == ("service", "crm", 0)
    assert account.authority.verbs == {Verb.READ, Verb.CASE}
    assert account.purpose == "technical"


def test_an_account_stands_until_its_token_is_revoked_or_over(tmp_path: Path) -> None:
    """What runs on is asked for again and again."""
    engine = new_catalog(tmp_path)
    ensure_user(engine, "crm", access())
    made = create_token(engine, "crm", [Scope.READ], lifetime_us=MINUTE_US, access=access())
    with reading(engine) as connection:
        account = account_of_token(connection, made.secret, NOW_US)
        assert account is not None
        before = [
            stands(connection, account, NOW_US),
            stands(connection, account, NOW_US + MINUTE_US),
        ]
    revoke_token(engine, made.number, access())
    with reading(engine) as connection:
        after = stands(connection, account, NOW_US)

    assert (before, after) == ([True, False], False)


@pytest.mark.parametrize(
    ("peer", "verbs"), [(Peer(0, "root"), {Verb.PEOPLE_MANAGE}), (Peer(7, "sato"), set())]
)
def test_a_user_of_the_system_whom_nobody_has_mapped_sees_nothing(
    tmp_path: Path, peer: Peer, verbs: set[Verb]
) -> None:
    """Root can make the first person, and is written down as root."""
    with reading(new_catalog(tmp_path)) as connection:
        account = account_of_peer(connection, peer)

    assert account.authority.verbs == verbs
    assert account.name == f"os:{peer.name}"
    assert account.person == 0
