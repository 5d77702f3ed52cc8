"""Agents and users of the command line."""

from pathlib import Path

import pytest

from api.people.credentials import account_by_token
from archive.catalog.engine import reading
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from rokuon import clock
from rokuon.compose.catalog import open_catalog
from rokuon.compose.people import SERVICE_SCOPES, is_first_user_missing, make_token
from rokuon.config.load import parse
from rokuon.config.schema import Config


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return parse("", name="-", base=tmp_path)


def test_a_token_speaks_for_its_service_and_is_kept_nowhere(config: Config) -> None:
    """The file of the catalog does not hold it."""
    assert is_first_user_missing(config)
    secret = make_token(config, "crm")

    with reading(open_catalog(config)) as connection:
        actions = [line.entry.action for line in entries(connection, DEFAULT_TENANT)]
    account = account_by_token(open_catalog(config), secret, clock.now_us())
    assert account is not None
    assert (account.name, account.authority.verbs) == ("service:crm", frozenset(SERVICE_SCOPES))
    assert actions == ["service_added", "token_created"]
    assert not is_first_user_missing(config)
    assert all(secret.encode() not in f.read_bytes() for f in config.catalog_path.iterdir())
