"""What begins periods, over HTTP."""

from pathlib import Path

import pytest

from api.permissions.roles import Role
from rokuon.messages.i18n import words_in
from tests.api.examples import scene
from tests.support.web.approvals import person

TABLE = b"kind,key,date\ncontract_end,K-1,2026-03-31\nagent_left,A17,2026-04-01\n"


async def test_events_are_newcorrected_and_listed(tmp_path: Path) -> None:
    """The last word first; what was told before is still there."""
    async with scene(tmp_path) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        done = await it.client.put("/retention-events", content=TABLE, headers=owner)
        right = {"kind": "contract_end", "key": "K-1", "date": "2026-03-30"}
        told = await it.client.post("/retention-events", json=right, headers=owner)
        again = await it.client.post("/retention-events", json=right, headers=owner)
        back = await it.client.post(
            "/retention-events", json={**right, "kind": "agent_left", "key": "a17", "date": None},
            headers=owner,
        )  # fmt: skip
        listed = (await it.client.get("/retention-events", headers=owner)).json()
        one = (await it.client.get("/retention-events?key=k-1", headers=owner)).json()

    assert [each.json() for each in (done, told, again, back)] == [
        {"told": new, "unchanged": unchanged, "out_of_range": []}
        for new, unchanged in ((2, 0), (1, 0), (0, 1), (1, 0))
    ]
    assert [(each["key"], each["date"], each["in_force"]) for each in listed["events"]] == [
        ("a17", None, True), ("K-1", "2026-03-30", True), ("A17", "2026-04-01", False),
        ("K-1", "2026-03-31", False),
    ]  # fmt: skip
    assert [each["key"] for each in one["events"]] == ["K-1", "K-1"]
    assert listed["before"] == 0


@pytest.mark.parametrize(("language", "words"), [("en", "line 2: "), ("ja", "2 行目:")])
async def test_each_mistake_of_a_table_is_an_error_in_its_readers_language(
    tmp_path: Path, language: str, words: str
) -> None:
    """All at once, and nothing is told."""
    async with scene(tmp_path, words=words_in) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        refused = await it.client.put(
            "/retention-events",
            content=b"kind,key,date\nx,K-1,soon\ncontract_end,,none\n",
            headers={**owner, "Accept-Language": language},
        )

    errors = refused.json()["errors"]
    assert refused.status_code == 422
    assert len(errors) == 3
    assert errors[0]["detail"].startswith(words)
    assert "K-1" not in refused.text


async def test_what_is_wrong_with_one_is_said_of_its_field(tmp_path: Path) -> None:
    """A program shows it beside the field."""
    async with scene(tmp_path) as it:
        owner = person(it.engine, "owner", Role.RETENTION_OWNER)
        body = {"kind": "call_end", "key": "K-1", "date": None}
        refused = await it.client.post("/retention-events", json=body, headers=owner)

    assert [each["pointer"] for each in refused.json()["errors"]] == ["/kind"]
