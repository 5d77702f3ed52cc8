"""Rows of recordings that are judged one by one, or read because they are due."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from archive.catalog.engine import reading
from archive.catalog.retained_groups import (
    EndedRecording,
    all_rows,
    ended_between,
    joined_rows,
    rows_of,
    span,
)
from archive.catalog.retention_classes import classes
from archive.catalog.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    MINUTE_US,
    OTHER_TENANT,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
    recording_id,
)

LATER_US = STARTED_US + 60 * MINUTE_US
SIZE = 1 << 20


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Three alike and one later, one that is up, two of one conversation; and another tenant's."""
    engine = new_catalog(tmp_path)
    adopt(
        engine,
        adoption(1),
        adoption(2, inbound(customer="sip:+819012345678@carrier.example")),
        adoption(3, inbound(agent="sip:3001@pbx.example")),
        adoption(4, inbound(LATER_US)),
        adoption(5, is_last=False),
        adoption(6, (*inbound(), of_group("g"))),
        adoption(7, (*inbound(), of_group("g", STARTED_US + 1))),
        adoption(8, tenant=OTHER_TENANT),
    )
    with reading(engine) as connection:
        yield connection
    engine.dispose()


def test_what_shares_a_conversation_is_found_and_when_the_first_and_the_last_ended(
    connection: Connection,
) -> None:
    """By rows; of another tenant nothing."""
    tenant = tenant_row(connection, DEFAULT_TENANT)
    own = [recording_id(number) for number in (6, 7, 8)]

    assert set(joined_rows(connection, tenant)) == {6, 7}
    assert rows_of(connection, tenant, own) == {own[0]: 6, own[1]: 7}
    assert len(all_rows(connection, tenant)) == 7
    assert span(connection, tenant) == (
        STARTED_US + 9 * MINUTE_US, LATER_US + 9 * MINUTE_US,
    )  # fmt: skip
    assert span(connection, 4711) is None


def test_those_of_classes_that_ended_within_a_time_are_read(connection: Connection) -> None:
    """Of the tenant; what is in no class is not among them."""
    tenant = tenant_row(connection, DEFAULT_TENANT)
    known = list(classes(connection, tenant))
    late_us = LATER_US + 9 * MINUTE_US
    late = list(ended_between(connection, tenant, known, range(late_us, late_us + 1)))
    early = ended_between(connection, tenant, known, range(late_us))

    fourth = recording_id(4, LATER_US)
    assert late == [
        EndedRecording(
            row=4, recording=fourth, started_us=LATER_US, ended_us=late_us, size_bytes=SIZE
        )
    ]
    assert sorted(each.row for each in early) == [1, 2, 3, 6, 7]
    assert list(ended_between(connection, tenant, [], range(late_us))) == []
