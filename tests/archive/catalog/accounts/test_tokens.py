"""Tokens: shown once, kept as digests, good for what they say and as long as they say."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.tokens import (
    MAX_TOKEN_LENGTH,
    USE_NOTED_EVERY_US,
    NewToken,
    TokenRecord,
    TokenTerms,
    UnknownToken,
    create_token,
    is_in_force,
    note_use,
    revoke_token,
    token_numbered,
    token_of,
    tokens,
)
from archive.catalog.database.engine import reading, writing
from archive.catalog.tables.catalog import token as token_table
from archive.ids import DEFAULT_TENANT, TenantId
from tests.archive.catalog.examples import (
    MINUTE_US,
    NOW_US,
    OTHER_TENANT,
    author,
    new_catalog,
    service_token,
)
from tests.told import all_told


def found(engine: Engine, secret: str) -> tuple[TenantId, TokenRecord] | None:
    """What a secret is known as."""
    with reading(engine) as connection:
        return token_of(connection, secret)


def revoked(engine: Engine, number: int, tenant: TenantId = DEFAULT_TENANT) -> None:
    """End a token."""
    with writing(engine) as connection:
        revoke_token(connection, author(tenant), number)


def yamadas_token(engine: Engine) -> NewToken:
    """A token of a person who issued it himself."""
    with writing(engine) as connection:
        row = add_user(connection, author(), "yamada")
        terms = TokenTerms(
            scopes=["calls:read"], expires_us=NOW_US + 1, note="laptop", purpose="quality"
        )
        holder = user_named(connection, DEFAULT_TENANT, "yamada")
        return create_token(connection, author(user=row), holder, terms)


def test_a_token_is_in_force_until_it_expires(tmp_path: Path) -> None:
    """The last microsecond still counts, the next does not."""
    engine = new_catalog(tmp_path)
    made = service_token(engine, "crm", ["calls:search", "calls:read"], lifetime_us=MINUTE_US)
    known = found(engine, made.secret)

    assert known is not None
    tenant, token = known
    assert (tenant, token.row) == (DEFAULT_TENANT, made.number)
    assert token.scopes == {"calls:search", "calls:read"}
    for at_us, expected in ((NOW_US + MINUTE_US - 1, True), (NOW_US + MINUTE_US, False)):
        with reading(engine) as connection:
            assert is_in_force(connection, made.number, at_us) is expected
        assert token.times.is_in_force(at_us) is expected


@pytest.mark.parametrize("secret", ["", "rokuon_", "x" * (MAX_TOKEN_LENGTH + 1), "\ud800", "é"])
def test_anything_else_speaks_for_nobody(tmp_path: Path, secret: str) -> None:
    """A header can hold whatever a client likes."""
    assert found(new_catalog(tmp_path), secret) is None


def test_the_secret_is_kept_nowhere(tmp_path: Path) -> None:
    """Who reads the catalog or a log can be nobody else by it."""
    engine = new_catalog(tmp_path)
    made = service_token(engine, "crm", [])

    with reading(engine) as connection:
        kept = repr(connection.execute(select(token_table)).all())
        told = repr(all_told(connection))

    assert made.secret not in kept + told + repr(made)
    for file in tmp_path.iterdir():
        assert made.secret.encode() not in file.read_bytes()


def test_a_revoked_token_is_in_force_no_more(tmp_path: Path) -> None:
    """At once, not when it would have expired; and another tenant cannot do it."""
    engine = new_catalog(tmp_path)
    made = service_token(engine, "crm", [])

    with pytest.raises(UnknownToken):
        revoked(engine, made.number, OTHER_TENANT)
    revoked(engine, made.number)

    known = found(engine, made.secret)
    assert known is not None
    assert not known[1].times.is_in_force(NOW_US)
    with pytest.raises(UnknownToken):
        revoked(engine, made.number)


def test_tokens_are_made_and_ended_in_the_open(tmp_path: Path) -> None:
    """Who may ask is as much part of the journal as what was asked."""
    engine = new_catalog(tmp_path)
    made = service_token(engine, "crm", ["calls:read"])
    revoked(engine, made.number)
    own = yamadas_token(engine)

    with reading(engine) as connection:
        told = [each.entry for each in all_told(connection)]

    assert [(entry.action, entry.target) for entry in told] == [
        ("service_added", "service:crm"),
        ("token_created", "service:crm"),
        ("token_revoked", "service:crm"),
        ("user_added", "yamada"),
        ("token_created", "yamada"),
    ]
    until_us = NOW_US + MINUTE_US
    expected = {"token": made.number, "scopes": ["calls:read"], "until_us": until_us}
    assert told[1].detail == expected
    assert told[4].detail["token"] == own.number


def test_a_token_says_whose_it_is_who_issued_it_and_what_for(tmp_path: Path) -> None:
    """A list of tokens that nobody understands is revoked by nobody."""
    engine = new_catalog(tmp_path)
    made = yamadas_token(engine)
    service_token(engine, "crm", [])
    with reading(engine) as connection:
        yamada = user_named(connection, DEFAULT_TENANT, "yamada").row
        listed = tokens(connection, DEFAULT_TENANT, NOW_US)
        later = tokens(connection, DEFAULT_TENANT, NOW_US + 1)
        own = token_numbered(connection, DEFAULT_TENANT, made.number)
        with pytest.raises(UnknownToken):
            token_numbered(connection, OTHER_TENANT, made.number)

    assert [each.row for each in listed] == [made.number, made.number + 1]
    assert [each.row for each in later] == [made.number + 1]
    assert (own.user, own.service, own.issued_by) == (yamada, None, yamada)
    assert (own.note, own.purpose) == ("laptop", "quality")


def test_the_last_use_is_kept_to_the_minute(tmp_path: Path) -> None:
    """A write for every request would make reading as slow as writing."""
    engine = new_catalog(tmp_path)
    made = service_token(engine, "crm", [])
    with writing(engine) as connection:
        before = token_numbered(connection, DEFAULT_TENANT, made.number).times
        note_use(connection, made.number, NOW_US)
        times = token_numbered(connection, DEFAULT_TENANT, made.number).times

    assert before.is_use_due(NOW_US)
    assert times.last_used_us == NOW_US
    assert not times.is_use_due(NOW_US + USE_NOTED_EVERY_US - 1)
    assert times.is_use_due(NOW_US + USE_NOTED_EVERY_US)


@pytest.mark.parametrize("holders", [{}, {"user": 1, "service": 1}])
def test_a_token_is_one_s_alone(tmp_path: Path, holders: dict[str, int]) -> None:
    """The database itself refuses one of nobody, and one of two."""
    engine = new_catalog(tmp_path)
    yamadas_token(engine)
    service_token(engine, "crm", [])
    row = dict.fromkeys(("created_us", "expires_us"), 1) | dict.fromkeys(
        ("scopes", "note", "purpose"), ""
    )

    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(token_table).values(tenant=1, digest=b"x" * 32, **row, **holders))
