"""What a person proves itself by: one of a kind, each change in the journal."""

from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from archive.catalog.accounts.credentials import (
    begin_credential,
    begun_credential,
    credential_of,
    end_credentials,
    has_credential,
    prove_credential,
    set_credential,
    use_step,
)
from archive.catalog.accounts.persons import add_user, user_in
from archive.catalog.database.engine import writing
from archive.catalog.tables.catalog import credential
from tests.archive.catalog.examples import NOW_US, author, new_catalog
from tests.told import all_told


def test_another_password_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """And the journal has that it was set, but nothing of it."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        assert not has_credential(connection, sato.row)
        for secret in (b"first", b"second"):
            set_credential(connection, author(user=sato.row), sato, "password", secret)
        found = credential_of(connection, sato.row, "password")
        told = all_told(connection)[-1].entry

        assert found is not None
        assert found.secret == b"second"
        assert has_credential(connection, sato.row)
        assert credential_of(connection, sato.row, "app") is None
        assert (told.action, told.target, told.detail) == (
            "credential_set", "sato", {"kind": "password"},
        )  # fmt: skip


def test_an_app_is_in_force_when_the_person_has_shown_it_and_not_before(tmp_path: Path) -> None:
    """Who closes the page in between signs in by the app that it had."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        set_credential(connection, author(), sato, "app", b"old")
        begin_credential(connection, author(), sato, "app", b"never shown")
        begun = begin_credential(connection, author(), sato, "app", b"new")
        before = credential_of(connection, sato.row, "app")
        waiting = begun_credential(connection, sato.row, "app")
        prove_credential(connection, author(), sato, begun)
        after = credential_of(connection, sato.row, "app")

        assert before is not None
        assert after is not None
        assert (before.secret, waiting, after.secret) == (b"old", begun, b"new")
        assert begun_credential(connection, sato.row, "app") is None


def test_a_step_of_time_counts_once_and_none_before_it(tmp_path: Path) -> None:
    """Who looks over a shoulder has nothing of what it saw."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        set_credential(connection, author(), sato, "app", b"app")
        found = credential_of(connection, sato.row, "app")
        assert found is not None

        assert [use_step(connection, found.row, step) for step in (7, 7, 6, 8)] == [
            True, False, False, True,
        ]  # fmt: skip


def test_what_is_reset_is_over_with_what_was_begun(tmp_path: Path) -> None:
    """An app that somebody else had begun to set must not be finished afterwards."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        set_credential(connection, author(), sato, "password", b"word")
        begin_credential(connection, author(), sato, "app", b"app")
        end_credentials(connection, sato.row, NOW_US)

        assert not has_credential(connection, sato.row)
        assert begun_credential(connection, sato.row, "app") is None


def test_the_database_itself_keeps_one_of_a_kind_in_force(tmp_path: Path) -> None:
    """Two that are set at the same moment must not both open."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        set_credential(connection, author(), sato, "password", b"word")
        begin_credential(connection, author(), sato, "password", b"other")

    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(update(credential).values(set_us=NOW_US))
