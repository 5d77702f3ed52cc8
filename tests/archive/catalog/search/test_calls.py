"""Calls and recordings as the catalog tells them."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import ListenGrant, NotGranted, ReadGrant
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from archive.catalog.search.calls import Sight, everything, named_target, read_call, sight, stored
from archive.ids import DEFAULT_TENANT, ConversationId, PartName
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    OTHER_TENANT,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
    recording_id,
)
from tests.support.catalog.calls import granted


def test_a_call_is_told_with_its_legs_and_agents(tmp_path: Path) -> None:
    """What a person sees before she listens."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    target = ConversationId(recording_id().raw)

    with reading(engine) as connection:
        (found,) = read_call(connection, target, granted(engine, ReadGrant, target))

    assert (found.recording, found.conversation) == (recording_id(), target)
    assert (found.direction, found.duration_ms, found.state) == ("inbound", 540_000, "complete")
    customer, agent = found.legs
    assert (customer.side, customer.number.e164) == ("customer", "+81312347788")
    assert (customer.agent.agent_id, agent.side) == ("", "agent")
    assert (agent.agent.agent_id, agent.agent.name) == ("A17", "田中 真由")


def test_an_id_means_a_call_else_a_recording_else_what_the_call_became_part_of(
    tmp_path: Path,
) -> None:
    """A recording's id is that of a conversation too until it joins another one."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    own = recording_id().raw
    with reading(engine) as connection:
        alone = named_target(connection, DEFAULT_TENANT, WHOLE_TENANT, own)
    adopt(engine, *(adoption(n, (*inbound(), of_group("g"))) for n in (2, 3)))
    with reading(engine) as connection:
        joined = named_target(connection, DEFAULT_TENANT, WHOLE_TENANT, recording_id(2).raw)
        nothing = named_target(connection, DEFAULT_TENANT, WHOLE_TENANT, bytes(16))

    assert (alone, joined, nothing) == (ConversationId(own), recording_id(2), None)


def test_a_conversation_has_its_recordings_in_their_order(tmp_path: Path) -> None:
    """A transferred call is heard from its beginning."""
    engine = new_catalog(tmp_path)
    later, first = (
        adoption(number, (*inbound(at), of_group("g", at)))
        for number, at in ((1, 2_000_000_000_000_000), (2, 1_999_990_000_000_000))
    )
    adopt(engine, later, first)
    with reading(engine) as connection:
        one = read_call(
            connection,
            later.part_name.recording,
            granted(engine, ReadGrant, later.part_name.recording),
        )
        call = one[0].conversation
        both = read_call(connection, call, granted(engine, ReadGrant, call))

    assert [each.recording for each in one] == [later.part_name.recording]
    assert [each.recording for each in both] == [
        first.part_name.recording,
        later.part_name.recording,
    ]


def test_a_recording_is_opened_by_the_latest_generation_of_each_part(tmp_path: Path) -> None:
    """What was erased by a rewrite must not come back."""
    engine = new_catalog(tmp_path)
    old = adoption(is_last=False)
    name = PartName(recording_id(), 0, 1)
    new = replace(old, part_name=name, path="new.rkn", sha256=b"2" * 32)
    adopt(engine, new, old, adoption(1, part=1))

    with reading(engine) as connection:
        (found,) = stored(connection, recording_id(), granted(engine, ListenGrant, recording_id()))

    assert [part.name.part for part in found.parts] == [0, 1]
    assert (found.parts[0].name, found.parts[0].path) == (name, "new.rkn")
    assert found.parts[0].key_id == old.key_id
    assert found.tenant == DEFAULT_TENANT


def test_an_id_of_another_tenant_is_nobody(tmp_path: Path) -> None:
    """A grant of one tenant reaches nothing of another, whatever id it names."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, tenant=OTHER_TENANT))
    target = recording_id()

    with reading(engine) as connection:
        assert sight(connection, OTHER_TENANT, WHOLE_TENANT, target) is Sight.COVERED
        assert sight(connection, DEFAULT_TENANT, WHOLE_TENANT, target) is Sight.NOTHING
        assert read_call(connection, target, granted(engine, ReadGrant, target)) == ()
        assert stored(connection, target, granted(engine, ListenGrant, target)) == ()
        assert everything(connection, DEFAULT_TENANT) == ()
        assert everything(connection, OTHER_TENANT) == (target,)


def test_a_grant_for_another_call_opens_nothing(tmp_path: Path) -> None:
    """The journal would name the wrong call."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption())
    other = granted(engine, ReadGrant, recording_id(2))

    with reading(engine) as connection:
        with pytest.raises(NotGranted):
            read_call(connection, recording_id(), other)
        with pytest.raises(NotGranted):
            stored(connection, recording_id(), other)
