"""The route of the ledger."""

from pathlib import Path

from tests.api.examples import CALL, scene, window


async def test_the_calls_of_a_time_come_with_their_fates_page_by_page(tmp_path: Path) -> None:
    """In the zone that was asked for; a cursor that is none is refused."""
    async with scene(tmp_path) as it:
        answer = await it.client.post("/ledger/search", json={"window": window()})
        wrong = await it.client.post("/ledger/search", json={"window": window(), "cursor": "x"})

    (row,) = answer.json()["calls"]
    assert (row["fate"], row["recording"]) == ("recorded", CALL)
    assert row["at"].endswith("+09:00")
    assert answer.json()["next_cursor"] is None
    assert wrong.status_code == 422
