"""Codes that begin a session: once, for a day, for one person."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalog.accounts.credentials import has_credential, set_credential
from archive.catalog.accounts.persons import add_user, user_in
from archive.catalog.accounts.sessions import Lifetime, begin_session, sessions_of
from archive.catalog.accounts.sign_in_codes import (
    CODE_LIFETIME_US,
    code_of,
    make_code,
    reset_credentials,
    use_code,
)
from archive.catalog.database.engine import reading, writing
from archive.catalog.tables.catalog import sign_in_code
from tests.archive.catalog.examples import NOW_US, author, new_catalog
from tests.told import all_told


def test_a_code_is_used_once_within_a_day(tmp_path: Path) -> None:
    """The last microsecond still counts, the next does not."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        code = make_code(connection, author(), sato)
        found = code_of(connection, code)
        assert found is not None
        used = [use_code(connection, found.row, NOW_US) for _ in range(2)]
        after = code_of(connection, code)

        assert (found.user, found.stage) == (sato.row, "enrol")
        assert found.is_in_force(NOW_US + CODE_LIFETIME_US - 1)
        assert not found.is_in_force(NOW_US + CODE_LIFETIME_US)
        assert used == [True, False]
        assert after is not None
        assert not after.is_in_force(NOW_US)


@pytest.mark.parametrize("text", ["", "x", "\ud800", "x" * 100_000])
def test_anything_else_is_no_code(tmp_path: Path, text: str) -> None:
    """An address can hold whatever somebody types."""
    with reading(new_catalog(tmp_path)) as connection:
        assert code_of(connection, text) is None


def test_another_code_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """Of the same person; that of the first administrator is one of its own."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        codes = [make_code(connection, author(), of) for of in (sato, None, sato, None)]
        found = [code_of(connection, each) for each in codes]
        told = [each.entry for each in all_told(connection)][1:]

        assert [each and each.is_in_force(NOW_US) for each in found] == [False, False, True, True]
        assert [each.action for each in told] == ["sign_in_code_made"] * 4
        assert [each.target for each in told] == ["sato", "first administrator"] * 2


def test_a_reset_ends_what_a_person_had_and_says_so(tmp_path: Path) -> None:
    """Whoever has found the password is out at once."""
    with writing(new_catalog(tmp_path)) as connection:
        sato = user_in(connection, add_user(connection, author(), "sato"))
        set_credential(connection, author(), sato, "password", b"word")
        begin_session(
            connection, author(), sato, "full", Lifetime(idle_us=1, expires_us=NOW_US + 1)
        )
        code = reset_credentials(connection, author(), sato)
        told = all_told(connection)[-1].entry

        assert not has_credential(connection, sato.row)
        assert sessions_of(connection, sato.row, NOW_US) == ()
        assert (told.action, told.target) == ("sign_in_code_made", "sato")
        assert told.detail == {"reset": 1, "until_us": NOW_US + CODE_LIFETIME_US}
        assert code not in repr(connection.execute(select(sign_in_code)).all()) + repr(told)
