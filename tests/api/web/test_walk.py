"""Every route with every role, with what is another's, and with tokens that open nothing."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from archive.access.reach import WHOLE, ReachRule
from archive.catalog.accounts.tokens import revoke_token
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.entries import Entry
from archive.ids import DEFAULT_TENANT
from tests.api.examples import CALL, NO_LIMITS, Scene, scene
from tests.archive.catalog.examples import MINUTE_US, OTHER_TENANT, author, recording_id
from tests.support.web.walk import LISTS, OF_ONE_CALL, ROUTES, headers_of, token
from tests.told import all_told, last_place

NOBODYS = str(recording_id(77))
CUSTOMER = "+81312347788"


def place(here: Scene) -> int:
    """The place of our tenant's last entry."""
    with reading(here.engine) as connection:
        return last_place(connection)


def since(here: Scene, before: int) -> list[Entry]:
    """What the journal says of our tenant behind that place."""
    with reading(here.engine) as connection:
        return [each.entry for each in all_told(connection, after=before)]


def is_not_permitted(answer: httpx2.Response) -> bool:
    """A problem with the code that says so; of HEAD the status alone."""
    if answer.status_code != 403:
        return False
    return not answer.content or answer.json()["code"] == "not_permitted"


@pytest.mark.parametrize("role", [None, *Role])
async def test_a_role_may_do_what_the_table_says_and_nothing_else(
    tmp_path: Path, role: Role | None
) -> None:
    """Each refusal is a problem document and an entry, and opens no sound."""
    verbs = frozenset[Verb]() if role is None else VERBS[role]
    async with scene(tmp_path) as it:
        headers = headers_of(token(it.engine, *([] if role is None else [role])))
        wrong = []
        for route in ROUTES:
            before, opened = place(it), len(it.source.opened)
            answer = await route.ask(it.client, headers)
            # Whatever it says: nobody between us and who asked keeps it.
            assert answer.headers["cache-control"] == "no-store", route
            may = bool(route.verbs & verbs)
            if may == is_not_permitted(answer) or answer.status_code == 401:
                wrong.append((route, answer.status_code))
            if not may:
                told = [(entry.action, entry.detail["act"]) for entry in since(it, before)]
                assert told in [[("refused", verb.value)] for verb in route.verbs], route
                assert len(it.source.opened) == opened

    assert wrong == []


@pytest.mark.parametrize("kind", ["expired", "revoked", "scope-less", "unknown", "none"])
async def test_a_token_that_opens_nothing_opens_no_route(tmp_path: Path, kind: str) -> None:
    """Whatever its person may do."""
    async with scene(tmp_path, limits=NO_LIMITS) as it:
        made = token(
            it.engine,
            *Role,
            lifetime_us=0 if kind == "expired" else MINUTE_US,
            scopes=frozenset() if kind == "scope-less" else frozenset(Verb),
        )
        if kind == "revoked":
            with writing(it.engine) as connection:
                revoke_token(connection, author(), made.number)
        headers = headers_of(made)
        if kind in {"unknown", "none"}:
            headers["Authorization"] = "Bearer rokuon_x" if kind == "unknown" else ""
        expected = 403 if kind == "scope-less" else 401
        statuses = {route: (await route.ask(it.client, headers)).status_code for route in ROUTES}

    assert {route: status for route, status in statuses.items() if status != expected} == {}


@pytest.mark.parametrize("kind", ["another tenant", "another queue"])
async def test_what_is_anothers_is_answered_as_what_never_was(tmp_path: Path, kind: str) -> None:
    """Byte for byte the same, with every role there is; and no list has a trace of it."""
    async with scene(tmp_path) as it:
        is_foreign = kind == "another tenant"
        tenant = OTHER_TENANT if is_foreign else DEFAULT_TENANT
        reach = WHOLE if is_foreign else ReachRule(queues=frozenset({"elsewhere"}))
        headers = headers_of(token(it.engine, *Role, tenant=tenant, reach=reach))
        told: list[Any] = []
        for route in OF_ONE_CALL:
            ours = await route.ask(it.client, headers)
            nobodys = await route.ask(it.client, headers, NOBODYS)
            told.append((route, ours.status_code, nobodys.status_code))
            assert ours.content == nobodys.content, route
        seen = [(route, await route.ask(it.client, headers)) for route in LISTS]

    assert {(ours, nobodys) for route, ours, nobodys in told if not route.is_of_all} == {(404, 404)}
    assert {each[1:] for each in told if each[0].is_of_all} == {(404 if is_foreign else 403,) * 2}
    # The other tenant has a call of its own with the same customer.
    traces = [CALL] if is_foreign else [CALL, CUSTOMER]
    leaks = [
        (route, trace)
        for route, answer in seen
        for trace in traces
        if route.verb is not Verb.JOURNAL and trace in answer.text
    ]
    assert leaks == []
    assert it.source.opened == []
