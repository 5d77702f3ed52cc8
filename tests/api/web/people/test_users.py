"""Persons over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.purposes import DEFAULT_CODES
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.persons import user_named
from archive.catalog.accounts.sign_in_codes import code_of
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.api.examples import Scene, scene
from tests.archive.catalog.examples import author
from tests.support.web.tokens import LOGIN, at_terminal

MANAGE = (Verb.PEOPLE_MANAGE, Verb.PEOPLE_READ)
JSON = dict[str, Any]


async def post(it: Scene, path: str, body: JSON, *verbs: Verb) -> tuple[int, JSON]:
    """What is answered."""
    answered = await it.client.post(path, json=body, headers=it.token(*verbs or MANAGE))
    return answered.status_code, answered.json() if answered.content else {}


async def test_a_person_is_made_given_a_role_and_a_login_and_disabled(tmp_path: Path) -> None:
    """Each answer says what there is now."""
    async with scene(tmp_path, peer=LOGIN) as it:
        own = at_terminal(it, Role.ADMINISTRATOR)
        made = await post(it, "/users", {"name": "sato", "purpose": "quality"})
        role = {"role": "reviewer", "queues": ["Support"], "numbers": ["+81312*"]}
        status, gift = await post(it, "/users/sato/roles", role)
        names = "/users/sato/os-names"
        found = await post(it, names, {"os_name": "dsato"})
        mapped = await it.client.post(names, json={"os_name": "dsato"}, headers=own)
        headers = it.token(*MANAGE)
        shown = (await it.client.get("/users/sato", headers=headers)).json()
        gone = [
            (await it.client.delete(path, headers=headers)).status_code
            for path in (
                f"/users/sato/roles/{gift['gift']}", "/users/sato/os-names/dsato", "/users/sato",
            )
        ]  # fmt: skip
        listed = (await it.client.get("/users", headers=headers)).json()["users"][-1]

    assert (made[0], status, mapped.status_code) == (201, 201, 204)
    assert (found[0], found[1]["code"]) == (403, "not_by_token")
    assert (made[1]["name"], made[1]["roles"], made[1]["disabled_at"]) == ("sato", [], None)
    assert (gift["role"], gift["queues"], gift["numbers"]) == ("reviewer", ["Support"], ["+81312*"])
    assert shown == made[1] | {"roles": [gift], "os_names": ["dsato"]}
    assert gone == [204, 204, 204]
    assert listed == made[1] | {"disabled_at": listed["disabled_at"]}
    assert listed["disabled_at"] == made[1]["created_at"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/users", {"name": "sato"}, 409, "name_taken"),
        ("/users", {"name": "Sato"}, 422, "request_invalid"),
        ("/users", {"name": "ono", "purpose": "curiosity"}, 422, "request_invalid"),
        ("/users/nobody/roles", {"role": "reviewer"}, 404, "not_found"),
        ("/users/sato/roles", {"role": "king"}, 422, "request_invalid"),
        ("/users/sato/roles", {"role": "reviewer", "numbers": ["9-1"]}, 422, "request_invalid"),
        ("/users/sato/os-names", {"os_name": "a b"}, 422, "request_invalid"),
    ],
)
async def test_what_cannot_be_is_a_problem(
    tmp_path: Path, path: str, body: JSON, status: int, code: str
) -> None:
    """With a code for programs."""
    async with scene(tmp_path) as it:
        await post(it, "/users", {"name": "sato"})
        answered = await post(it, path, body)

    assert (answered[0], answered[1]["code"]) == (status, code)


async def test_who_names_a_purpose_that_is_none_reads_which_there_are(tmp_path: Path) -> None:
    """An administrator knows no code by heart on the first afternoon."""
    async with scene(tmp_path) as it:
        _, told = await post(it, "/users", {"name": "ono", "purpose": "curiosity"})

    (fault,) = told["errors"]
    assert fault["pointer"] == "/purpose"
    assert ", ".join(sorted(DEFAULT_CODES)) in fault["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body", "verb"),
    [
        ("GET", "/users", None, Verb.PEOPLE_READ),
        ("GET", "/users/sato", None, Verb.PEOPLE_READ),
        ("POST", "/users", {"name": "ono"}, Verb.PEOPLE_MANAGE),
        ("DELETE", "/users/sato", None, Verb.PEOPLE_MANAGE),
        ("POST", "/users/sato/roles", {"role": "reviewer"}, Verb.PEOPLE_MANAGE),
        ("DELETE", "/users/sato/roles/1", None, Verb.PEOPLE_MANAGE),
        ("POST", "/users/sato/os-names", {"os_name": "x"}, Verb.PEOPLE_MANAGE),
        ("DELETE", "/users/sato/os-names/x", None, Verb.PEOPLE_MANAGE),
        ("POST", "/users/sato/sign-in-code", {}, Verb.PEOPLE_MANAGE),
        ("GET", "/services", None, Verb.PEOPLE_READ),
        ("POST", "/services", {"name": "crm"}, Verb.PEOPLE_MANAGE),
        ("POST", "/tokens", {"service": "crm", "scopes": ["calls:read"]}, Verb.PEOPLE_MANAGE),
        ("DELETE", "/tokens/99", None, Verb.PEOPLE_MANAGE),
    ],
)
async def test_each_route_needs_its_verb_and_no_other_will_do(
    tmp_path: Path, method: str, path: str, body: JSON | None, verb: Verb
) -> None:
    """All the others together open nothing, and do not tell whether the name is there."""
    async with scene(tmp_path) as it:
        refused = await it.client.request(
            method, path, json=body, headers=it.token(*set(Verb) - {verb})
        )

    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


async def test_a_sign_in_code_is_made_once_alone_and_then_by_ending_what_there_is(
    tmp_path: Path,
) -> None:
    """The one way back for what is lost; it is shown in this answer and nowhere else."""
    path = "/users/sato/sign-in-code"
    async with scene(tmp_path, peer=LOGIN) as it:
        own = at_terminal(it, Role.ADMINISTRATOR)

        async def ask(path: str, body: JSON) -> tuple[int, JSON]:
            answered = await it.client.post(path, json=body, headers=own)
            return answered.status_code, answered.json()

        await post(it, "/users", {"name": "sato"})
        by_token = await post(it, path, {"end_credentials": True})
        alone = await ask(path, {})
        with writing(it.engine) as connection:
            sato = user_named(connection, DEFAULT_TENANT, "sato")
            set_credential(connection, author(), sato, "password", b"x")
        refused = await ask(path, {})
        reset = await ask(path, {"end_credentials": True})
        wrong = await ask(path, {"end_credentials": "yes"})
        nobody = await ask("/users/nobody/sign-in-code", {})
        with reading(it.engine) as connection:
            found = code_of(connection, reset[1]["code"])

    assert (by_token[0], by_token[1]["code"]) == (403, "not_by_token")
    assert (alone[0], reset[0], wrong[0], nobody[0]) == (201, 201, 422, 404)
    assert (refused[0], refused[1]["code"]) == (409, "credentials_there")
    assert reset[1]["code"] != alone[1]["code"]
    assert found is not None
    assert set(reset[1]) == {"code", "expires_at"}
