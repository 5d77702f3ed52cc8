"""What tests of walk share."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
from sqlalchemy import Engine

from api.access.approvals import SEEING
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.web.app import BASE, application
from api.web.http.api_routes import SCOPE
from archive.access.reach import WHOLE, ReachRule
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.tokens import NewToken, TokenTerms, create_token
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT, TenantId
from tests.api.examples import CALL, window
from tests.archive.catalog.examples import MINUTE_US, NOW_US, author

# A stream that has no end: who may follow it is told by its other route.
ENDLESS = f"{BASE}/live"


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
    "assign": {
        **{"agent_id": "A19", "extension": "2001", "reason": "x"},
        **{"from": "2026-10-29T08:00:00Z", "to": "2026-10-29T09:00:00Z"},
    },
    "confirm": {"at": "2026-11-28T00:00:00Z"},
    "free": {"destroys": False},
    "retention-events": {"kind": "case_closed", "key": "D-1", "date": "2026-10-30"},
    "holds": {"matter": "D-1", "reason": "x", "review_on": "2027-10-30", "query": {}},
    "{pack}": {},
    **{verb: {"text": "x"} for verb in ("reject", "comment")},
    **{verb: {"reason": "x"} for verb in ("start", "pause", "resume", "stop")},
}


# What is to stand behind the address.
QUERIES = {
    "tombstones": {"from": "2026-10-29T08:00:00Z", "to": "2026-10-29T09:00:00Z"},
    "measures": {"case": "D-1"},
}


# Where the document's verb is one of several, or the body asks for more.
EITHER = frozenset(SEEING)


STOPPING = frozenset({Verb.APPROVE, Verb.DESTRUCTION_MANAGE})


OTHERWISE: dict[tuple[str, str], frozenset[Verb]] = {
    ("POST", "/tokens"): frozenset({Verb.PEOPLE_MANAGE}),
    ("DELETE", "/tokens/{token}"): frozenset({Verb.PEOPLE_MANAGE}),
    ("GET", "/approvals"): EITHER,
    ("GET", "/approvals/{number}"): EITHER,
    ("POST", "/approvals/{number}/withdraw"): EITHER,
    ("POST", "/approvals/{number}/comment"): EITHER,
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
        terms = TokenTerms(scopes=scopes, expires_us=NOW_US + lifetime_us)
        return create_token(connection, author(tenant, user=row), user, terms)


def headers_of(made: NewToken) -> dict[str, str]:
    return {"Authorization": f"Bearer {made.secret}", "Rokuon-Purpose": "technical"}
