"""What is read of a recording before it goes."""

from pathlib import Path

from archive.call.events import RouteTaken
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from archive.catalog.index.intentions import intentions_of
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
from tests.support.catalog.retained import AGENTS

ROUTED = RouteTaken(
    at_us=STARTED_US, route="r", target="t", mode="yes", queue="Support", purpose="",
    controller="Acme",
)  # fmt: skip


def test_an_intention_has_all_files_and_what_a_reach_may_name(tmp_path: Path) -> None:
    """Queues, teams and controllers as they are compared; the hour, and no number."""
    engine = new_catalog(tmp_path)
    import_agents(engine, AGENTS.encode(), TOKYO, access())
    events = (*inbound(), ROUTED)
    adopt(engine, adoption(1, events, part=0, is_last=False), adoption(1, part=1))
    with reading(engine) as connection:
        found = intentions_of(connection, 1, [recording_id(1), recording_id(2)])
    own = found[recording_id(1)]

    assert found.keys() == {recording_id(1)}
    assert [each.part for each in own.parts] == [0, 1]
    assert all(str(recording_id(1)) in each.path for each in own.parts)
    assert (own.queues, own.teams, own.controllers) == (("support",), ("loans",), ("acme",))
    assert own.hour_us == STARTED_US - STARTED_US % 3_600_000_000
    assert "2347788" not in own.encode()
