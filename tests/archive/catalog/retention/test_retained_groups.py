"""Rows of recordings that are judged one by one, or read because they are due."""

from sqlalchemy import Connection

from archive.catalog.retention.retained_groups import (
    EndedRecording,
    all_rows,
    ended_between,
    joined_rows,
    rows_of,
    span,
)
from archive.catalog.retention.retention_classes import classes
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import MINUTE_US, STARTED_US, recording_id
from tests.support.catalog.retained_groups import LATER_US, SIZE, connection as connection


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
