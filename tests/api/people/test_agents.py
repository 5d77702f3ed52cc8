"""The table of agents."""

from pathlib import Path

import pytest

from api.people.agents import Agents, by_reading
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from tests.api.actors import person
from tests.api.examples import CALL, scene
from tests.archive.catalog.examples import AGENTS_CSV, TOKYO
from tests.support.api.access import door, journal


async def test_who_administrates_replaces_the_table_and_it_is_written_down(
    tmp_path: Path,
) -> None:
    """No purpose is needed: no call is shown."""
    async with door(tmp_path) as (it, engine):
        agents, who = Agents(it), Actor(account=person(Role.ADMINISTRATOR))
        done = await agents.replace(who, AGENTS_CSV.encode(), TOKYO)
        listed = await agents.list(who)
        (entry,) = journal(engine)

    assert (done.added, len(listed)) == (3, 3)
    assert (entry.action, entry.actor) == ("agents_imported", "yamada")


async def test_who_hears_calls_does_not_say_who_spoke(tmp_path: Path) -> None:
    """The table decides whose call it was."""
    async with door(tmp_path) as (it, _engine):
        with pytest.raises(NotAllowed):
            await Agents(it).replace(Actor(account=person(Role.REVIEWER)), b"", TOKYO)


async def test_agents_stand_in_the_order_of_their_readings_each_once(tmp_path: Path) -> None:
    """As a Japanese list of names does: by kana of either kind, not by the characters of names."""
    rows = [
        "A1,渡辺 一,ワタナベ ハジメ,,,3001,2026-01-01,2026-06-30",
        "A1,渡辺 一郎,ワタナベ イチロウ,,,3002,2026-07-01,",
        "A2,青木 恵,あおき めぐみ,,,3003,,",
        "A3,加藤 守,カトウ マモル,,,3004,,",
        "A4,Ōno,,Ōno Mamoru,,3005,,",
    ]
    table = "\n".join([AGENTS_CSV.splitlines()[0], *rows]) + "\n"
    async with door(tmp_path) as (it, _engine):
        agents, who = Agents(it), Actor(account=person(Role.ADMINISTRATOR))
        await agents.replace(who, table.encode(), TOKYO)
        sorted_ = by_reading(await agents.list(who))

    assert [each.name for each in sorted_] == ["Ōno", "青木 恵", "加藤 守", "渡辺 一郎"]


async def test_a_stretch_of_an_extension_is_said_to_be_an_agents_over_http(tmp_path: Path) -> None:
    """The call is hers now, and says whose it was before; who may not is refused."""
    said = {
        "agent_id": "A19",
        "extension": "2001",
        "from": "2026-10-29T17:40:00+09:00",
        "to": "2026-10-29T18:00:00+09:00",
        "reason": "Tanaka was ill",
    }
    async with scene(tmp_path) as it:
        refused = await it.client.post("/agents/assign", json=said, headers=it.token(Verb.READ))
        nobody = await it.client.post("/agents/assign", json={**said, "agent_id": "A99"})
        done = await it.client.post("/agents/assign", json=said)
        call = (await it.client.get(f"/calls/{CALL}")).json()

    agents = [leg["agent"] for leg in call["recordings"][0]["legs"] if leg["side"] == "agent"]
    assert refused.status_code == 403
    assert nobody.status_code == 422
    assert "agent_id" in nobody.text
    assert done.json() == {"added": 3, "ended": 1, "unchanged": 2, "legs": 1}
    assert [(each["id"], each["former_ids"]) for each in agents] == [("A19", ["A17"])]
