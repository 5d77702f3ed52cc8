"""Every route with every role, with what is another's, and with tokens that open nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine

from api.people.roles import VERBS, Role
from api.people.verbs import Verb
from api.web.app import BASE, application
from api.web.routing import SCOPE
from archive.catalog.accounts import add_user, user_named
from archive.catalog.engine import reading, writing
from archive.catalog.gifts import give_role
from archive.catalog.tokens import NewToken, Terms, create_token, revoke_token
from archive.ids import DEFAULT_TENANT, TenantId
from archive.journal import Entry
from archive.reach import WHOLE, ReachRule
from tests.api.examples import CALL, NO_LIMITS, Scene, scene, window
from tests.archive.catalog.examples import MINUTE_US, NOW_US, OTHER_TENANT, author, recording_id
from tests.told import all_told, last_place

# A stream that has no end: who may follow it is told by its other route.
ENDLESS = f"{BASE}/live"
NOBODYS = str(recording_id(77))
CUSTOMER = "+81312347788"
BODIES: dict[str, dict[str, object]] = {
    "search": {"window": window()},
    "known": {"id": CALL},
    "trace": {"id": CALL},
    "corrections": {"kind": "queue", "value": "q", "reason": "x"},
    "notes": {"value": "x"},
    "tags": {"value": "vip"},
    "reach": {"actor": "a", "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"},
    "participants": {"side": "agent", "agent": "a17"},
    "users": {"name": "somebody"},
    "roles": {"role": "reviewer"},
    "os-names": {"os_name": "somebody"},
    "sign-in-code": {"end_credentials": True},
    "services": {"name": "somebody"},
    "tokens": {"service": "somebody", "scopes": ["calls:read"]},
    **{end: {"text": "form = 1"} for end in ("check", "policies", "simulations")},
    "measures": {"kind": "freeze", "case": "D-1"},
    "lift": {"kind": "suspension", "case": "D-1"},
    "confirm": {"at": "2026-11-28T00:00:00Z"},
    "free": {"destroys": False},
    "retention-events": {"kind": "case_closed", "key": "D-1", "date": "2026-10-30"},
    "holds": {"matter": "D-1", "reason": "x", "review_on": "2027-10-30", "query": {}},
    "{pack}": {},
    **{verb: {"reason": "x"} for verb in ("start", "pause", "resume", "stop")},
}

# What is to stand behind the address.
QUERIES = {
    "tombstones": {"from": "2026-10-29T08:00:00Z", "to": "2026-10-29T09:00:00Z"},
    "measures": {"case": "D-1"},
}
# Where the document's verb is one of several, or the body asks for more.
EITHER = frozenset({Verb.APPROVE, Verb.PROPOSE})
STOPPING = frozenset({Verb.APPROVE, Verb.DESTRUCTION_MANAGE})
OTHERWISE: dict[tuple[str, str], frozenset[Verb]] = {
    ("POST", "/tokens"): frozenset({Verb.PEOPLE_MANAGE}),
    ("DELETE", "/tokens/{token}"): frozenset({Verb.PEOPLE_MANAGE}),
    ("GET", "/approvals"): EITHER,
    ("GET", "/approvals/{number}"): EITHER,
    ("POST", "/approvals/{number}/withdraw"): EITHER,
    ("POST", "/installation/one-person"): frozenset({Verb.PEOPLE_MANAGE}),
    ("POST", "/plans/{number}/stop"): STOPPING,
    ("DELETE", "/standing-approvals"): STOPPING,
}


@dataclass(frozen=True)
class Route:
    """One operation of the document, and the verbs of which it needs one."""

    method: str
    path: str
    verb: Verb

    @property
    def verbs(self) -> frozenset[Verb]:
        """Any of them is enough."""
        own = frozenset({self.verb})
        return OTHERWISE.get((self.method, self.path.removeprefix(BASE)), own)

    def of(self, call: str) -> str:
        """Where a call, or what else it is about, is asked for."""
        return self.path.format(
            conversation=call, recording=call, id=call, tag="vip", name="nobody", gift=1,
            os_name="nobody", token=4_711, number=4_711, other=4_711,
            pack="jp-kashikin",
        )  # fmt: skip

    @property
    def is_of_one_call(self) -> bool:
        """Does it show or change one call or recording?"""
        return "{conversation}" in self.path or "{recording}" in self.path

    @property
    def is_of_all(self) -> bool:
        """Does it take a reach that ends nowhere, whatever it shows?"""
        return "/certificates/" in self.path

    async def ask(
        self, client: httpx2.AsyncClient, headers: dict[str, str], call: str = CALL
    ) -> httpx2.Response:
        """The answer."""
        url, last = "http://rokuon" + self.of(call), self.path.rpartition("/")[2]
        if last == "agents" and self.method == "PUT":
            return await client.put(url, content=b"agent_id\n", headers=headers)
        body = BODIES.get(last) if self.method in {"POST", "PUT"} else None
        if body is not None and "id" in body:
            body = {**body, "id": call}
        query = QUERIES.get(last) if self.method == "GET" else None
        return await client.request(self.method, url, params=query, json=body, headers=headers)


def routes() -> Iterator[Route]:
    """Every operation that needs a verb."""
    for path, methods in application().openapi()["paths"].items():
        for method, told in methods.items():
            if SCOPE in told and path != ENDLESS:
                yield Route(method.upper(), path, Verb(told[SCOPE]))


ROUTES = list(routes())
LISTS = [route for route in ROUTES if not route.is_of_one_call]
OF_ONE_CALL = [route for route in ROUTES if route.is_of_one_call]


def token(
    engine: Engine,
    *roles: Role,
    tenant: TenantId = DEFAULT_TENANT,
    reach: ReachRule = WHOLE,
    lifetime_us: int = MINUTE_US,
    scopes: frozenset[Verb] = frozenset(Verb),
) -> NewToken:
    """A new person with these roles, and a token of its own."""
    with writing(engine) as connection:
        row = add_user(connection, author(tenant), "tanaka")
        user = user_named(connection, tenant, "tanaka")
        for role in roles:
            give_role(connection, author(tenant), user, role, reach)
        terms = Terms(scopes=scopes, expires_us=NOW_US + lifetime_us)
        return create_token(connection, author(tenant, user=row), user, terms)


def headers_of(made: NewToken) -> dict[str, str]:
    return {"Authorization": f"Bearer {made.secret}", "Rokuon-Purpose": "technical"}


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
