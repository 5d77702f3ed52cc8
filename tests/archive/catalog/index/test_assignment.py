"""Who sat at an extension, said afterwards: as of then and as known now, both are found."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from archive.access.query import AgentClue
from archive.agent_assignment import Assignment, AssignmentRefused
from archive.call.corrections import AgentCorrected
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import AgentImport, agents_in_force, assign_agent, import_agents
from archive.catalog.search.found_legs import FoundAgent, found_legs
from archive.catalog.tables.catalog import journal, recording
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    MINUTE_US,
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    index_dump,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.amendment import OF_AGENT, amend
from tests.support.catalog.search import ALWAYS, found
from tests.told import all_told

ONE = adoption()
# The agent at 2001 that day is Tanaka (A17) by the table; it was Ōno (A19), whose desk is 2002.
IT_WAS_ONO = Assignment(
    agent_id="A19",
    extension="2001",
    from_us=STARTED_US - MINUTE_US,
    until_us=STARTED_US + MINUTE_US,
    reason="Tanaka was ill",
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """One call of Tanaka's, as everybody thinks."""
    made = new_catalog(tmp_path)
    import_agents(made, AGENTS_CSV.encode(), TOKYO, access())
    adopt(made, ONE)
    return made


def agent_of(engine: Engine) -> FoundAgent:
    """Whose the call is now."""
    with reading(engine) as connection:
        row = connection.execute(recording.select()).first()
        assert row is not None
        legs = found_legs(connection, row.tenant, [row.row])[row.row]
    (agent,) = [each.agent for each in legs if each.side == "agent"]
    return agent


@pytest.mark.both
def test_free_seating_after_the_fact_has_both_answers(engine: Engine) -> None:
    """Found by whom it was thought to be and by who it was; it says which of them it is."""
    assert found(engine, AgentClue("大野")) == []

    done = assign_agent(engine, IT_WAS_ONO, access())

    assert done == AgentImport(added=3, ended=1, unchanged=2, legs=1)
    assert found(engine, AgentClue("大野")) == found(engine, AgentClue("田中"))
    assert len(found(engine, AgentClue("大野"))) == 1
    now = agent_of(engine)
    assert (now.agent_id, now.name, now.former_ids) == ("A19", "大野 守", ("A17",))
    assert now.former_names == ("田中 真由",)
    assert (now.attributed_by, now.confidence) == ("table", "certain")


@pytest.mark.both
def test_both_answers_stay_when_the_index_is_made_anew(engine: Engine) -> None:
    """The table keeps who it was; the index is derived."""
    assign_agent(engine, IT_WAS_ONO, access())
    before = index_dump(engine)
    rebuild(engine, [ONE])

    assert index_dump(engine) == before
    assert agent_of(engine).former_ids == ("A17",)


def test_before_and_behind_the_stretch_nothing_changes(engine: Engine) -> None:
    """Only the calls of it are anybody else's."""
    late_us = STARTED_US + 10 * MINUTE_US
    adopt(engine, adoption(2, inbound(late_us)))
    assign_agent(engine, IT_WAS_ONO, access())

    assert len(found(engine, AgentClue("大野"))) == 1
    assert str(recording_id(2, late_us)) in found(engine, AgentClue("田中"))


def test_an_extension_taken_over_is_the_former_agents_as_of_then(engine: Engine) -> None:
    """A call of November is Nakata's, who has 2001 since; it was never Tanaka's."""
    adopt(engine, adoption(2, inbound(STARTED_US + 5 * 24 * 60 * MINUTE_US)))
    assign_agent(engine, IT_WAS_ONO, access())

    assert len(found(engine, AgentClue("田中"))) == 1
    with reading(engine) as connection:
        table = agents_in_force(connection, DEFAULT_TENANT)
    assert [(each.agent_id, each.extension) for each in table] == [
        ("A17", "2001"), ("A17", "2001"), ("A18", "2001"), ("A19", "2002"), ("A19", "2001"),
    ]  # fmt: skip


def test_a_call_that_came_after_the_correction_was_never_anybody_elses(engine: Engine) -> None:
    """As of its own day the table said so already."""
    later = Assignment(
        agent_id="A19",
        extension="2001",
        from_us=NOW_US + MINUTE_US,
        until_us=NOW_US + 60 * MINUTE_US,
        reason="next week",
    )
    assign_agent(engine, later, access())
    adopt(engine, adoption(2, inbound(NOW_US + 2 * MINUTE_US)))

    assert len(found(engine, AgentClue("A19"), within=ALWAYS)) == 1
    assert found(engine, AgentClue("A18"), within=ALWAYS) == []


def test_whom_somebody_has_named_by_hand_stays_and_who_it_was_is_found(engine: Engine) -> None:
    """A correction of one call goes before the table."""
    amend(engine, AgentCorrected(whom=OF_AGENT, agent_id="A18"))
    assign_agent(engine, IT_WAS_ONO, access())

    now = agent_of(engine)
    assert (now.agent_id, now.former_ids) == ("A18", ("A17", "A19"))


def test_it_is_journalled_with_what_was_said_and_why(engine: Engine) -> None:
    """As an import is; the reason is a text, which goes when texts go."""
    assign_agent(engine, IT_WAS_ONO, access())
    with reading(engine) as connection:
        entry = all_told(connection, DEFAULT_TENANT)[-1].entry

    assert (entry.action, entry.target) == ("agents_imported", "agents")
    assert {key: entry.detail[key] for key in ("agent_id", "extension", "why", "legs")} == {
        "agent_id": "A19", "extension": "2001", "why": "Tanaka was ill", "legs": 1,
    }  # fmt: skip
    with reading(engine) as connection:
        kept = connection.scalars(select(journal.c.detail)).all()
    assert not any("Tanaka was ill" in each for each in kept)
    assert entry.detail["from"] == "2026-10-29T08:41:10+00:00"


def test_what_is_refused_changes_nothing(engine: Engine) -> None:
    """Neither the table nor the journal."""
    nobody = Assignment(
        agent_id="A99", extension="2001", from_us=1, until_us=2, reason="a slip of the hand"
    )
    before = index_dump(engine)
    with pytest.raises(AssignmentRefused):
        assign_agent(engine, nobody, access())

    assert index_dump(engine) == before
