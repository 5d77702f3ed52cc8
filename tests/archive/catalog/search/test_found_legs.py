"""Legs as they are told."""

from pathlib import Path

from sqlalchemy import select

from archive.call.legs import Decided, LegStream
from archive.catalog.database.engine import reading
from archive.catalog.search.found_legs import FoundLeg, FoundNumber, found_legs
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import adopt, adoption, inbound, new_catalog
from tests.support.catalog.people import mixed_call


def legs(folder: Path) -> list[tuple[FoundLeg, ...]]:
    engine = new_catalog(folder)
    adopt(engine, adoption(1, mixed_call()), adoption(2, inbound()))
    with reading(engine) as connection:
        rows = list(connection.scalars(select(recording.c.row).order_by(recording.c.row)))
        found = found_legs(connection, tenant_row(connection, DEFAULT_TENANT), rows)
    return [found[row] for row in rows]


def test_each_recording_has_its_own_legs_in_their_order(tmp_path: Path) -> None:
    """In the order in which the participants were named."""
    mixed, plain = legs(tmp_path)

    assert [leg.who.participant for leg in mixed] == ["a", "b", "c"]
    assert [leg.label for leg in plain] == ["+81312347788", "2001"]


def test_a_leg_says_all_its_numbers_its_streams_and_what_its_side_was_decided_from(
    tmp_path: Path,
) -> None:
    """What a person is shown must be what the call is found by."""
    (_, agent, _), _ = legs(tmp_path)

    assert agent.who.numbers == (
        FoundNumber(aor="sip:2001@pbx.example", raw="2001", e164=""),
        FoundNumber(aor="tel:+81355501234", raw="+81355501234", e164="+81355501234"),
    )
    assert agent.streams == (LegStream(0, "sends"),)
    assert agent.decided == Decided(side="agent", because="internal_number")
    assert agent.label == "田中 真由"
