"""Who had a token before there were people keeps it, and is no person."""

import hashlib
from pathlib import Path

from alembic import command
from sqlalchemy import Engine, text

from api.people.credentials import account_by_token
from api.people.verbs import Verb
from archive.catalog.accounts import services, users
from archive.catalog.engine import catalog_url, open_engine, reading, writing
from archive.catalog.migrate import migrations, upgrade
from archive.catalog.tokens import token_numbered
from archive.ids import DEFAULT_TENANT
from archive.reach import EVERYWHERE

LIVE, REVOKED = "rokuon_live", "rokuon_revoked"


def former_catalog(url: str) -> Engine:
    """A catalog as the version before left it, with a user and two tokens."""
    engine, config = open_engine(url), migrations()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        connection.execute(
            text("INSERT INTO tenant (row, id) VALUES (1, :id)"), {"id": DEFAULT_TENANT.raw}
        )
        connection.execute(
            text("INSERT INTO user (row, tenant, name, created_us) VALUES (4, 1, 'CRM 1', 5)")
        )
        for row, secret, revoked_us in ((7, LIVE, None), (9, REVOKED, 60)):
            connection.execute(
                text(
                    "INSERT INTO token (row, tenant, user, digest, scopes, created_us, expires_us,"
                    " revoked_us) VALUES (:row, 1, 4, :digest, 'calls:read calls:search', 6, 100,"
                    " :revoked_us)"
                ),
                {
                    "row": row,
                    "digest": hashlib.sha256(secret.encode()).digest(),
                    "revoked_us": revoked_us,
                },
            )
    return engine


def test_a_live_token_goes_on_as_a_service_that_does_what_it_did(tmp_path: Path) -> None:
    """Nobody has to go round and change every script; nobody was proved to be a person."""
    url = catalog_url(tmp_path / "catalog.db")
    engine = former_catalog(url)
    upgrade(url)
    account = account_by_token(engine, LIVE, 50)
    with reading(engine) as connection:
        kept = token_numbered(connection, DEFAULT_TENANT, 7)
        assert users(connection, DEFAULT_TENANT) == ()
        assert [each.name for each in services(connection, DEFAULT_TENANT)] == ["CRM 1"]

    assert account is not None
    assert (account.name, account.kind, account.user) == ("service:CRM 1", "service", 0)
    assert account.authority.verbs == {Verb.READ, Verb.SEARCH, Verb.CASE}
    assert account.authority.reach(Verb.READ) == EVERYWHERE
    assert account.purpose == "technical"
    assert (kept.times.created_us, kept.times.expires_us) == (6, 100)
    assert account_by_token(engine, LIVE, 100) is None
    assert account_by_token(engine, REVOKED, 50) is None
