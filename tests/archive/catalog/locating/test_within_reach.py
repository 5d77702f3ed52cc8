"""Which rows of columns lie within a reach: those that the index lets who asks see."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, delete, select

from archive.access.reach import EVERYWHERE, Reach, ReachRule, Within
from archive.access.use import EVERY_USE
from archive.catalog.access.reach import within
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.agents import import_agents
from archive.catalog.locating.changes import last_change, note_changes
from archive.catalog.locating.source_rows import month_rows, months_with_calls
from archive.catalog.locating.within_reach import AllowedRows
from archive.catalog.search.located_calls import stored_calls
from archive.catalog.tables.catalog import leg_address, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.locate.ranking.group_reach import reached_groups
from tests.archive.catalog.examples import TOKYO, access, adopt, adoption, new_catalog
from tests.support.catalog.reach import CONTROLLERS, QUEUES, SEATS, TEAMS, Told, call, put_three

RULES = {
    "all": EVERYWHERE,
    "none": (),
    "queue": (ReachRule(queues=frozenset({"support"})),),
    "team": (ReachRule(teams=frozenset({"red"})),),
    "controller": (ReachRule(controllers=frozenset({"acme k.k."})),),
    "queue and team": (ReachRule(queues=frozenset({"sales"}), teams=frozenset({"東京"})),),
    "number": (ReachRule(numbers=frozenset({"+8131*"})),),
    "number and queue": (ReachRule(numbers=frozenset({"+8131*"}), queues=frozenset({"sales"})),),
    "queue or number": (
        ReachRule(queues=frozenset({"support"})),
        ReachRule(numbers=frozenset({"+8145*"})),
    ),
}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Every queue with every controller, team and two numbers."""
    made = new_catalog(tmp_path)
    seats = "".join(f"A{SEATS[team]},x,,,,{SEATS[team]},,,{team}\n" for team in TEAMS)
    head = "agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to,team\n"
    import_agents(made, (head + seats).encode(), TOKYO, access())
    told = product(QUEUES, CONTROLLERS, TEAMS, ("+81312347788", "+81451112222"))
    adopt(made, *(adoption(n, call(Told(*each))) for n, each in enumerate(told, 1)))
    return made


def rows_within(engine: Engine, allowed: Within) -> set[int]:
    """As a ranking scores them."""
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        marked = AllowedRows().of(connection, tenant, allowed, 0)
        found: set[int] = set()
        for month in months_with_calls(connection, tenant):
            source = month_rows(connection, tenant, month)
            inside = reached_groups(source.groups, allowed)[source.rows["group"]]
            rows = source.rows["recording"]
            if marked is not None:
                inside &= np.take(marked, rows, mode="clip")
            found |= set(rows[inside].tolist())
    return found


def rows_seen(engine: Engine, allowed: Within) -> set[int]:
    """As the index lets them be seen."""
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        seen = select(recording.c.row).where(recording.c.tenant == tenant)
        return set(connection.scalars(seen.where(*within(tenant, allowed))))


@pytest.mark.parametrize("reach", RULES.values(), ids=RULES)
def test_rows_within_a_reach_are_the_recordings_that_may_be_seen(
    engine: Engine, reach: Reach
) -> None:
    """By groups where they tell, by the index where they do not."""
    allowed = Within(reach=reach, use=EVERY_USE)
    assert rows_within(engine, allowed) == rows_seen(engine, allowed)
    assert rows_within(engine, replace(allowed, purpose="x")) == rows_seen(engine, allowed)


def test_what_changed_since_is_read_and_nothing_else(engine: Engine) -> None:
    """Of a reach that names numbers: all of a tenant's recordings are read once."""
    allowed, kept = Within(reach=RULES["number"], use=EVERY_USE), AllowedRows()
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        first = kept.of(connection, tenant, allowed, last_change(connection, tenant))
        assert kept.of(connection, tenant, allowed, last_change(connection, tenant)) is first
    new = [
        call(Told("sales", "Acme K.K.", "Red", each)) for each in ("+81312347788", "+81451112222")
    ]
    adopt(engine, *(adoption(n, told) for n, told in enumerate(new, 200)))
    with reading(engine) as connection:
        row = connection.scalars(select(recording.c.row).order_by(recording.c.row)).first()
    assert row is not None
    with writing(engine) as connection:
        connection.execute(delete(leg_address).where(leg_address.c.recording == row))
        note_changes(connection, tenant, recording.c.row == row)

    with reading(engine) as connection:
        marked = kept.of(connection, tenant, allowed, last_change(connection, tenant))
    assert marked is not None
    assert set(np.flatnonzero(marked).tolist()) == rows_seen(engine, allowed)


def test_a_purpose_leaves_out_what_was_made_for_others(tmp_path: Path) -> None:
    """What has none is for every purpose."""
    engine = new_catalog(tmp_path)
    put_three(engine)
    allowed = Within(reach=EVERYWHERE, purpose="Quality", use=EVERY_USE)

    assert rows_within(engine, allowed) == rows_seen(engine, allowed)
    assert len(rows_seen(engine, allowed)) == 2


def test_of_a_conversation_only_what_is_within_is_told(engine: Engine) -> None:
    """With its legs."""
    allowed = Within(reach=RULES["queue"], use=EVERY_USE)
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        calls = list(connection.scalars(select(recording.c.conversation)))
        stored = stored_calls(connection, tenant, allowed, calls)

    assert set(stored.found) == rows_seen(engine, allowed)
    assert all(each.legs for each in stored.found.values())
