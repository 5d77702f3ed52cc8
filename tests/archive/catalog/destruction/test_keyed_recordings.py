"""Which recordings have the keys of events."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.call.events import RouteTaken
from archive.catalog.database.engine import reading
from archive.catalog.destruction.keyed_recordings import recordings_keyed
from archive.catalog.index.agents import import_agents
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.retention_events import EventKey
from tests.archive.catalog.examples import (
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)

AGENTS = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
A17,田中 真由,,,,2001,,
"""


def keyed(engine: Engine, *keys: EventKey) -> frozenset[object]:
    """What has one of these."""
    with reading(engine) as connection:
        return recordings_keyed(connection, tenant_row(connection, DEFAULT_TENANT), keys)


@pytest.fixture
def calls(tmp_path: Path) -> Engine:
    """Two calls of an agent; the first is of a contract, and its tag is typed with a blank."""
    engine = new_catalog(tmp_path)
    import_agents(engine, AGENTS.encode(), TOKYO, access())
    tagged = RouteTaken(
        at_us=STARTED_US, route="r", target="t", mode="yes", tags=("Contract: K-1",)
    )
    adopt(engine, adoption(1, (*inbound(), tagged)), adoption(2))
    return engine


def test_a_recording_is_found_by_its_tag_and_by_its_agent(calls: Engine) -> None:
    """However the tag was typed."""
    assert keyed(calls, EventKey("contract_end", "k-1")) == {recording_id(1)}
    assert keyed(calls, EventKey("agent_left", "a17")) == {recording_id(1), recording_id(2)}


def test_who_has_another_key_is_not_found(calls: Engine) -> None:
    """An agent's id is no contract's number."""
    others = (
        EventKey("contract_end", "a17"),
        EventKey("agent_left", "k-1"),
        EventKey("event:x", "k-1"),
    )

    assert keyed(calls, *others) == frozenset()
    assert keyed(calls) == frozenset()
