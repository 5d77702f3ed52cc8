"""The page of people, as who manages them sees it."""

from pathlib import Path

import pytest

from api.permissions.roles import Role
from api.web.people.users import UserBody
from archive.access.reach import ReachRule
from archive.catalog.accounts.given_roles import gifts_of, give_os_name, give_role
from archive.catalog.accounts.persons import add_service, disable_user, user_named
from archive.catalog.accounts.sign_in_codes import code_of
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.api.web.pages.browser import text_of
from tests.api.web.pages.real import RealBrowser, new_person, new_session, real_browser
from tests.archive.catalog.examples import author
from tests.support.pages.people import EVIL, shown_code


def roles_of(it: RealBrowser, name: str) -> list[tuple[str, ReachRule]]:
    """What a person was given."""
    with reading(it.engine) as connection:
        row = user_named(connection, DEFAULT_TENANT, name).row
        return [(each.role, each.reach) for each in gifts_of(connection, row)]


async def test_persons_stand_with_their_roles_reach_and_last_sign_in_and_the_disabled_apart(
    tmp_path: Path,
) -> None:
    """By name; who is gone is not mistaken for who is here."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        for name in ("tanaka", "abe", "gone"):
            new_person(it.engine, name)
        new_session(it.engine, "tanaka")
        with writing(it.engine) as connection:
            user = user_named(connection, DEFAULT_TENANT, "tanaka")
            reach = ReachRule(queues=frozenset({"解約"}), numbers=frozenset({"1001-1099"}))
            give_role(connection, author(), user, Role.SUPERVISOR, reach)
            give_os_name(connection, author(), user, "dtanaka")
            disable_user(connection, author(), "gone")
        answer = await it.see("/people")

    told = text_of(answer)
    assert "supervisor queues: 解約; numbers: 1001-1099 dtanaka" in told
    assert told.index(" abe ") < told.index(" tanaka ") < told.index("Disabled: 1")
    assert told.index("Disabled: 1") < told.index(" gone ")
    assert "Sat 28 Nov 2026, 17:42" in told


async def test_a_person_is_added_with_a_first_role_and_its_code_is_shown_once(
    tmp_path: Path,
) -> None:
    """On the answer alone: no address has it, no cache keeps it, the page of the person neither."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        fields = {
            "name": "ono",
            "role": "reviewer",
            "queues": "解約、Support",
            "purpose": "quality",
        }
        made = await it.send("/people", dict(fields))
        code = shown_code(made.text)
        later = await it.see("/people/ono")
        with reading(it.engine) as connection:
            found = code_of(connection, code)
        given = roles_of(it, "ono")

    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    assert "location" not in made.headers
    assert found is not None
    assert given == [("reviewer", ReachRule(queues=frozenset({"解約", "Support"})))]
    assert code not in later.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "Bad Name"}, "1 to 64 small letters"),
        ({"name": ""}, "1 to 64 small letters"),
        ({"name": "tanaka"}, "The name is or was another"),
        ({"name": "ono", "role": "king"}, "one of:"),
        ({"name": "ono", "role": "reviewer", "numbers": "9-1"}, "put the first before the last"),
        ({"name": "ono", "role": "reviewer", "numbers": "soon"}, "a beginning as +81312*"),
        ({"name": "ono", "purpose": "curiosity"}, "This purpose does not exist here."),
    ],
)
async def test_what_cannot_be_is_said_beside_the_form_which_keeps_what_was_typed(
    tmp_path: Path, fields: dict[str, str | list[str]], told: str
) -> None:
    """And nobody is made by halves."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        new_person(it.engine, "tanaka")
        before = len(it.journal("user_added"))
        answer = await it.send("/people", fields)
        after = len(it.journal("user_added"))

    assert (answer.status_code, after) == (422, before)
    assert told in text_of(answer)
    assert f'value="{fields["name"]}"' in answer.text


async def test_a_service_is_added_with_a_reach_and_has_a_page(tmp_path: Path) -> None:
    """Without a token yet."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        sent = await it.send("/people/services", {"name": "crm", "teams": "north"})
        page = await it.see(sent.headers["location"])
        twice = await it.send("/people/services", {"name": "crm"})

    assert sent.headers["location"] == "/people/service:crm"
    assert "teams: north" in text_of(page)
    assert (twice.status_code, "another" in text_of(twice)) == (422, True)


async def test_what_people_have_typed_is_no_markup(tmp_path: Path) -> None:
    """Reaches hold whatever a queue is called."""
    async with real_browser(tmp_path, Role.ADMINISTRATOR) as it:
        reach = ReachRule(queues=frozenset({EVIL}))
        with writing(it.engine) as connection:
            add_service(connection, author(), "crm", reach)
            user = user_named(connection, DEFAULT_TENANT, "yamada")
            give_role(connection, author(), user, Role.REVIEWER, reach)
            give_os_name(connection, author(), user, EVIL)
        answers = [await it.see(at) for at in ("/people", "/people/yamada", "/people/service:crm")]
        fields = dict.fromkeys((*UserBody.model_fields, "role", "queues", "numbers"), EVIL)
        answers.append(await it.send("/people", dict(fields)))
        answers.append(await it.send("/people/services", dict(fields)))

    for answer in answers:
        assert "alert(1)" in answer.text
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
