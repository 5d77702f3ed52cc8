"""Every list, with every role, of somebody beyond whose reach something is planted.

Answers with and without it are the same to the byte, so neither rows nor counts nor sums tell it.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.permissions.roles import Role
from api.web.app import BASE, application
from api.web.http.api_routes import SCOPE
from archive.certificates.folder import CERTIFICATE, LIST
from tests.api.examples import window
from tests.api.web.planted import (
    DESTROYED,
    MATTER,
    OWN,
    OWN_MATTER,
    PLANTED,
    REACHES,
    TOMBSTONE,
    TRACES,
    reached,
)
from tests.archive.catalog.examples import recording_id
from tests.support.web.walk import BODIES, ROUTES, Route

# What is sent where a list is asked for by a form, and what stands behind an address.
AUTUMN = window("2026-10-01T00:00:00+09:00", "2027-01-01T00:00:00+09:00")
SENT: dict[str, dict[str, Any]] = {
    "/calls/search": {"window": AUTUMN},
    "/ledger/search": {"window": AUTUMN},
}
ASKED: dict[str, dict[str, str]] = {
    "/measures": {"case": MATTER},
    "/tombstones": {"from": "2026-10-29T08:00:00Z", "to": "2026-10-29T09:00:00Z"},
}
# Every list, and what of what is planted it would tell, or why it tells nothing of recordings. A
# new one is put here, and what it tells planted.
TELLS = {
    "/calls/search": "recordings, and how many were destroyed",
    "/ledger/search": "calls with their recordings",
    "/live/calls": "calls that are up",
    "/agents": "agents of a team",
    "/approvals": "what is proposed of recordings, and of the tenant",
    "/measures": "recordings of a case",
    "/jobs": "what somebody has begun, and how far it is",
    "/holds": "matters, and how many recordings each has",
    "/tombstones": "what is left of recordings",
    "/destroyed": "the same",
    "/due": "recordings that will have to go",
    "/overdue": "recordings that must go",
    "/plans": "how many recordings go",
    "/runs": "how many recordings went",
    "/retention-events": "numbers of cases and contracts",
    "/standing-approvals": "which rules destroy by themselves",
    "/certificates": "how many recordings went",
}
NOTHING_OF_RECORDINGS = {
    "/policies": "the rules",
    "/policies/latest": "the rules",
    "/rule-packs": "the rules",
    "/keys": "the keys of the installation",
    "/backups": "its sets",
    "/retention/clock": "the clock of the machine",
    "/services": "people and programs, which are of the whole tenant",
    "/tokens": "the same",
    "/users": "the same",
    "/journal": "all of it, by right: who reads it is to see what others did",
}


def lists() -> Iterator[tuple[str, str]]:
    """Every operation that answers about many: none with something of its own in its path."""
    for path, methods in application().openapi()["paths"].items():
        own = path.removeprefix(BASE)
        for method, told in methods.items():
            is_asked = method == "get" or own in SENT
            if SCOPE in told and is_asked and "{" not in own and own != "/live":
                yield method.upper(), own


LISTS = list(lists())


# What may stand in the path of another operation: what is planted, within the reach, and nothing.
_CALLS = tuple(map(str, (OWN, *map(recording_id, (PLANTED[0], DESTROYED[0], TOMBSTONE, 77)))))
VALUES = {
    **dict.fromkeys(("conversation", "recording", "id", "call"), _CALLS),
    **dict.fromkeys(("number", "token", "gift", "other"), ("1", "2", "3")),
    "name": ("other", CERTIFICATE, LIST),
    **{"os_name": ("other",), "tag": ("vip",), "pack": ("jp-kashikin",)},
}
# What is answered tells of people and rules, or is by right: see `NOTHING_OF_RECORDINGS`.
OF_PEOPLE = ("/users", "/services", "/tokens", "/policies", "/rule-packs", "/journal", "/keys")


def operations() -> Iterator[tuple[Route, str]]:
    """Every operation with something of its own in its path, for each of what may stand there."""
    for route in ROUTES:
        own = route.path.removeprefix(BASE)
        names = re.findall(r"{(\w+)}", own)
        if names and not own.startswith(OF_PEOPLE):
            for values in product(*(VALUES[name] for name in names)):
                yield route, own.format(**dict(zip(names, values, strict=True)))


OPERATIONS = list(operations())


async def outcomes(
    folder: Path, kind: str, *, planted: bool
) -> dict[tuple[Role, str, str], tuple[int, str]]:
    """What each operation on one thing comes to, for each role."""
    said = {}
    async with reached(folder, kind, planted=planted) as all_of_it:
        for role, person in all_of_it.people.items():
            for route, path in OPERATIONS:
                # Nothing is said with the steps of a hold.
                has_body = route.method == "POST" and not path.startswith("/holds/")
                body = BODIES.get(path.rpartition("/")[2]) if has_body else None
                answer = await all_of_it.it.client.request(
                    route.method, path, json=body, headers=person.headers
                )
                said[role, route.method, path] = (answer.status_code, text_of(answer))
    return said


def text_of(answer: httpx2.Response) -> str:
    """All that an answer says."""
    return f"{sorted(answer.headers.items())} {answer.text}"


async def answers(
    folder: Path, kind: str, *, planted: bool
) -> dict[tuple[Role, str], tuple[int, str]]:
    """What each list says to each role."""
    said = {}
    async with reached(folder, kind, planted=planted) as all_of_it:
        for role, person in all_of_it.people.items():
            for method, path in LISTS:
                answer = await all_of_it.it.client.request(
                    method,
                    path,
                    params=ASKED.get(path),
                    json=SENT.get(path),
                    headers=person.headers,
                )
                said[role, path] = (answer.status_code, text_of(answer))
    return said


def test_every_list_is_known_by_what_it_tells() -> None:
    """One that is new has no entry: it is put where it belongs, and what it tells is planted."""
    assert {path for _, path in LISTS} == set(TELLS) | set(NOTHING_OF_RECORDINGS)


@pytest.mark.parametrize("kind", REACHES)
async def test_a_list_says_the_same_with_what_is_planted_beyond_the_reach_and_without(
    tmp_path: Path, kind: str
) -> None:
    """To every role: neither a row nor a count of it, for whoever's reach ends before it."""
    without = await answers(tmp_path / "without", kind, planted=False)
    beyond = await answers(tmp_path / "planted", kind, planted=True)

    # An agent may be in a call of any queue, controller or number: a reach leaves nobody out.
    open_to_all = set() if kind in {"tenant", "team"} else {"/agents"}
    told = set(TELLS) - open_to_all
    different = {each for each in beyond if beyond[each] != without[each] and each[1] in told}
    named = {
        (*each, trace)
        for each, (_, text) in beyond.items()
        for trace in TRACES
        if each[1] in told and trace in text
    }
    assert different == set()
    assert named == set()


@pytest.mark.parametrize("kind", ["tenant", "queue", "team"])
async def test_what_lies_beyond_the_reach_is_answered_as_what_never_was(
    tmp_path: Path, kind: str
) -> None:
    """By every operation that names it: a number may be guessed. What it has of it, uncounted."""
    without = await outcomes(tmp_path / "without", kind, planted=False)
    beyond = await outcomes(tmp_path / "planted", kind, planted=True)

    different = {each for each in beyond if beyond[each] != without[each]}
    assert different == set()


@pytest.mark.parametrize("kind", REACHES)
async def test_who_reaches_a_part_is_told_of_that(tmp_path: Path, kind: str) -> None:
    """Else a list would tell nothing of what lies beyond for want of anything."""
    said = await answers(tmp_path / "planted", kind, planted=True)

    told = {path for (_, path), (_, text) in said.items() if str(OWN) in text or OWN_MATTER in text}
    assert told & set(TELLS) == (
        set() if kind == "tenant" else {"/calls/search", "/ledger/search", "/holds"}
    )


async def test_who_reaches_all_of_the_tenant_is_told_of_what_is_planted(tmp_path: Path) -> None:
    """Else the others would tell nothing of it for another reason."""
    without = await answers(tmp_path / "without", "all", planted=False)
    beyond = await answers(tmp_path / "planted", "all", planted=True)

    told = {path for role, path in beyond if beyond[role, path] != without[role, path]}
    assert set(TELLS) <= told
