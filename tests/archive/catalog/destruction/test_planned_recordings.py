"""The lines of a plan on their way out."""

from pathlib import Path

from sqlalchemy import Engine

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.planned_recordings import (
    StoredLine,
    count_stages,
    destroyed_by_day,
    drop,
    drop_rest,
    in_open_plans,
    intend,
    last_causes,
    lines_of,
    next_planned,
    note_gone,
    note_keyless,
    plans_under_way,
    put_back,
    under_way,
    under_way_among,
)
from archive.catalog.destruction.plans import end_plan
from archive.lifecycle.intention import Intention
from tests.archive.catalog.examples import new_catalog, recording_id
from tests.support.catalog.destruction_plans import append, line

DAY_US = 86_400_000_000
TENANT = 1
OWN = [recording_id(at) for at in range(4)]


def planned(folder: Path) -> tuple[Engine, list[StoredLine]]:
    """A plan of four recordings."""
    engine = new_catalog(folder)
    with writing(engine) as connection:
        append(connection, *(line(at) for at in range(4)))
        return engine, list(next_planned(connection, TENANT, 1, 10))


def intention(at: int) -> Intention:
    return Intention(recording=str(OWN[at]), call="00" * 16, hour_us=0)


def test_a_line_goes_its_way_and_keeps_nothing_but_its_digest(tmp_path: Path) -> None:
    """D1, D2, D4; the others fall out, or are put back and are next again."""
    engine, lines = planned(tmp_path)
    rows = [each.row for each in lines]
    with writing(engine) as connection:
        intend(connection, [(rows[at], intention(at)) for at in (0, 1)])
        begun = under_way_among(connection, TENANT, OWN)
        put_back(connection, [rows[1]])
        note_keyless(connection, {rows[0]: 5 * DAY_US})
        (left,) = under_way(connection, TENANT, 1)
        plans = plans_under_way(connection, TENANT)
        drop(connection, {rows[2]: "held"})
        note_gone(connection, [rows[0]])
        after = lines_of(connection, TENANT, 1)
        stages = count_stages(connection, TENANT, 1)
        days = destroyed_by_day(connection, TENANT, 0)
        again = next_planned(connection, TENANT, 1, 1)

    assert begun == {OWN[0]: "intended", OWN[1]: "intended"}
    assert (left.line.stage, left.intention, plans) == ("keyless", intention(0), (1,))
    assert [each.recording for each in after] == [None, *OWN[1:]]
    assert stages == {("gone", ""): 1, ("planned", ""): 2, ("dropped", "held"): 1}
    assert days == {5: 1}
    assert [each.row for each in again] == [rows[1]]


def test_what_is_in_an_open_plan_is_known_and_why_others_fell_out(tmp_path: Path) -> None:
    """A plan that ended keeps nothing from being planned again."""
    engine, lines = planned(tmp_path)
    with writing(engine) as connection:
        drop(connection, {lines[0].row: "frozen"})
        before = in_open_plans(connection, TENANT)
        drop_rest(connection, TENANT, 1, "stopped")
        end_plan(connection, 1, 1, "stopped")
    with reading(engine) as connection:
        after = in_open_plans(connection, TENANT)
        causes = last_causes(connection, TENANT)

    assert before == dict.fromkeys(OWN[1:], 1)
    assert after == {}
    assert causes == {OWN[0]: "frozen", **dict.fromkeys(OWN[1:], "stopped")}


def test_a_page_of_lines_begins_behind_a_place(tmp_path: Path) -> None:
    """A plan of a quarter of a million is read page by page."""
    engine, lines = planned(tmp_path)
    with reading(engine) as connection:
        page = lines_of(connection, TENANT, 1, behind=lines[1].row, limit=1)

    assert page == (lines[2],)
