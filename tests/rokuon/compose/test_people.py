"""Agents and users of the command line."""

from pathlib import Path

import pytest

from api.people.credentials import account_by_token
from archive.agents import AgentTableRefused
from archive.catalog.engine import reading
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from rokuon import clock
from rokuon.compose.catalog import open_catalog
from rokuon.compose.people import (
    SERVICE_SCOPES,
    import_agents,
    is_first_user_missing,
    list_agents,
    make_token,
)
from rokuon.config.load import parse
from rokuon.config.schema import Config

TABLE = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
a1,田中 花子,たなか はなこ,Tanaka Hanako,中田,2001,2026-01-01,
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return parse("", name="-", base=tmp_path)


def test_a_table_that_was_read_can_be_listed(config: Config, tmp_path: Path) -> None:
    """Times without offset are in the zone that was named."""
    file = tmp_path / "agents.csv"
    file.write_text(TABLE)

    assert import_agents(config, file, "Asia/Tokyo")["added"] == 1
    row = list_agents(config)[0]
    assert (row["name"], row["extension"]) == ("田中 花子", "2001")
    assert (row["valid_from"], row["valid_to"]) == ("2025-12-31T15:00:00+00:00", "")


def test_a_table_with_a_mistake_changes_nothing(config: Config, tmp_path: Path) -> None:
    """The former one stays in force."""
    file = tmp_path / "agents.csv"
    file.write_text(TABLE)
    import_agents(config, file, "Asia/Tokyo")
    file.write_text(TABLE.replace("2001", ""))

    with pytest.raises(AgentTableRefused):
        import_agents(config, file, "Asia/Tokyo")

    assert len(list_agents(config)) == 1


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
