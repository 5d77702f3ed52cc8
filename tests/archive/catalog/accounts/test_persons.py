"""Who there is: persons and services, each name given once."""

from pathlib import Path

import pytest

from archive.access.reach import ReachRule
from archive.catalog.accounts.persons import (
    NameRefused,
    NameTaken,
    UnknownAccount,
    add_service,
    add_user,
    disable_user,
    has_users,
    require_name,
    service_named,
    services,
    user_named,
    users,
)
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, author, new_catalog
from tests.told import all_told


def test_persons_are_made_and_disabled_in_the_open(tmp_path: Path) -> None:
    """Who made whom is what two-person acts ask; why and by whom is in the journal."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        assert not has_users(connection, DEFAULT_TENANT)
        first = add_user(connection, author(), "yamada", purpose="quality")
        add_user(connection, author(user=first), "sato")
        disable_user(connection, author(), "sato")
        with pytest.raises(UnknownAccount):
            disable_user(connection, author(), "sato")
    with reading(engine) as connection:
        sato, yamada = users(connection, DEFAULT_TENANT)
        told = [each.entry for each in all_told(connection)]
        assert has_users(connection, DEFAULT_TENANT)
        assert user_named(connection, DEFAULT_TENANT, "sato") == sato

    assert (yamada.created_by, yamada.disabled_us, yamada.purpose) == (None, None, "quality")
    assert (sato.created_by, sato.disabled_us) == (first, NOW_US)
    assert [(each.action, each.target, each.actor) for each in told] == [
        ("user_added", "yamada", "yamada"),
        ("user_added", "sato", "yamada"),
        ("user_disabled", "sato", "yamada"),
    ]


def test_a_name_is_given_once_also_of_who_is_disabled(tmp_path: Path) -> None:
    """The journal knows people by their names for ever."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        add_user(connection, author(), "sato")
        disable_user(connection, author(), "sato")
        add_service(connection, author(), "sato")
        for again in (add_user, add_service):
            with pytest.raises(NameTaken):
                again(connection, author(), "sato")
        add_user(connection, author(OTHER_TENANT), "sato")


@pytest.mark.parametrize("name", ["", "Sato", "佐藤", "a b", "service:crm", "a\n", "x" * 65])
def test_a_name_can_be_told_from_everything_else_in_the_journal(name: str) -> None:
    """No colon, no blank, no case to confuse."""
    with pytest.raises(NameRefused):
        require_name(name)


def test_a_name_may_be_that_of_a_login() -> None:
    """Those of Linux are."""
    assert require_name("d.tanaka-2_x") == "d.tanaka-2_x"


def test_a_service_has_its_reach_and_other_tenants_have_none_of_it(tmp_path: Path) -> None:
    """The journal says which, and keeps no whole number."""
    engine = new_catalog(tmp_path)
    reach = ReachRule(queues=frozenset({"Support"}), numbers=frozenset({"+81312347788"}))
    with writing(engine) as connection:
        add_service(connection, author(), "crm", reach)
    with reading(engine) as connection:
        assert [each.reach for each in services(connection, DEFAULT_TENANT)] == [reach]
        assert services(connection, OTHER_TENANT) == ()
        assert users(connection, OTHER_TENANT) == ()
        told = all_told(connection)[0].entry
        for named in (user_named, service_named):
            with pytest.raises(UnknownAccount):
                named(connection, OTHER_TENANT, "crm")

    assert told.detail == {"reach": ["queue Support", "numbers …7788"]}
