"""Tokens over HTTP."""

from pathlib import Path

import pytest

from api.permissions.peers import Peer
from api.permissions.roles import Role
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.database.engine import writing
from tests.api.examples import CALL, Scene, scene
from tests.archive.catalog.examples import author
from tests.support.web.tokens import LOGIN, at_terminal
from tests.support.web.walk import headers_of, token

SCOPES = ["calls:read", "purpose:case"]


async def test_a_service_gets_a_token_that_works_until_it_is_revoked(tmp_path: Path) -> None:
    """The secret is answered once; the list shows whose it is, by whom and when it was used."""
    async with scene(tmp_path, peer=LOGIN) as it:
        headers = at_terminal(it, Role.ADMINISTRATOR)
        be_one_persons(it)
        added = await it.client.post("/services", json={"name": "crm"}, headers=headers)
        body = {"service": "crm", "scopes": SCOPES, "days": 30, "note": "for the CRM"}
        issued = (await it.client.post("/tokens", json=body, headers=headers)).json()
        own = {"Authorization": f"Bearer {issued['secret']}"}
        used = (await it.client.get(f"/calls/{CALL}", headers=own)).status_code
        listed = (await it.client.get("/tokens", headers=headers)).json()["tokens"]
        services = (await it.client.get("/services", headers=headers)).json()["services"]
        gone = await it.client.delete(f"/tokens/{issued['token']}", headers=headers)
        after = (await it.client.get(f"/calls/{CALL}", headers=own)).status_code

    assert (added.status_code, used, gone.status_code, after) == (201, 200, 204, 401)
    assert [each["name"] for each in services] == ["crm", "yamada"]
    last = listed[-1]
    assert (last["holder"], last["scopes"], last["note"]) == ("service:crm", SCOPES, "for the CRM")
    assert (issued["last_used_at"], last["last_used_at"]) == (None, issued["created_at"])
    assert issued["secret"] not in str(listed)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"service": "crm"}, 422, "request_invalid"),
        ({"service": "crm", "scopes": ["people:manage"]}, 422, "request_invalid"),
        ({"service": "crm", "scopes": ["calls:burn"]}, 422, "request_invalid"),
        ({"service": "crm", "scopes": SCOPES, "days": 366}, 422, "request_invalid"),
        ({"service": "nobody", "scopes": SCOPES}, 404, "not_found"),
        ({"scopes": ["journal:read"]}, 403, "not_permitted"),
    ],
)
async def test_a_token_that_cannot_be_is_a_problem(
    tmp_path: Path, body: dict[str, object], status: int, code: str
) -> None:
    """No service has what only persons do, nor a person what it may not."""
    async with scene(tmp_path, peer=LOGIN) as it:
        headers = at_terminal(it, Role.ADMINISTRATOR)
        be_one_persons(it)
        await it.client.post("/services", json={"name": "crm"}, headers=headers)
        answered = await it.client.post("/tokens", json=body, headers=headers)

    assert (answered.status_code, answered.json()["code"]) == (status, code)


async def test_a_token_that_takes_another_person_says_what_that_one_has_to_do(
    tmp_path: Path,
) -> None:
    """The number is that of the list of approvals."""
    async with scene(tmp_path, peer=LOGIN) as it:
        headers = at_terminal(it, Role.ADMINISTRATOR)
        await it.client.post("/services", json={"name": "crm"}, headers=headers)
        body = {"service": "crm", "scopes": ["audio:listen"]}
        answered = await it.client.post("/tokens", json=body, headers=headers)
        (listed,) = (await it.client.get("/approvals", headers=headers)).json()["proposals"]

    told = answered.json()
    assert (answered.status_code, told["code"]) == (409, "approval_needed")
    assert f"rokuon approval give {listed['number']};" in told["detail"]
    assert listed["summary"] == "crm: 90 days, may audio:listen"


@pytest.mark.parametrize("peer", [None, LOGIN])
@pytest.mark.parametrize("body", [{}, {"days": 365}, {"service": "crm", "scopes": ["ledger:read"]}])
async def test_a_token_makes_no_other_one(
    tmp_path: Path, body: dict[str, object], peer: Peer | None
) -> None:
    """Neither over TCP nor at the socket: what was found is no way in for good."""
    async with scene(tmp_path, peer=peer) as it:
        headers = headers_of(token(it.engine, *Role))
        await it.client.post("/services", json={"name": "crm"}, headers=headers)
        answered = await it.client.post("/tokens", json=body, headers=headers)
        listed = (await it.client.get("/tokens", headers=headers)).json()["tokens"]

    assert (answered.status_code, answered.json()["code"]) == (403, "not_by_token")
    assert {each["holder"] for each in listed} == {"tanaka", "service:yamada"}


def be_one_persons(it: Scene) -> None:
    """Let one person's word be enough here."""
    with writing(it.engine) as connection:
        declare_one_person(connection, author(), None)
