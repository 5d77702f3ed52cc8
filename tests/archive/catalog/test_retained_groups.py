"""Recordings counted together by kind, by sets of numbers, and by when they ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from archive.catalog.engine import reading
from archive.catalog.retained_groups import (
    UNKNOWN_KIND,
    Group,
    all_rows,
    group,
    joined_rows,
    rows_of,
    span,
)
from archive.catalog.retention_classes import classes
from archive.catalog.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.reach import NumberRange
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

TOKYO_NUMBERS = frozenset({NumberRange.parse("+81312*")})
MOBILES = frozenset({NumberRange.parse("+8190*"), NumberRange.parse("2001-2009")})
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


def test_they_are_counted_by_kind_and_sets_of_numbers_and_stretch(connection: Connection) -> None:
    """What is in no class is of the unknown kind; an address withheld is in no set."""
    tenant = tenant_row(connection, DEFAULT_TENANT)
    kinds = dict.fromkeys(classes(connection, tenant), 7)
    grouping = group(connection, tenant, kinds, [TOKYO_NUMBERS, MOBILES], [6, 7])
    early = grouping.ended_between(connection, 0, LATER_US)
    late = grouping.ended_between(connection, LATER_US, LATER_US + 60 * MINUTE_US)

    assert sorted(early, key=lambda one: (one.kind, one.sets)) == [
        Group(kind=UNKNOWN_KIND, sets=0b11, recordings=1, size_bytes=SIZE),
        Group(kind=7, sets=0b01, recordings=1, size_bytes=SIZE),
        Group(kind=7, sets=0b10, recordings=1, size_bytes=SIZE),
        Group(kind=7, sets=0b11, recordings=1, size_bytes=SIZE),
    ]
    assert late == (Group(kind=7, sets=0b11, recordings=1, size_bytes=SIZE),)


def test_without_sets_and_without_any_apart_all_are_counted(connection: Connection) -> None:
    """Of the tenant."""
    tenant = tenant_row(connection, DEFAULT_TENANT)
    kinds = dict.fromkeys(classes(connection, tenant), 1)
    found = group(connection, tenant, kinds, [], []).ended_between(connection, 0, 1 << 62)

    assert {each.kind: each.recordings for each in found} == {UNKNOWN_KIND: 1, 1: 6}
    assert {each.sets for each in found} == {0}


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
