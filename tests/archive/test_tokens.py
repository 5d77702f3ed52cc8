"""Tokens: shown once, kept as digests, good for what they say and as long as they say."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalog.engine import reading
from archive.catalog.tables import token as token_table
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from archive.tokens import (
    MAX_TOKEN_LENGTH,
    Scope,
    UnknownToken,
    UnknownUser,
    create_token,
    ensure_user,
    revoke_token,
    verify_token,
)
from tests.archive.catalog.examples import MINUTE_US, NOW_US, OTHER_TENANT, access, new_catalog


def test_a_token_speaks_for_its_user_until_it_expires(tmp_path: Path) -> None:
    """The last microsecond still counts, the next does not."""
    engine = new_catalog(tmp_path)
    ensure_user(engine, "yamada", access())
    made = create_token(
        engine, "yamada", [Scope.READ, Scope.SEARCH], lifetime_us=MINUTE_US, access=access()
    )

    with reading(engine) as connection:
        actor = verify_token(connection, made.secret, NOW_US + MINUTE_US - 1)
        expired = verify_token(connection, made.secret, NOW_US + MINUTE_US)

    assert actor is not None
    assert (actor.tenant, actor.name) == (DEFAULT_TENANT, "yamada")
    assert actor.scopes == {Scope.READ, Scope.SEARCH}
    assert expired is None


@pytest.mark.parametrize("secret", ["", "rokuon_", "x" * (MAX_TOKEN_LENGTH + 1), "\ud800", "é"])
def test_anything_else_speaks_for_nobody(tmp_path: Path, secret: str) -> None:
    """A header can hold whatever a client likes."""
    engine = new_catalog(tmp_path)

    with reading(engine) as connection:
        assert verify_token(connection, secret, NOW_US) is None


def test_the_secret_is_kept_nowhere(tmp_path: Path) -> None:
    """Who reads the catalog or a log can be nobody else by it."""
    engine = new_catalog(tmp_path)
    ensure_user(engine, "yamada", access())
    made = create_token(engine, "yamada", [], lifetime_us=MINUTE_US, access=access())

    with reading(engine) as connection:
        kept = repr(connection.execute(select(token_table)).all())
        told = repr(entries(connection, DEFAULT_TENANT))

    assert made.secret not in kept + told + repr(made)
    for file in tmp_path.iterdir():
        assert made.secret.encode() not in file.read_bytes()


def test_a_revoked_token_speaks_for_nobody(tmp_path: Path) -> None:
    """At once, not when it would have expired; and another tenant cannot do it."""
    engine = new_catalog(tmp_path)
    ensure_user(engine, "yamada", access())
    made = create_token(engine, "yamada", [], lifetime_us=MINUTE_US, access=access())

    with pytest.raises(UnknownToken):
        revoke_token(engine, made.number, access(OTHER_TENANT))
    revoke_token(engine, made.number, access())

    with reading(engine) as connection:
        assert verify_token(connection, made.secret, NOW_US) is None
    with pytest.raises(UnknownToken):
        revoke_token(engine, made.number, access())


def test_users_and_tokens_are_made_in_the_open(tmp_path: Path) -> None:
    """Who may ask is as much part of the journal as what was asked."""
    engine = new_catalog(tmp_path)
    number = ensure_user(engine, "yamada", access())
    made = create_token(engine, "yamada", [Scope.READ], lifetime_us=MINUTE_US, access=access())
    revoke_token(engine, made.number, access())

    with reading(engine) as connection:
        told = [each.entry for each in entries(connection, DEFAULT_TENANT)]

    assert ensure_user(engine, "yamada", access()) == number
    assert [entry.action for entry in told] == ["user_added", "token_created", "token_revoked"]
    assert told[1].detail == {"token": made.number, "scopes": ["calls:read"]}


def test_a_token_needs_a_user_of_its_tenant(tmp_path: Path) -> None:
    """A name of another tenant is no name here."""
    engine = new_catalog(tmp_path)
    ensure_user(engine, "yamada", access(OTHER_TENANT))

    with pytest.raises(UnknownUser):
        create_token(engine, "yamada", [], lifetime_us=MINUTE_US, access=access())
