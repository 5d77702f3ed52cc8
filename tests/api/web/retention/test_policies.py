"""The retention policy over HTTP."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.web.http.language import Reader
from api.web.retention.policies import FindingView
from api.words.texts import in_english
from retention.policies.findings import (
    FitsNothing,
    KeptPastItsEnd,
    Shadowed,
    Uncovered,
    Unused,
    WithoutEnd,
    WrittenOtherwise,
)
from retention.policies.policy_text import policy_text
from retention.rules.conditions import AttributeKind
from retention.rules.rule import Asset, Rank
from tests.api.examples import scene
from tests.archive.catalog.examples import NOW_US
from tests.retention.examples import policy, rule
from tests.support.web.approvals import person

COOLED_US = 72 * 3_600_000_000
DEFAULT = rule("default", after="never")
LONGER = policy_text(policy(DEFAULT, rule("law", at_least="P10Y", rank=Rank.LAW)))
SHORTER = policy_text(policy(DEFAULT, rule("support", after="P1Y", queue="support")))


@dataclass
class Clock:
    """Stands until somebody sets it."""

    now_us: int = NOW_US


async def test_a_shortening_takes_another_person(tmp_path: Path) -> None:
    """As a retention owner and a lawyer see it from outside."""
    async with scene(tmp_path) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        legal = person(it.engine, "legal", Role.LEGAL)
        checked = await it.client.post("/policies/check", json={"text": SHORTER}, headers=legal)
        alone = await it.client.put("/policies", json={"text": SHORTER}, headers=owner)
        (waiting,) = (await it.client.get("/approvals", headers=legal)).json()["proposals"]
        give = f"/approvals/{waiting['number']}/give"
        own = await it.client.post(give, headers=owner)
        still = await it.client.put("/policies", json={"text": SHORTER}, headers=owner)
        listed = (await it.client.get("/policies", headers=legal)).json()["revisions"]
        await it.client.post(give, headers=legal)
        done = await it.client.put("/policies", json={"text": SHORTER}, headers=owner)

    answers = [(each.status_code, each.json().get("code")) for each in (alone, own, still)]
    assert answers == [
        (409, "approval_needed"), (403, "another_person_needed"), (409, "approval_needed"),
    ]  # fmt: skip
    assert [(each["number"], each["state"]) for each in listed] == [(0, "in_force")]
    assert checked.json()["care"] == "two_persons"
    assert checked.json()["sha256"] in waiting["summary"]
    assert (done.status_code, done.json()["is_new"]) == (200, True)
    assert done.json()["revision"]["in_force_at"] == checked.json()["in_force_at"]


async def test_a_shortening_decides_when_it_has_cooled_off(tmp_path: Path) -> None:
    """To the microsecond; nobody has to do anything for it, and the same text is no new one."""
    clock = Clock()
    async with scene(tmp_path, clock_us=lambda: clock.now_us) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER, COOLED_US + 1)
        legal = person(it.engine, "legal", Role.LEGAL, COOLED_US + 1)
        body = {"text": SHORTER}
        number = (await it.client.put("/policies", json=body, headers=owner)).json()["detail"]
        await it.client.post("/approvals/1/give", headers=legal)
        seen = []
        for later in (0, COOLED_US - 1, COOLED_US):
            clock.now_us = NOW_US + later
            done = (await it.client.put("/policies", json=body, headers=owner)).json()
            kept = (await it.client.get("/policies/latest", headers=legal)).json()
            assert kept == {"revision": done["revision"], "text": SHORTER}
            seen.append((done["is_new"], done["revision"]["number"], done["revision"]["state"]))

    assert "approval give 1" in number
    assert seen == [(True, 1, "cooling_off"), (False, 1, "cooling_off"), (False, 1, "in_force")]


async def test_what_keeps_longer_decides_at_once(tmp_path: Path) -> None:
    """On the word of one."""
    async with scene(tmp_path) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        await it.client.put("/policies", json={"text": LONGER}, headers=owner)
        found = (await it.client.get("/policies/1", headers=owner)).json()["revision"]
        shipped = (await it.client.get("/policies/0", headers=owner)).json()["revision"]

    assert (found["state"], found["retroactive"]) == ("in_force", False)
    assert found["in_force_at"] == found["taken_over_at"]
    assert (shipped["taken_over_by"], shipped["taken_over_at"]) == ("", None)


async def test_what_is_exported_changes_nothing_when_it_is_imported(tmp_path: Path) -> None:
    """For each revision that is the latest, the shipped one too."""
    async with scene(tmp_path) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        for text in (None, LONGER):
            if text:
                await it.client.put("/policies", json={"text": text}, headers=owner)
            exported = (await it.client.get("/policies/latest", headers=owner)).json()
            done = await it.client.put("/policies", json={"text": exported["text"]}, headers=owner)
            assert done.json() == {"revision": exported["revision"], "is_new": False}
        listed = (await it.client.get("/policies", headers=owner)).json()["revisions"]

    assert [each["number"] for each in listed] == [0, 1]


async def test_every_fault_of_a_policy_is_told_at_once(tmp_path: Path) -> None:
    """With the rule and the key; nothing is proposed and nothing taken over."""
    wrong = SHORTER.replace("P1Y", "P1H").replace("Asia/Tokyo", "Mars/Base")
    async with scene(tmp_path) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        answers = [
            await it.client.request(method, path, json={"text": wrong}, headers=owner)
            for method, path in (("PUT", "/policies"), ("POST", "/policies/check"))
        ]
        open_ones = (await it.client.get("/approvals", headers=owner)).json()["proposals"]

    for answer in answers:
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (422, "policy_refused")
        assert {each["pointer"] for each in problem["errors"]} == {"/text"}
        assert len(problem["errors"]) == 2
    assert open_ones == []


async def test_two_revisions_are_compared(tmp_path: Path) -> None:
    """What is not there is not found."""
    async with scene(tmp_path) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        await it.client.put("/policies", json={"text": LONGER}, headers=owner)
        told = (await it.client.get("/policies/0/difference/1", headers=owner)).json()
        missing = [
            await it.client.get(path, headers=owner)
            for path in ("/policies/2", "/policies/0/difference/2")
        ]

    assert '+id = "law"' in told["difference"]
    assert {(each.status_code, each.json()["code"]) for each in missing} == {(404, "not_found")}


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        (
            KeptPastItsEnd("law", "all", Asset.AUDIO),
            {"kind": "kept_past_its_end", "rules": ["law", "all"], "asset": "audio", "queue": ""},
        ),
        (
            Shadowed("a", "b"),
            {"kind": "shadowed", "rules": ["a", "b"], "asset": "", "queue": ""},
        ),
        (WithoutEnd(), {"kind": "without_end", "rules": [], "asset": "", "queue": ""}),
        (Uncovered("解約"), {"kind": "uncovered", "rules": [], "asset": "", "queue": "解約"}),
        (
            FitsNothing("a", AttributeKind.TAG),
            {"kind": "fits_nothing", "rules": ["a"], "asset": "", "queue": ""},
        ),
        (
            Unused("a", AttributeKind.TAG, "b"),
            {"kind": "unused", "rules": ["a"], "asset": "", "queue": ""},
        ),
        (
            WrittenOtherwise("a", AttributeKind.TAG, "b", "B-"),
            {"kind": "written_otherwise", "rules": ["a"], "asset": "", "queue": ""},
        ),
    ],
)
def test_each_finding_has_one_form(finding: Any, told: dict[str, Any]) -> None:
    """Programs read it as people do."""
    shown = FindingView.show(finding, Reader("en", in_english)).model_dump(mode="json")

    assert shown.pop("told")
    assert shown == told


@pytest.mark.parametrize("verb", [Verb.POLICY_READ, Verb.POLICY_MANAGE])
async def test_nobody_changes_the_policy_who_may_only_see_it_nor_the_other_way(
    tmp_path: Path, verb: Verb
) -> None:
    """Two verbs, so that an auditor sees what decides."""
    async with scene(tmp_path) as it:
        headers = it.token(verb)
        seen = await it.client.get("/policies", headers=headers)
        done = await it.client.put("/policies", json={"text": LONGER}, headers=headers)

    is_reader = verb is Verb.POLICY_READ
    assert (seen.status_code, done.status_code) == ((200, 403) if is_reader else (403, 200))
