"""The class of a recording follows its values, whatever changes them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from archive.call.corrections import QueueCorrected, TagAdded
from archive.catalog.access.grants import Ask, CorrectGrant, grant
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.agents import import_agents
from archive.catalog.index.amendment import correct
from archive.catalog.index.outdated_rows import derive_or_put_aside
from archive.catalog.index.removal import remove_recording
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.retention.retained_values import is_known, values_of
from archive.catalog.retention.retention_classes import SOME_NUMBERS, classes
from archive.catalog.tables.catalog import recording, retention_class
from archive.catalog.tables.derived_forms import FORM
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    NOW_US,
    OTHER_TENANT,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)
from tests.support.catalog.packed import change_events
from tests.support.catalog.retained import AGENTS

CUSTOMERS = ("sip:+81312347788@carrier.example", "sip:+819012345678@carrier.example")


def rows(engine: Engine, number: int) -> int:
    with reading(engine) as connection:
        own = recording_id(number).raw
        return int(
            connection.execute(select(recording.c.row).where(recording.c.id == own)).scalar_one()
        )


def is_in_its_class(engine: Engine) -> bool:
    """Whether each recording's class has its values, and no class is empty or there twice."""
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        known = classes(connection, tenant)
        found = connection.execute(select(recording).where(recording.c.tenant == tenant)).all()
        values = values_of(connection, tenant, found)
    for row in found:
        own = values[row.row]
        of_class = {**own, "number": None if own["number"] is None else SOME_NUMBERS}
        if is_known(row) and known.get(row.retention_class) != of_class:
            return False
        if not is_known(row) and row.retention_class is not None:
            return False
    told = {tuple(sorted((k, str(v)) for k, v in own.items())) for own in known.values()}
    return set(known) == {row.retention_class for row in found} - {None} and len(told) == len(known)


def corrected(engine: Engine, change: QueueCorrected | TagAdded) -> None:
    own = recording_id(1)
    granted = grant(engine, CorrectGrant, Ask(access=access(), target=own))
    with writing(engine) as connection:
        correct(connection, own, change, "heard", granted)


def imported(engine: Engine) -> None:
    import_agents(engine, AGENTS.encode(), TOKYO, access())


def removed(engine: Engine) -> None:
    with writing(engine) as connection:
        remove_recording(connection, tenant_row(connection, DEFAULT_TENANT), 1)


def unread(engine: Engine) -> None:
    """A later version wrote it; this one cannot read it."""
    with writing(engine) as connection:
        change_events(connection, lambda told: dict.fromkeys(told, b"?"), row=1)
        derive_or_put_aside(connection, tenant_row(connection, DEFAULT_TENANT), 1)


CHANGES: dict[str, Callable[[Engine], None]] = {
    "its last part": lambda engine: adopt(engine, adoption(3, part=1)),
    "a correction": lambda engine: corrected(engine, QueueCorrected(queue="Sales")),
    "a tag": lambda engine: corrected(engine, TagAdded(tag="VIP")),
    "a table of agents": imported,
    "another table": lambda engine: (
        imported(engine),
        import_agents(engine, AGENTS.splitlines()[0].encode(), TOKYO, access()),
    )[0],
    "its end": removed,
    "events that cannot be read": unread,
}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Two calls that are alike but for their numbers, one that is up, one of another tenant."""
    engine = new_catalog(tmp_path)
    first, second = (inbound(customer=each) for each in CUSTOMERS)
    adopt(
        engine,
        adoption(1, first),
        adoption(2, second),
        adoption(3, is_last=False),
        adoption(9, tenant=OTHER_TENANT),
    )
    return engine


def test_calls_that_differ_in_their_numbers_are_alike_and_one_that_is_up_is_in_no_class(
    engine: Engine,
) -> None:
    """Else nearly every call would be a class of its own."""
    with reading(engine) as connection:
        found = connection.execute(
            select(recording.c.retention_class, recording.c.size_bytes).order_by(recording.c.row)
        ).all()
        (of_first, _), (of_second, _), (of_third, _), (of_another, _) = found

    assert of_first == of_second
    assert of_third is None
    assert of_another not in {of_first, None}
    assert [size for _, size in found] == [1 << 20] * 4
    assert is_in_its_class(engine)


@pytest.mark.parametrize("what", CHANGES)
def test_the_class_follows(engine: Engine, what: str) -> None:
    """What is left behind by nobody goes: its tags may be all that is known of somebody."""
    CHANGES[what](engine)
    CatalogWriter(engine, lambda: NOW_US).derive(100)

    assert is_in_its_class(engine)
    engine.dispose()


def test_a_table_of_agents_leaves_what_waits_for_it_in_no_class(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is derived anew nothing of it is known, and nothing is judged by what was."""
    monkeypatch.setattr("archive.catalog.index.agents.DECIDED_AT_ONCE", 0)
    imported(engine)
    with reading(engine) as connection:
        waiting = connection.scalar(
            select(func.count()).where(recording.c.derived < FORM, recording.c.tenant == 1)
        )

    assert waiting
    assert is_in_its_class(engine)


def test_of_a_class_of_an_older_form_nothing_is_known(engine: Engine) -> None:
    """An older version did not ask all that this one does."""
    with writing(engine) as connection:
        connection.execute(update(retention_class).values(form=FORM - 1))
    with reading(engine) as connection:
        assert classes(connection, tenant_row(connection, DEFAULT_TENANT)) == {}


def test_the_size_is_that_of_all_parts(engine: Engine) -> None:
    """Also of one whose events cannot be read."""
    adopt(engine, adoption(3, part=1))
    with reading(engine) as connection:
        row = rows(engine, 3)
        size = connection.scalar(select(recording.c.size_bytes).where(recording.c.row == row))

    assert size == 2 << 20
