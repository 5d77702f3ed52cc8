"""Routes of the table of agents."""

from pathlib import Path

from rokuon.messages.i18n import words_in
from tests.api.examples import scene
from tests.archive.catalog.examples import AGENTS_CSV


async def test_a_table_is_put_and_listed(tmp_path: Path) -> None:
    """Times in UTC; null where the table leaves them open."""
    async with scene(tmp_path) as it:
        done = await it.client.put("/agents", content=AGENTS_CSV.encode())
        listed = (await it.client.get("/agents")).json()["agents"]

    assert done.json()["unchanged"] == len(listed) == 3
    assert [each["valid_from"] for each in listed][-1] is None
    assert listed[0]["valid_to"].endswith("Z")


async def test_a_table_with_a_mistake_says_in_which_line(tmp_path: Path) -> None:
    """And changes nothing."""
    async with scene(tmp_path) as it:
        refused = await it.client.put("/agents", content=b"agent_id\nx\n")
        large = await it.client.put("/agents", content=b"x" * (17 << 20))

    assert refused.status_code == 422
    assert "line 1" in refused.json()["errors"][0]["detail"]
    assert large.status_code == 413


async def test_a_mistake_in_a_table_is_said_in_the_readers_language(tmp_path: Path) -> None:
    """Who exports it from a spreadsheet is no programmer."""
    async with scene(tmp_path, words=words_in) as it:
        refused = await it.client.put(
            "/agents", content=b"agent_id\nx\n", headers={"Accept-Language": "ja"}
        )

    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["detail"][:5]) == ("", "1 行目:")
