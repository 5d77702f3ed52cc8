"""What a person was given."""

from pathlib import Path

import pytest
from sqlalchemy import Connection

from archive.access.reach import WHOLE, ReachRule
from archive.catalog.accounts.given_roles import (
    UnknownGift,
    gifts,
    gifts_of,
    give_os_name,
    give_role,
    is_os_name_in_force,
    os_name_in_force,
    os_names,
    take_os_name,
    take_role,
)
from archive.catalog.accounts.persons import NameTaken, UserRecord, add_user, user_named
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import OTHER_TENANT, author, new_catalog
from tests.told import all_told

SUPPORT = ReachRule(queues=frozenset({"support"}))


def made(connection: Connection, name: str) -> UserRecord:
    """A new person."""
    add_user(connection, author(), name)
    return user_named(connection, DEFAULT_TENANT, name)


def test_roles_are_given_with_a_reach_and_taken_in_the_open(tmp_path: Path) -> None:
    """One gift at a time: the same role may be had for two reaches."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        sato, ono = made(connection, "sato"), made(connection, "ono")
        first = give_role(connection, author(user=ono.row), sato, "reviewer", SUPPORT)
        second = give_role(connection, author(), sato, "reviewer", WHOLE)
        with pytest.raises(UnknownGift):
            take_role(connection, author(), ono, first)
        take_role(connection, author(), sato, second)
        with pytest.raises(UnknownGift):
            take_role(connection, author(), sato, second)
    with reading(engine) as connection:
        (gift,) = gifts_of(connection, sato.row)
        told = [each.entry for each in all_told(connection)][2:]
        assert gifts(connection, DEFAULT_TENANT) == (gift,)
        assert gifts(connection, OTHER_TENANT) == gifts_of(connection, ono.row) == ()

    assert (gift.row, gift.role, gift.reach, gift.given_by) == (first, "reviewer", SUPPORT, ono.row)
    assert [(each.action, each.target, dict(each.detail)) for each in told] == [
        ("role_given", "sato", {"gift": first, "role": "reviewer", "reach": ["queue support"]}),
        ("role_given", "sato", {"gift": second, "role": "reviewer", "reach": ["whole"]}),
        ("role_taken", "sato", {"gift": second, "role": "reviewer"}),
    ]


def test_a_user_of_the_operating_system_is_one_person_at_a_time(tmp_path: Path) -> None:
    """It can be given to another one when it was taken from the first."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        sato, ono = made(connection, "sato"), made(connection, "ono")
        give_os_name(connection, author(), sato, "dsato")
        with pytest.raises(NameTaken):
            give_os_name(connection, author(), ono, "dsato")
        with pytest.raises(UnknownGift):
            take_os_name(connection, author(), ono, "dsato")
        before = os_name_in_force(connection, DEFAULT_TENANT, "dsato")
        take_os_name(connection, author(), sato, "dsato")
        between = os_name_in_force(connection, DEFAULT_TENANT, "dsato")
        give_os_name(connection, author(), ono, "dsato")
    with reading(engine) as connection:
        after = os_name_in_force(connection, DEFAULT_TENANT, "dsato")
        told = [each.entry for each in all_told(connection)][2:]
        assert before is not None
        assert after is not None
        assert not is_os_name_in_force(connection, before.row)
        assert is_os_name_in_force(connection, after.row)
        assert os_names(connection, DEFAULT_TENANT) == (after,)
        assert os_name_in_force(connection, OTHER_TENANT, "dsato") is None

    assert (before.user, between, after.user) == (sato.row, None, ono.row)
    assert [(each.action, each.target) for each in told] == [
        ("os_name_given", "sato"),
        ("os_name_taken", "sato"),
        ("os_name_given", "ono"),
    ]
