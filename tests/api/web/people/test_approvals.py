"""Approvals over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from tests.api.examples import scene
from tests.support.web.approvals import person


async def test_one_proposes_another_approves_and_it_is_done(tmp_path: Path) -> None:
    """The answers say who, until when, and whether it was one person."""
    async with scene(tmp_path) as it:
        admin = person(it.engine, "admin", Role.ADMINISTRATOR)
        legal = person(it.engine, "legal", Role.LEGAL)
        proposed = await it.client.post("/installation/one-person", headers=admin)
        path = f"/approvals/{proposed.json()['number']}"
        own = await it.client.post(f"{path}/give", headers=admin)
        listed = (await it.client.get("/approvals", headers=legal)).json()
        given = await it.client.post(f"{path}/give", headers=legal)
        over = await it.client.post(f"{path}/withdraw", headers=admin)
        then = (await it.client.get("/approvals", headers=admin)).json()
        kept = (await it.client.get(path, headers=admin)).json()
        ended = await it.client.delete("/installation/one-person", headers=admin)

    assert (proposed.status_code, own.status_code, given.status_code) == (201, 403, 200)
    assert own.json()["code"] == "another_person_needed"
    assert (listed["one_person"], listed["confirmed"], listed["waiting"]) == (False, [], [])
    steps = ["approve", "comment", "reject"]
    assert listed["proposals"] == [{**proposed.json(), "barred": None, "next": steps}]
    assert proposed.json()["next"] == ["comment", "take_back"]
    assert proposed.json()["barred"]["why"] == own.json()["why"] == "same"
    assert (over.status_code, over.json()["code"]) == (409, "approval_over")
    assert (then["proposals"], then["one_person"]) == ([], True)
    assert {**kept, "barred": None} == given.json()
    assert (kept["state"], kept["proposed_by"], kept["one_person"]) == (
        "carried_out", "admin", False,
    )  # fmt: skip
    assert [(each["by"], each["one_person"]) for each in kept["approvals"]] == [("legal", False)]
    assert ended.status_code == 204


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/approvals"),
        ("GET", "/approvals/1"),
        ("POST", "/approvals/1/give"),
        ("POST", "/approvals/1/withdraw"),
        ("POST", "/installation/one-person"),
        ("DELETE", "/installation/one-person"),
    ],
)
async def test_each_route_needs_its_verb(tmp_path: Path, method: str, path: str) -> None:
    """All others together open nothing; and a service counts as nobody."""
    needed = {Verb.PROPOSE, Verb.APPROVE, Verb.PEOPLE_MANAGE}
    async with scene(tmp_path) as it:
        headers = it.token(*set(Verb) - needed)
        refused = await it.client.request(method, path, headers=headers)
        service = await it.client.request(method, path, headers=it.token(*needed))
        answer: dict[str, Any] = refused.json()

    assert (refused.status_code, answer["code"]) == (403, "not_permitted")
    assert service.status_code != 200 or method == "GET"


async def test_what_is_rejected_says_by_whom_and_why_and_what_was_said_before(
    tmp_path: Path,
) -> None:
    """Nobody does anything with it any more."""
    async with scene(tmp_path) as it:
        admin = person(it.engine, "admin", Role.ADMINISTRATOR)
        legal = person(it.engine, "legal", Role.LEGAL)
        await it.client.post("/installation/one-person", headers=admin)
        said = await it.client.post(
            "/approvals/1/comment", json={"text": "for how long?"}, headers=legal
        )
        blank = await it.client.post("/approvals/1/reject", json={"text": " \n"}, headers=legal)
        own = await it.client.post("/approvals/1/reject", json={"text": "no"}, headers=admin)
        done = await it.client.post(
            "/approvals/1/reject", json={"text": "no\nnever"}, headers=legal
        )
        late = await it.client.post("/approvals/1/give", headers=legal)
        kept = (await it.client.get("/approvals/1", headers=admin)).json()

    assert (said.status_code, blank.status_code, own.status_code) == (200, 422, 409)
    assert (done.status_code, late.status_code, late.json()["code"]) == (200, 409, "approval_over")
    assert (kept["state"], kept["next"]) == ("rejected", [])
    assert {key: kept["rejected"][key] for key in ("by", "text")} == {
        "by": "legal",
        "text": "no\nnever",
    }
    assert [(each["by"], each["text"]) for each in kept["comments"]] == [("legal", "for how long?")]
