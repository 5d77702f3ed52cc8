"""The register of measures."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from archive.access.reach import WHOLE_TENANT, Within
from archive.catalog.database.engine import reading, writing
from archive.catalog.holds.measures import lift_measure, measures_of, measures_of_case, take_measure
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.lifecycle.measures import Measure, MeasureKind
from tests.archive.catalog.examples import (
    NOW_US,
    OTHER_TENANT,
    adopt,
    adoption,
    author,
    inbound,
    new_catalog,
    of_group,
    recording_id,
)
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.measures import act
from tests.told import all_told

ONE, TWO = recording_id(1), recording_id(2)
SUSPENSION = Measure(kind=MeasureKind.SUSPENSION, case="D-1")
FREEZE = Measure(kind=MeasureKind.FREEZE, case="D-1")
WHOLE = replace(FREEZE, whole_conversation=True)


def in_force(engine: Engine, *asked: RecordingId) -> dict[RecordingId, list[Measure]]:
    with reading(engine) as connection:
        found = measures_of(connection, tenant_row(connection, DEFAULT_TENANT), asked)
    return {own: [each.measure for each in taken] for own, taken in found.items()}


def test_a_measure_is_in_force_from_its_entry_to_the_entry_that_lifts_it(tmp_path: Path) -> None:
    """Twice is once; of two recordings only the one that has it not yet gets it."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        assert take_measure(connection, author(), act(SUSPENSION, ONE)) == (ONE,)
        assert take_measure(connection, author(), act(SUSPENSION, ONE)) == ()
        assert take_measure(connection, author(), act(SUSPENSION, ONE, TWO)) == (TWO,)
    assert in_force(engine, ONE, TWO) == {ONE: [SUSPENSION], TWO: [SUSPENSION]}
    with writing(engine) as connection:
        assert lift_measure(connection, author(), act(SUSPENSION, ONE)) == (ONE,)
        assert lift_measure(connection, author(), act(SUSPENSION, ONE)) == ()
    with reading(engine) as connection:
        told = [each.entry for each in all_told(connection)]

    assert in_force(engine, ONE, TWO) == {TWO: [SUSPENSION]}
    assert [(each.action, each.detail["recordings"]) for each in told] == [
        ("measure_taken", [str(ONE)]),
        ("measure_taken", [str(TWO)]),
        ("measure_lifted", [str(ONE)]),
    ]
    assert told[0].detail["case"] == "D-1"


def test_what_one_case_lifts_stays_of_another(tmp_path: Path) -> None:
    """Also of another tenant's recording of the same id."""
    engine = new_catalog(tmp_path)
    other = replace(SUSPENSION, case="D-2")
    with writing(engine) as connection:
        for each in (SUSPENSION, other):
            take_measure(connection, author(), act(each, ONE))
        take_measure(connection, author(OTHER_TENANT), act(SUSPENSION, ONE))
        lift_measure(connection, author(OTHER_TENANT), act(SUSPENSION, ONE))
        lift_measure(connection, author(), act(other, ONE))

    assert in_force(engine, ONE) == {ONE: [SUSPENSION]}


def test_a_freeze_of_a_whole_conversation_is_on_what_comes_to_it_later(tmp_path: Path) -> None:
    """A transfer that is archived after the case was opened belongs to it as well."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, (*inbound(), of_group("g"))), adoption(3))
    with writing(engine) as connection:
        take_measure(connection, author(), act(WHOLE, ONE))
    adopt(engine, adoption(2, (*inbound(), of_group("g"))))

    assert in_force(engine, ONE, TWO, recording_id(3)) == {ONE: [WHOLE], TWO: [WHOLE]}


def test_a_freeze_becomes_one_of_the_whole_conversation_and_is_lifted_as_one(
    tmp_path: Path,
) -> None:
    """Who lifts it need not know how it was said."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        assert take_measure(connection, author(), act(FREEZE, ONE)) == (ONE,)
        assert take_measure(connection, author(), act(WHOLE, ONE)) == (ONE,)
        assert take_measure(connection, author(), act(FREEZE, ONE)) == ()
        assert lift_measure(connection, author(), act(FREEZE, ONE)) == (ONE,)

    assert in_force(engine, ONE) == {}


def test_a_rebuild_of_the_index_lifts_nothing(tmp_path: Path) -> None:
    """Recordings have other rows after it, and the same ids."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(3), adoption(1))
    with writing(engine) as connection:
        take_measure(connection, author(at_us=NOW_US), act(SUSPENSION, ONE))
    rebuild(engine, [adoption(1), adoption(3)])

    assert in_force(engine, ONE, recording_id(3)) == {ONE: [SUSPENSION]}


def test_a_case_is_told_what_it_has_done_within_the_reach_of_who_asks(tmp_path: Path) -> None:
    """In the order in which it was done, behind a place; of what is out of reach nothing."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2))
    with writing(engine) as connection:
        take_measure(connection, author(), act(FREEZE, ONE, TWO))
        take_measure(connection, author(), act(SUSPENSION, ONE))
        lift_measure(connection, author(), act(FREEZE, TWO))
        tenant = tenant_row(connection, DEFAULT_TENANT)
        found = measures_of_case(connection, tenant, "D-1", WHOLE_TENANT, 0)
        rest = measures_of_case(connection, tenant, "D-1", WHOLE_TENANT, found[0].place)
        nothing = measures_of_case(connection, tenant, "D-1", Within(reach=()), 0)

    assert [(each.taken.recording, each.taken.measure, each.lifted_us) for each in found] == [
        (ONE, FREEZE, None), (TWO, FREEZE, NOW_US), (ONE, SUSPENSION, None),
    ]  # fmt: skip
    assert rest == found[1:]
    assert nothing == ()
