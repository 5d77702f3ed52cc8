"""The facts of recordings as rows: copied, left alone, written again."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select

from archive.call.events import RouteTaken
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.derivation import derive_recording
from archive.catalog.index.facts_rows import facts_of, is_audio_gone, leave_facts, replay_facts
from archive.catalog.tables.catalog import (
    INDEX_TABLES,
    call_id,
    leg,
    leg_naming,
    packed_events,
    part,
    recording,
    text_piece,
)
from archive.lifecycle.kept_facts import KeptFacts
from tests.archive.catalog.examples import (
    STARTED_US,
    adopt,
    adoption,
    inbound,
    index_dump,
    new_catalog,
    of_group,
    recording_id,
)

OWN = recording_id(1)
TAGGED = RouteTaken(at_us=STARTED_US, route="main", target="pbx", mode="yes", tags=("解約",))
CALL = (*inbound(agent_names=("山田 太郎",))[:-1], of_group("one"), TAGGED, inbound()[-1])


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = new_catalog(tmp_path)
    adopt(made, adoption(1, CALL))
    return made


def copied(engine: Engine) -> KeptFacts:
    """Out of the index, which has nothing else of it left then."""
    with writing(engine) as connection:
        facts = facts_of(connection, 1, [OWN])[OWN]
        leave_facts(connection, 1, OWN)
    return facts


def emptied(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in INDEX_TABLES:
            connection.execute(delete(table))


def test_the_rows_of_a_copy_are_those_that_were_left(engine: Engine) -> None:
    """Whoever searches sees no difference."""
    facts = copied(engine)
    before = index_dump(engine)
    emptied(engine)
    with writing(engine) as connection:
        replay_facts(connection, 1, OWN, facts)
        replay_facts(connection, 1, OWN, facts)

    assert index_dump(engine) == before
    assert [len(before[table.name]) for table in (part, packed_events)] == [0, 0]
    assert before[call_id.name], "by which a call is known to others"
    assert before[text_piece.name], "by which what was written is found"


def test_a_copy_has_an_id_as_it_was_told(engine: Engine) -> None:
    """The index may have it folded alone; whoever reads a copy knows nothing of that."""
    told = [(each["kind"], each["value"], each["folded"]) for each in copied(engine).ids]

    assert ("recording_session", "call-id", "call-id") in told


def test_what_a_later_version_wrote_besides_is_passed_over(engine: Engine) -> None:
    """A column that this one does not have."""
    facts = copied(engine)
    facts.recording["mood"] = "good"
    emptied(engine)
    with writing(engine) as connection:
        replay_facts(connection, 1, OWN, facts)
        assert connection.scalar(select(recording.c.state)) == "destroyed"


def test_another_recording_of_the_call_still_joins_it(engine: Engine) -> None:
    """By the ids that are facts, too."""
    copied(engine)
    adopt(engine, adoption(2, CALL))
    with reading(engine) as connection:
        calls = connection.scalars(select(recording.c.conversation)).all()

    assert len(calls) == 2
    assert len(set(calls)) == 1


def test_what_is_derived_anew_leaves_facts_as_they_are(engine: Engine) -> None:
    """A new form, or agents that were imported: there is nothing to derive from."""
    copied(engine)
    before = index_dump(engine)
    with writing(engine) as connection:
        row = connection.scalar(select(recording.c.row))
        assert row is not None
        assert is_audio_gone(connection, 1, row)
        derive_recording(connection, 1, row)

    assert index_dump(engine) == before


def test_of_what_the_index_has_not_nothing_is_left(engine: Engine) -> None:
    """It was rebuilt in between."""
    emptied(engine)
    with writing(engine) as connection:
        leave_facts(connection, 1, OWN)
        assert facts_of(connection, 1, [OWN]) == {}


def test_what_older_forms_took_for_known_and_guessed_is_known_no_more(engine: Engine) -> None:
    """Nothing is left to derive from; what a copy says is all that there is."""
    facts = copied(engine)
    facts.recording["direction_because"] = "order"
    for each in facts.legs:
        each.own.update(side_because="first_stream", attributed_by="metadata", confidence="likely")
    emptied(engine)
    with writing(engine) as connection:
        replay_facts(connection, 1, OWN, facts)
        told = connection.execute(select(recording.c.direction, recording.c.direction_because))
        legs = connection.execute(select(leg.c.side, leg.c.attributed_by, leg.c.confidence))
        sides = connection.scalars(select(leg_naming.c.side).distinct())

        assert tuple(told.one()) == ("unknown", "")
        assert {tuple(each) for each in legs} == {
            ("customer", "none", "none"),
            ("agent", "none", "none"),
        }
        assert sides.all() == ["unknown"]
