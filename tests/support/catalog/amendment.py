"""What tests of amendment share."""

from pathlib import Path

from sqlalchemy import Engine

from archive.call.corrections import ByParticipant, Change, Correction
from archive.call.events import Event, RouteTaken
from archive.catalog.access.grants import Ask, CorrectGrant, grant
from archive.catalog.database.engine import writing
from archive.catalog.index.agents import import_agents
from archive.catalog.index.amendment import correct
from archive.ids import RecordingId
from tests.archive.catalog.examples import (
    AGENT,
    AGENTS_CSV,
    CUSTOMER,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)

ONE = recording_id(1)


OF_CUSTOMER = ByParticipant(participant=f"participant of {CUSTOMER}")


OF_AGENT = ByParticipant(participant=f"participant of {AGENT}")


TAKEN = RouteTaken(
    at_us=STARTED_US, route="main", target="pbx", mode="yes", queue="support", purpose="quality",
    controller="acme", tags=("Gold",),
)  # fmt: skip


def catalog_with(folder: Path, *told: Event, table: str = AGENTS_CSV) -> Engine:
    """One call, by default of a customer with Tanaka, who sits at 2001."""
    engine = new_catalog(folder)
    import_agents(engine, table.encode(), TOKYO, access())
    adopt(engine, adoption(1, told or (*inbound(), TAKEN)))
    return engine


def amend(engine: Engine, change: Change, own: RecordingId = ONE, why: str = "heard") -> Correction:
    granted = grant(engine, CorrectGrant, Ask(access=access(), target=own))
    with writing(engine) as connection:
        return correct(connection, own, change, why, granted)
