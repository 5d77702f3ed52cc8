"""SIP messages, by the id of a call."""

from pathlib import Path

import pytest

from api.calls.sip_traces import Traces
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed, NotFound
from api.permissions.roles import Role
from archive.access.reach import WHOLE, ReachRule
from tests.api.actors import person
from tests.api.examples import MemoryRendering, MemorySource
from tests.support.api.access import door, journal
from tests.support.api.traces import SAID


async def traced(folder: Path, role: Role, reach: ReachRule = WHOLE) -> tuple[int, list[str]]:
    """How many messages somebody with this role gets, and what the journal says."""
    async with door(folder) as (it, engine):
        source = MemorySource(MemoryRendering(b""), said=(SAID,))
        actor = Actor(account=person(role, reach=reach), stated="quality")
        found = await Traces(door=it, audio=source).messages(actor, "call-id")
        return sum(map(len, found)), [entry.action for entry in journal(engine)]


async def test_who_administrates_sees_the_messages_of_a_call(tmp_path: Path) -> None:
    """An act of its own in the journal: nothing was heard."""
    assert await traced(tmp_path, Role.ADMINISTRATOR) == (1, ["traced"])


async def test_others_do_not(tmp_path: Path) -> None:
    """Numbers stand in them."""
    with pytest.raises(NotAllowed):
        await traced(tmp_path, Role.REVIEWER)


async def test_a_call_out_of_reach_has_none(tmp_path: Path) -> None:
    """By a Call-ID no more than by an id of ours."""
    with pytest.raises(NotFound):
        await traced(tmp_path, Role.ADMINISTRATOR, ReachRule(queues=frozenset({"sales"})))
