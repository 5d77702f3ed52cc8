"""Destroying what must go, over HTTP."""

from pathlib import Path

from api.permissions.roles import Role
from archive.ids import RecordingId
from archive.lifecycle.tombstone import digest_of
from tests.api.examples import CALL, scene, window
from tests.support.web.approvals import person
from tests.support.web.destruction import destroyed, take_over


async def test_what_was_destroyed_is_gone_and_says_by_which_rule(tmp_path: Path) -> None:
    """410 with its tombstone by every way to it; not a word of a number."""
    async with scene(tmp_path) as it:
        destroyed(it.engine, "support")
        answers = [
            await it.client.get(f"/recordings/{CALL}{way}")
            for way in ("", "/audio", "/parts", "/peaks", "/retention", "/export")
        ]
        shown = answers[0].json()

    assert [each.status_code for each in answers] == [410] * 6
    assert (shown["code"], shown["tombstone"]["rules"]) == ("destroyed", ["week"])
    assert shown["tombstone"]["digest"] == digest_of(RecordingId.parse(CALL)).hex()
    assert "week" in shown["detail"]
    assert "plan 7" in shown["detail"]
    assert "rokuon retention certificate show 7" in shown["detail"]


async def test_a_search_says_that_calls_of_its_hours_were_destroyed(tmp_path: Path) -> None:
    """And of its queue, where it asks for one; the hours before have none."""
    async with scene(tmp_path) as it:
        destroyed(it.engine, "support")
        queues = [
            [],
            [{"kind": "queue", "value": "Support"}],
            [{"kind": "queue", "value": "sales"}],
        ]
        asked = [{"window": window(), "clues": each} for each in queues]
        found = [(await it.client.post("/calls/search", json=each)).json() for each in asked]

    assert [each["destroyed"] for each in found] == [1, 1, 0]


async def test_a_plan_waits_for_another_person_and_is_listed_with_what_is_in_it(
    tmp_path: Path,
) -> None:
    """From the first look to the word; where there is no key daemon nothing is handed over."""
    async with scene(tmp_path) as it:
        take_over(it.engine)
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        legal = person(it.engine, "legal", Role.LEGAL)
        made = await it.client.post("/plans", headers=owner)
        number = made.json()["number"]
        early = await it.client.post(f"/plans/{number}/apply", headers=owner)
        await it.client.post(f"/plans/{number}/approve", headers=legal)
        late = await it.client.post(f"/plans/{number}/apply", headers=owner)
        lines = await it.client.get(f"/plans/{number}/recordings", headers=legal)
        overdue = await it.client.get("/overdue", headers=owner)
        runs = await it.client.get("/runs", headers=owner)
        again = await it.client.post("/plans", headers=owner)
        ended = await it.client.request("DELETE", "/standing-approvals", headers=owner)
        stopped = await it.client.post(f"/plans/{number}/stop", headers=owner)
        listed = await it.client.get("/plans", headers=legal)
        forbidden = await it.client.post("/plans", headers=legal)

    assert [each.json().get("code") for each in (early, late, again, forbidden)] == [
        "approval_needed", "unavailable", "nothing_due", "not_permitted",
    ]  # fmt: skip
    assert len(lines.json()["recordings"]) == made.json()["recordings"] > 0
    assert {each["reason"] for each in overdue.json()["recordings"]} == {"not_handed_over"}
    assert ([each["state"] for each in runs.json()["plans"]], ended.json()) == (
        ["not_handed_over"], {"ended": 1},
    )  # fmt: skip
    assert [each["ended"] for each in listed.json()["plans"]] == ["stopped"]
    assert stopped.status_code == 200


async def test_who_may_approve_stops_a_plan_and_takes_an_approval_back(tmp_path: Path) -> None:
    """With what comes of it in the answer; who may only read does neither."""
    async with scene(tmp_path) as it:
        take_over(it.engine)
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        approver = person(it.engine, "approver", Role.APPROVER)
        auditor = person(it.engine, "auditor", Role.AUDITOR)
        made = (await it.client.post("/plans", headers=owner)).json()
        at = f"/plans/{made['number']}"
        steps = [
            (await it.client.post(f"{at}/{step}", headers=who)).json()
            for step, who in (
                ("withdraw", approver),
                ("approve", approver),
                ("withdraw", auditor),
                ("withdraw", approver),
                ("apply", owner),
                ("stop", auditor),
                ("stop", approver),
            )
        ]
        standing = await it.client.get("/standing-approvals", headers=auditor)
        ended = await it.client.request("DELETE", "/standing-approvals", headers=approver)

    assert [each.get("code", each.get("state")) for each in steps] == [
        "approval_not_approved", "not_applied", "not_permitted", "not_approved", "approval_needed",
        "not_permitted", "stopped",
    ]  # fmt: skip
    assert (steps[-1]["ended_by"], steps[-1]["goes_on"]) == ("approver", [])
    assert (standing.json(), ended.json()) == ({"approvals": []}, {"ended": 0})


async def test_tombstones_are_listed_by_the_hours_in_which_calls_began(tmp_path: Path) -> None:
    """For who answers why a call of that evening is not there."""
    async with scene(tmp_path) as it:
        destroyed(it.engine, "support")
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        asked = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-30T00:00:00Z"}
        found = await it.client.get("/tombstones", params=asked, headers=owner)
        none = await it.client.get(
            "/tombstones", params={**asked, "to": "2026-10-02T00:00:00Z"}, headers=owner
        )

    (left,) = found.json()["tombstones"]
    assert (left["queues"], left["rules"], left["plan"]) == (["support"], ["week"], 7)
    assert none.json()["tombstones"] == []
