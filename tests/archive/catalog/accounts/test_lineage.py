"""Who had a hand in making whom: what the register says of all times."""

from pathlib import Path

from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_os_name, give_role, take_os_name, take_role
from archive.catalog.accounts.lineage import lineage
from archive.catalog.accounts.persons import add_service, add_user, service_named, user_named
from archive.catalog.accounts.sign_in_codes import make_code
from archive.catalog.accounts.tokens import TokenTerms, create_token
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, author, new_catalog

TERMS = TokenTerms(scopes=[], expires_us=NOW_US + 1)


def test_making_giving_mapping_and_issuing_are_hands_also_when_they_are_over(
    tmp_path: Path,
) -> None:
    """A role that was taken away was had; root's doing is nobody's, one's own is no other's."""
    with writing(new_catalog(tmp_path)) as connection:
        rows = {name: add_user(connection, author(), name) for name in "abcdefg"}
        users = {name: user_named(connection, DEFAULT_TENANT, name) for name in rows}
        by_a = author(user=rows["a"])
        made = add_user(connection, by_a, "made")
        take_role(
            connection,
            author(),
            users["b"],
            give_role(connection, by_a, users["b"], "reviewer", WHOLE),
        )
        give_os_name(connection, by_a, users["c"], "login")
        take_os_name(connection, author(), users["c"], "login")
        give_os_name(connection, author(), users["d"], "login")
        create_token(connection, by_a, users["e"], TERMS)
        create_token(connection, author(user=rows["f"]), users["f"], TERMS)
        make_code(connection, by_a, users["g"])
        make_code(connection, author(), users["f"])
        add_service(connection, by_a, "crm")
        create_token(connection, by_a, service_named(connection, DEFAULT_TENANT, "crm"), TERMS)
        line = lineage(connection, DEFAULT_TENANT)

    assert {(each.of, each.by) for each in line.hands} == {
        (of, rows["a"]) for of in (made, *(rows[each] for each in "bceg"))
    }
    assert {each.of for each in line.hands if not each.lets_in} == {rows["b"]}
    assert not [each for each in line.hands if each.kind == "reset"]
    assert line.os_names == {rows["c"]: frozenset({"login"}), rows["d"]: frozenset({"login"})}


def test_another_tenant_s_people_are_not_in_it(tmp_path: Path) -> None:
    """Nor can they have made anybody here."""
    with writing(new_catalog(tmp_path)) as connection:
        first = add_user(connection, author(), "a")
        add_user(connection, author(user=first), "b")

        assert lineage(connection, OTHER_TENANT).hands == ()
