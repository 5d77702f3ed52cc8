"""The table of agents."""

from pathlib import Path

import pytest

from api.people.agents import Agents, by_reading
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed
from api.permissions.roles import Role
from tests.api.actors import person
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
