"""The table of agents."""

from pathlib import Path

import pytest

from api.actor import Actor
from api.agents import Agents
from api.errors import NotAllowed
from api.people.roles import Role
from tests.api.actors import person
from tests.api.test_access import door, journal
from tests.archive.catalog.examples import AGENTS_CSV, TOKYO


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
