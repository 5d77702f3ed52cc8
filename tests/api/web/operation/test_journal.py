"""Routes of the journal."""

from pathlib import Path

import pytest

from api.permissions.verbs import Verb
from tests.api.examples import CALL, Scene, scene


def auditor(here: Scene) -> dict[str, str]:
    """Headers with a token for the journal alone."""
    return here.token(Verb.JOURNAL)


async def test_the_journal_is_read_page_by_page(tmp_path: Path) -> None:
    """A full page may have another behind it."""
    async with scene(tmp_path) as it:
        await it.client.get(f"/calls/{CALL}")
        headers = auditor(it)
        first = (await it.client.get("/journal", params={"limit": 1}, headers=headers)).json()
        query = {"action": "read", "account": "service:yamada"}
        read = (await it.client.get("/journal", params=query, headers=headers)).json()

    assert first["behind"] == first["entries"][0]["seq"]
    assert [entry["target"] for entry in read["entries"]] == [CALL]
    assert read["behind"] is None


async def test_who_heard_a_call_and_whose_calls_somebody_reached(tmp_path: Path) -> None:
    """By ids alone."""
    async with scene(tmp_path) as it:
        await it.client.get(f"/calls/{CALL}/audio")
        headers = auditor(it)
        heard = (await it.client.get(f"/journal/heard/{CALL}", headers=headers)).json()
        asked = {"actor": "service:yamada", "from": "2026-01-01T00:00:00Z",
                 "to": "2028-01-01T00:00:00Z"}  # fmt: skip
        reached = (await it.client.post("/journal/reach", json=asked, headers=headers)).json()

    assert [entry["action"] for entry in heard["entries"]] == ["listened"]
    assert [each["action"] for each in reached["counts"]] == ["listened"]
    assert [each["call"] for each in reached["calls"]] == [CALL]
    assert (reached["total"], reached["behind"]) == (1, None)


@pytest.mark.parametrize(
    "body",
    [{"actor": "", "from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"},
     {"actor": "a", "from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}],
)  # fmt: skip
async def test_a_question_that_is_none_is_refused(tmp_path: Path, body: dict[str, str]) -> None:
    """An empty answer would say that nothing was reached."""
    async with scene(tmp_path) as it:
        answer = await it.client.post("/journal/reach", json=body, headers=auditor(it))

    assert answer.status_code == 422
