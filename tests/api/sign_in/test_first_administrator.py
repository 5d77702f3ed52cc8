"""How the first person who manages people comes in."""

from pathlib import Path

from api.permissions.roles import Role
from api.sign_in.first_administrator import make_first_code, make_welcome_code, may_be_first
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.persons import disable_user, user_named
from archive.catalog.accounts.sign_in_codes import code_of
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.api.signing import signing
from tests.archive.catalog.examples import author


async def test_a_code_is_wanted_while_nobody_who_manages_people_can_sign_in(
    tmp_path: Path,
) -> None:
    """Whoever manages people already gets it; where nobody does, who comes makes its name."""
    async with signing(tmp_path) as it:
        it.it.person("sato", Role.REVIEWER)
        with writing(it.it.engine) as connection:
            nobodys = code_of(connection, make_first_code(connection, author()))
            assert nobodys is not None
            assert may_be_first(connection, nobodys)
        it.it.person("gone", Role.ADMINISTRATOR)
        admin = it.it.person("ono", Role.ADMINISTRATOR).account
        with writing(it.it.engine) as connection:
            disable_user(connection, author(), "gone")
            onos = code_of(connection, make_first_code(connection, author()))
            assert onos is not None
            assert not may_be_first(connection, nobodys)
            set_credential(
                connection,
                author(),
                user_named(connection, DEFAULT_TENANT, "ono"),
                "password",
                b"x",
            )
            after = make_first_code(connection, author())

    assert (nobodys.user, onos.user, after) == (None, admin.user, "")


async def test_who_is_disabled_is_not_welcomed(tmp_path: Path) -> None:
    """`user disable` takes away what the first start gave."""
    async with signing(tmp_path) as it:
        it.one_person()
        with writing(it.it.engine) as connection:
            nobody = make_welcome_code(connection, author())
        it.it.person("sato", *Role)
        it.it.person("ono", *Role)
        with writing(it.it.engine) as connection:
            before = make_welcome_code(connection, author())
            disable_user(connection, author(), "sato")
            after = make_welcome_code(connection, author())

    assert before
    assert (nobody, after) == ("", "")
