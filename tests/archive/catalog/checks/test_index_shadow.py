"""The rows of a recording beside those that its stored events make of it anew."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from archive.call.corrections import AgentCorrected, NumberCorrected
from archive.catalog.access.grants import Ask, NotGranted, VerifyGrant, grant
from archive.catalog.checks.index_shadow import IndexShadow, index_shadow
from archive.catalog.database.engine import writing
from archive.catalog.index.agents import import_agents
from archive.catalog.tables.catalog import leg, recording, refused_call
from archive.catalog.tables.derived_forms import SOONER
from archive.ids import PageId
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    TOKYO,
    access,
    adopt,
    adoption,
    index_dump,
    new_catalog,
)
from tests.support.catalog.amendment import OF_AGENT, OF_CUSTOMER, ONE, amend, catalog_with
from tests.support.catalog.ledger import page, refused
from tests.support.catalog.packed import change_events

PAGE = page(1, refused(1))

pytestmark = pytest.mark.both


def shadow(engine: Engine) -> IndexShadow:
    """That of the first recording."""
    return index_shadow(engine, ONE, grant(engine, VerifyGrant, Ask(access=access(), target=ONE)))


def test_what_was_corrected_and_imported_is_as_its_events_make_it(tmp_path: Path) -> None:
    """Both are taken into account, in whatever order they came."""
    engine = catalog_with(tmp_path)
    amend(engine, AgentCorrected(whom=OF_AGENT, agent_id="A19"))
    amend(engine, NumberCorrected(whom=OF_CUSTOMER, number="+81 3 9999 0000"))
    import_agents(engine, AGENTS_CSV.replace("田中", "中田").encode(), TOKYO, access())

    found = shadow(engine)
    assert (found.differing, found.is_waiting) == ((), False)
    assert len(found.parts) == 1


def test_what_is_falsified_is_named_and_stays_as_it_is(tmp_path: Path) -> None:
    """Who verifies mends nothing: it would be gone for whoever looks into it."""
    engine = catalog_with(tmp_path)
    with writing(engine) as connection:
        connection.execute(update(leg).values(side="other"))
        connection.execute(update(recording).values(held_ms=9))
    before = index_dump(engine)

    assert shadow(engine).differing == ("recording.held_ms", "leg.side")
    assert index_dump(engine) == before


def test_rows_of_an_older_form_are_not_compared(tmp_path: Path) -> None:
    """They are made anew in a moment."""
    engine = catalog_with(tmp_path)
    with writing(engine) as connection:
        connection.execute(update(recording).values(derived=SOONER, held_ms=9))

    found = shadow(engine)
    assert (found.differing, found.is_waiting) == ((), True)


def test_events_that_cannot_be_read_are_given_as_they_are(tmp_path: Path) -> None:
    """Nothing can be made of them; they are compared with those of the parts."""
    engine = catalog_with(tmp_path)
    with writing(engine) as connection:
        change_events(connection, lambda told: {**told, 0: b"no event"})

    found = shadow(engine)
    assert (found.differing, found.events[0]) == ((), b"no event")


def test_calls_of_a_ledger_page_are_compared_with_their_events(tmp_path: Path) -> None:
    """Numbers of who was turned away are evidence too."""
    engine, own = new_catalog(tmp_path), PageId(PAGE.part_name.recording.raw)
    adopt(engine, PAGE)
    granted = grant(engine, VerifyGrant, Ask(access=access(), target=own))
    assert index_shadow(engine, own, granted).differing == ()
    with writing(engine) as connection:
        connection.execute(update(refused_call).values(peer="192.0.2.9"))

    assert index_shadow(engine, own, granted).differing == ("refused_call.peer",)


def test_a_page_with_a_stored_event_of_another_kind_is_no_error(tmp_path: Path) -> None:
    """Whoever tampers chooses what is there."""
    engine, own = new_catalog(tmp_path), PageId(PAGE.part_name.recording.raw)
    adopt(engine, PAGE)
    other = b'{"type":"call_ended","at_us":1,"reason":"bye"}'
    with writing(engine) as connection:
        connection.execute(update(refused_call).values(body=other))

    granted = grant(engine, VerifyGrant, Ask(access=access(), target=own))
    assert [*index_shadow(engine, own, granted).events.values()] == [other]


def test_a_grant_is_for_one_recording(tmp_path: Path) -> None:
    """It is the journal's word that somebody looked."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    granted = grant(
        engine, VerifyGrant, Ask(access=access(), target=adoption(2).part_name.recording)
    )

    with pytest.raises(NotGranted):
        index_shadow(engine, ONE, granted)
