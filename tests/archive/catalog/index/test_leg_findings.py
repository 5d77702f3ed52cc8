"""Sides and agents in force, and what they were."""

from pathlib import Path

from archive.call.corrections import (
    AgentCorrected,
    ByParticipant,
    Change,
    Correction,
    NumberCorrected,
)
from archive.call.facts import describe
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from archive.catalog.index.leg_findings import LegFindings, judge
from archive.catalog.index.legs import FormerLeg
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    AGENT,
    AGENTS_CSV,
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    inbound,
    new_catalog,
    numbered,
)

WHOM = ByParticipant(participant=f"participant of {AGENT}")


def judged(folder: Path, *changes: Change) -> LegFindings:
    engine = new_catalog(folder)
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    corrections = [
        Correction(change=each, author="a", at_us=NOW_US, reason="", was=(), journal=1)
        for each in changes
    ]
    facts = describe(numbered(inbound()), corrections, first_us=STARTED_US, last_us=STARTED_US + 1)
    with reading(engine) as connection:
        return judge(connection, tenant_row(connection, DEFAULT_TENANT), facts.people)


def test_of_what_nobody_has_corrected_nothing_is_former(tmp_path: Path) -> None:
    """Most calls."""
    found = judged(tmp_path)

    assert [leg.former for leg in found.legs] == [FormerLeg(), FormerLeg()]
    assert found.legs[1].attribution.agent_id == "A17"


def test_every_agent_who_was_named_is_kept_once(tmp_path: Path) -> None:
    """By the table, by hand, and by hand again; the one in force is not former."""
    found = judged(
        tmp_path,
        *(AgentCorrected(whom=WHOM, agent_id=each) for each in ("A18", "A17", "A18")),
    )

    assert found.legs[1].attribution.agent_id == "A18"
    assert found.legs[1].former.agents == ("A17",)


def test_who_called_follows_from_what_was_received(tmp_path: Path) -> None:
    """A number that is put right did not call otherwise."""
    (tmp_path / "other").mkdir()
    untouched = judged(tmp_path / "other")
    found = judged(tmp_path, NumberCorrected(whom=WHOM, number="2002"))

    assert found.course == untouched.course
    assert [at.number.raw for at in found.legs[1].former.addresses] == ["2001"]
