"""That persons are who they say, in the register: given, and over with the next way in."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from archive.access.lineage import RESET_US
from archive.catalog.accounts.confirmations import confirm, confirmations, confirmed_by, was_let_in
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.given_roles import give_os_name, take_os_name
from archive.catalog.accounts.lineage import lineage, reset_until
from archive.catalog.accounts.persons import UserRecord, add_user, user_named
from archive.catalog.accounts.sign_in_codes import is_code_open, make_code, reset_credentials
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import MINUTE_US, NOW_US, author, new_catalog
from tests.told import all_told


def person(connection: Connection, name: str, by: int = 0) -> UserRecord:
    add_user(connection, author(user=by), name)
    return user_named(connection, DEFAULT_TENANT, name)


def test_who_is_confirmed_by_whom_is_kept_and_in_the_journal(tmp_path: Path) -> None:
    """Root's word is nobody's row."""
    with writing(new_catalog(tmp_path)) as connection:
        a, b = person(connection, "a"), person(connection, "b")
        confirm(connection, author(user=a.row), b)
        confirm(connection, author(), b)
        told = [each.entry for each in all_told(connection)][-2:]
        known = confirmations(connection, DEFAULT_TENANT)
        by = confirmed_by(connection, DEFAULT_TENANT)

    assert [(each.action, each.target) for each in told] == [("user_confirmed", "b")] * 2
    assert [(each.user, each.by, each.at_us) for each in known] == [
        (b.row, 0, NOW_US), (b.row, a.row, NOW_US),
    ]  # fmt: skip
    assert by == {b.row: {0, a.row}}


def test_another_way_in_ends_what_was_confirmed(tmp_path: Path) -> None:
    """A code, a reset, a login: whoever lays it may come in as the person from then on."""
    with writing(new_catalog(tmp_path)) as connection:
        a = person(connection, "a")
        of = {name: person(connection, name) for name in "bcdef"}
        for each in of.values():
            confirm(connection, author(), each)
        set_credential(connection, author(user=of["c"].row), of["c"], "password", b"x")
        make_code(connection, author(user=a.row), of["b"])
        reset_credentials(connection, author(), of["c"])
        give_os_name(connection, author(user=a.row), of["d"], "d")
        # What root lays for the first time, and what one does oneself, is no other's.
        give_os_name(connection, author(), of["e"], "e")
        set_credential(connection, author(user=of["f"].row), of["f"], "password", b"x")

        assert set(confirmed_by(connection, DEFAULT_TENANT)) == {of["e"].row, of["f"].row}


@pytest.mark.parametrize("way", ["login", "code"])
def test_a_second_way_in_of_anothers_making_is_a_reset(tmp_path: Path, way: str) -> None:
    """Who maps a login of its own to somebody, or takes the only one away and makes a code."""
    with writing(new_catalog(tmp_path)) as connection:
        a, b, c = (person(connection, name) for name in "abc")
        by_a = author(user=a.row)
        give_os_name(connection, author(), b, "b")
        assert was_let_in(connection, b.row)
        assert not was_let_in(connection, c.row)
        take_os_name(connection, by_a, b, "b")
        for each in (b, c):
            if way == "login":
                give_os_name(connection, by_a, each, f"{each.name}2")
            else:
                make_code(connection, by_a, each)
        line = lineage(connection, DEFAULT_TENANT)
        until = [
            reset_until(connection, DEFAULT_TENANT, row, now_us)
            for row, now_us in ((b.row, NOW_US), (b.row, NOW_US + RESET_US), (c.row, NOW_US))
        ]

        assert {each.of: each.kind for each in line.hands} == {b.row: "reset", c.row: "way_in"}
        assert until == [NOW_US + RESET_US, 0, 0]


def test_root_s_reset_is_one_also_where_it_acts_as_the_person_itself(tmp_path: Path) -> None:
    """The code may have come into other hands."""
    with writing(new_catalog(tmp_path)) as connection:
        a, b, c = (person(connection, name) for name in "abc")
        for each in (a, b):
            set_credential(connection, author(user=each.row), each, "password", b"x")
        # A first code for the pages, beside a login.
        give_os_name(connection, author(), c, "c")
        reset_credentials(connection, author(), c)
        reset_credentials(connection, author(), a)
        reset_credentials(connection, author(user=b.row), b)
        hands = lineage(connection, DEFAULT_TENANT).hands

        assert [(each.of, each.by, each.kind) for each in hands] == [
            (a.row, 0, "reset"), (b.row, 0, "reset"),
        ]  # fmt: skip


def test_a_code_is_open_until_it_is_used_replaced_or_too_old(tmp_path: Path) -> None:
    """Whoever has it comes in as the person."""
    with writing(new_catalog(tmp_path)) as connection:
        a = person(connection, "a")
        assert not is_code_open(connection, a, NOW_US)
        make_code(connection, author(), a)
        assert is_code_open(connection, a, NOW_US)
        assert not is_code_open(connection, a, NOW_US + 24 * 60 * MINUTE_US)
        set_credential(connection, author(user=a.row), a, "password", b"x")
        assert not is_code_open(connection, a, NOW_US)
