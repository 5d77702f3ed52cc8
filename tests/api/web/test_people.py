"""Persons over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from api.people.verbs import Verb
from tests.api.examples import Scene, scene

MANAGE = (Verb.PEOPLE_MANAGE, Verb.PEOPLE_READ)
JSON = dict[str, Any]


async def post(it: Scene, path: str, body: JSON, *verbs: Verb) -> tuple[int, JSON]:
    """What is answered."""
    answered = await it.client.post(path, json=body, headers=it.token(*verbs or MANAGE))
    return answered.status_code, answered.json() if answered.content else {}


async def test_a_person_is_made_given_a_role_and_a_login_and_disabled(tmp_path: Path) -> None:
    """Each answer says what there is now."""
    async with scene(tmp_path) as it:
        made = await post(it, "/users", {"name": "sato", "purpose": "quality"})
        role = {"role": "reviewer", "queues": ["Support"], "numbers": ["+81312*"]}
        status, gift = await post(it, "/users/sato/roles", role)
        mapped = await post(it, "/users/sato/os-names", {"os_name": "dsato"})
        headers = it.token(*MANAGE)
        shown = (await it.client.get("/users/sato", headers=headers)).json()
        gone = [
            (await it.client.delete(path, headers=headers)).status_code
            for path in (
                f"/users/sato/roles/{gift['gift']}", "/users/sato/os-names/dsato", "/users/sato",
            )
        ]  # fmt: skip
        (listed,) = (await it.client.get("/users", headers=headers)).json()["users"]

    assert (made[0], status, mapped) == (201, 201, (204, {}))
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
