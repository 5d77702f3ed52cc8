"""What tests of retained groups share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from archive.catalog.database.engine import reading
from tests.archive.catalog.examples import (
    MINUTE_US,
    OTHER_TENANT,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
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
