"""Users of the command line."""

import os
from pathlib import Path

import pytest

from api.access.credentials import account_by_token, account_of_peer
from api.permissions.peers import Peer
from api.permissions.verbs import Verb
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.database.engine import reading
from archive.ids import DEFAULT_TENANT
from rokuon.compose.api.users import FIRST_NAME, SERVICE_SCOPES, make_first_person, make_token
from rokuon.compose.archive.catalog import open_catalog, prepare_catalog
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.machine.logins import name_of
from tests.told import all_told


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return parse("", name="-", base=tmp_path)


def test_a_token_speaks_for_its_service_and_is_kept_nowhere(config: Config) -> None:
    """The file of the catalog does not hold it."""
    secret = make_token(config, "crm")

    with reading(open_catalog(config)) as connection:
        actions = [line.entry.action for line in all_told(connection)]
    account = account_by_token(open_catalog(config), secret, clock.now_us())
    assert account is not None
    assert (account.name, account.authority.verbs) == ("service:crm", frozenset(SERVICE_SCOPES))
    assert actions == ["service_added", "token_created"]
    assert all(secret.encode() not in f.read_bytes() for f in config.catalog_path.iterdir())


def test_who_starts_it_first_has_every_role_is_mapped_and_is_enough(config: Config) -> None:
    """Once: where there is a user, nobody becomes one by starting it."""
    prepare_catalog(config).dispose()
    name, again = make_first_person(config), make_first_person(config)
    login = name_of(os.geteuid())
    with reading(open_catalog(config)) as connection:
        account = account_of_peer(connection, Peer(1000, login))
        actors = {line.entry.actor for line in all_told(connection)}
        assert is_one_person_enough(connection, DEFAULT_TENANT)

    assert (name, again) == (account.name, "")
    assert account.authority.verbs == set(Verb)
    assert account.authority.reach(Verb.LISTEN)[0].is_whole
    assert (account.kind, account.purpose) == ("person", "technical")
    assert actors == {f"os:{login}"}


def test_a_login_that_is_no_name_is_mapped_all_the_same(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Domains have logins with other letters."""
    monkeypatch.setattr("rokuon.compose.api.users.name_of", lambda _uid: "SATO@CORP")

    assert make_first_person(config) == FIRST_NAME
    with reading(open_catalog(config)) as connection:
        assert account_of_peer(connection, Peer(1000, "SATO@CORP")).name == FIRST_NAME
