"""Legal holds over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from api.permissions.roles import Role
from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.ids import RecordingId
from archive.lifecycle.tombstone import Remains
from tests.api.examples import scene, window
from tests.archive.catalog.examples import NOW_US, recording_id
from tests.archive.hold_clients import MemoryClient
from tests.support.web.approvals import person

ONE = str(recording_id(1))
BODY: dict[str, Any] = {"matter": "M-1", "reason": "claim", "review_on": "2027-04-01"}


async def test_a_hold_is_placed_looked_at_and_let_go_of_by_two(tmp_path: Path) -> None:
    """As a retention owner and a lawyer see it from outside."""
    key_client = MemoryClient()
    async with scene(tmp_path, keys=key_client) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        legal = person(it.engine, "legal", Role.LEGAL)
        query = {"window": window(), "clues": [{"kind": "agent", "value": "田中"}]}
        placed = await it.client.post(
            "/holds", json={**BODY, "query": query, "future": True}, headers=owner
        )
        path = f"/holds/{placed.json()['number']}"
        listed = (await it.client.get("/holds", headers=legal)).json()["holds"]
        shown = (await it.client.get(path, headers=legal)).json()
        recordings = (await it.client.get(f"{path}/recordings", headers=legal)).json()
        why = (await it.client.get(f"/recordings/{ONE}/retention", headers=legal)).json()["audio"][
            "because"
        ]
        preview = (await it.client.get(f"{path}/preview", headers=legal)).json()
        alone = await it.client.post(f"{path}/release", headers=owner)
        await it.client.post("/approvals/1/give", headers=legal)
        done = await it.client.post(f"{path}/release", headers=owner)
        over = await it.client.post(f"{path}/release", headers=owner)
        grace = (await it.client.get(f"/recordings/{ONE}/retention", headers=legal)).json()[
            "audio"
        ]["because"]

    assert placed.status_code == 201
    assert placed.headers["location"] == path
    assert [placed.json()] == listed == [shown]
    assert (shown["state"], shown["placed_by"], shown["recordings"]["held"]) == (
        "active", "owner", 1,
    )  # fmt: skip
    assert [(each["recording"], each["state"]) for each in recordings["recordings"]] == [
        (ONE, "held")
    ]
    assert recordings["next_after"] is None
    assert why[0] == "It is held by matter M-1: legal hold 1."
    assert preview == {
        "held": 1, "grace_days": 7, "judged": 1, "kept": 1, "due": 0, "dated": 0,
    }  # fmt: skip
    assert (alone.status_code, alone.json()["code"]) == (409, "approval_needed")
    assert (done.status_code, done.json()["state"]) == (200, "released")
    assert (over.status_code, over.json()["code"]) == (409, "not_possible")
    assert grace[0].startswith("Legal hold 1 of matter M-1 was released; what it held is still")


async def test_what_is_not_held_is_told_beside_what_is(tmp_path: Path) -> None:
    """Page by page; a list of ids is as long as a body of it may be."""
    key_client = MemoryClient()
    others = [f"{number:032x}" for number in range(1, 1_001)]
    async with scene(tmp_path, keys=key_client) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        with writing(it.engine) as connection:
            gone = RecordingId(bytes.fromhex(others.pop()))
            placed_there = Tombstone(
                recording=gone, destroyed_us=NOW_US, journal=1, remains=Remains(plan=7)
            )
            place_tombstone(connection, 1, placed_there)
        placed = await it.client.post(
            "/holds", json={**BODY, "named": [ONE, str(gone), *others]}, headers=owner
        )
        path = "/holds/1/recordings?state=unknown"
        first = (await it.client.get(path, headers=owner)).json()
        second = (await it.client.get(f"{path}&after={first['next_after']}", headers=owner)).json()

    assert placed.json()["recordings"] == {
        "meant": 0, "held": 1, "destroyed": 1, "unknown": 999,
    }  # fmt: skip
    (late,) = placed.json()["late_for"]
    assert (late["certificate"], late["recordings"], late["first_at"]) == (7, 1, late["last_at"])
    found = [each["recording"] for page in (first, second) for each in page["recordings"]]
    assert found == others


@pytest.mark.parametrize(
    "body",
    [
        {**BODY},
        {**BODY, "named": [ONE], "query": {}},
        {**BODY, "named": [ONE], "future": True},
        {**BODY, "named": ["x"]},
        {**BODY, "query": {}, "review_on": "soon"},
        {**BODY, "query": {}, "matter": ""},
    ],
)
async def test_what_cannot_be_a_hold_is_refused_with_the_place(
    tmp_path: Path, body: dict[str, Any]
) -> None:
    """Nothing is placed, no fence goes up."""
    key_client = MemoryClient()
    async with scene(tmp_path, keys=key_client) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        refused = await it.client.post("/holds", json=body, headers=owner)
        listed = (await it.client.get("/holds", headers=owner)).json()["holds"]

    assert refused.status_code == 422
    assert len(refused.json()["errors"]) == 1
    assert (listed, key_client.asked) == ([], [])


async def test_a_placing_without_a_key_daemon_says_that_it_is_not_active(tmp_path: Path) -> None:
    """It is resumed, or given up by two; an unknown number is none."""
    key_client = MemoryClient(away=True)
    async with scene(tmp_path, keys=key_client) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        placed = await it.client.post("/holds", json={**BODY, "query": {}}, headers=owner)
        away = await it.client.post("/holds/1/resume", headers=owner)
        key_client.away = False
        cancelled = await it.client.post("/holds/1/cancel", headers=owner)
        done = await it.client.post("/holds/1/resume", headers=owner)
        missing = await it.client.get("/holds/9", headers=owner)

    assert (placed.status_code, placed.json()["state"]) == (201, "placing")
    assert (away.status_code, away.json()["code"]) == (503, "unavailable")
    assert (cancelled.status_code, cancelled.json()["code"]) == (409, "approval_needed")
    assert (done.status_code, done.json()["state"]) == (200, "active")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


async def test_a_tag_that_makes_a_call_fit_is_refused_while_its_key_cannot_be_held(
    tmp_path: Path,
) -> None:
    """And holds the call when it can."""
    key_client = MemoryClient()
    async with scene(tmp_path, keys=key_client) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        clues = {"clues": [{"kind": "tag", "value": "vip"}]}
        await it.client.post("/holds", json={**BODY, "query": clues, "future": True}, headers=owner)
        key_client.away = True
        refused = await it.client.post(f"/recordings/{ONE}/tags", json={"value": "vip"})
        key_client.away = False
        await it.client.post(f"/recordings/{ONE}/tags", json={"value": "vip"})
        shown = (await it.client.get("/holds/1", headers=owner)).json()

    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert shown["recordings"]["held"] == 1
