"""Recordings of a hold to which nothing has come: many at a time, and no other one among them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert, select

from archive.catalog.database.engine import reading, writing
from archive.catalog.holds import untouched
from archive.catalog.holds.held_recordings import Noting
from archive.catalog.holds.untouched import FIRST, Untouched
from archive.catalog.register.kept_facts import SealedFacts, keep_facts
from archive.catalog.register.legal_holds import StoredHold, open_hold
from archive.catalog.tables.catalog import hold_recording
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, HoldId, KeyId, RecordingId
from archive.lifecycle.kept_facts import FactsName
from tests.archive.catalog.examples import (
    NOW_US,
    adopt,
    adoption,
    author,
    new_catalog,
    recording_id,
)
from tests.support.hold_scenes import TERMS

CALLS = range(1, 6)
GONE = recording_id(9)
FACTS = KeyId(b"k" * 16)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Five calls; the first has two parts, and facts that outlive it."""
    made = new_catalog(tmp_path)
    adopt(made, adoption(1, is_last=False), adoption(1, part=1), *map(adoption, CALLS[1:]))
    name = FactsName(DEFAULT_TENANT, recording_id(1), FACTS)
    with writing(made) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        facts = SealedFacts(name=name, kept_us=1, until_us=None, sealed=b"a")
        keep_facts(connection, tenant, [facts])
    return made


def placing(connection: Connection, numbers: Sequence[int] = CALLS) -> Untouched:
    """A hold that means these, and one that is not there."""
    tenant = ensure_tenant(connection, DEFAULT_TENANT)
    own = open_hold(connection, author(), HoldId(b"h" * 16), TERMS)
    noting = Noting(tenant, own, own.placed_us, "placed")
    noting.recordings(connection, [recording_id(number) for number in numbers])
    row = {"tenant": tenant, "hold": own.number, "recording": GONE.raw}
    row |= {"noted_us": own.placed_us, "because": "placed", "state": "meant"}
    connection.execute(insert(hold_recording).values(row))
    return Untouched(tenant, own)


def held(connection: Connection, own: StoredHold) -> set[bytes]:
    """Those that are said to be held."""
    is_held = (hold_recording.c.hold == own.number, hold_recording.c.state == "held")
    return set(connection.scalars(select(hold_recording.c.recording).where(*is_held)))


def ids(*numbers: int) -> set[bytes]:
    return {recording_id(number).raw for number in numbers}


def hold_all(connection: Connection, own: Untouched, *doubtful: RecordingId) -> int:
    """In stretches; how many it took."""
    behind: bytes | None = FIRST
    stretches = 0
    while behind is not None:
        behind = own.are_held(connection, behind, {each.raw for each in doubtful})
        stretches += 1
    return stretches


def test_keys_come_in_their_own_order_and_name_whose_they_are(engine: Engine) -> None:
    """Of all parts and of kept facts; a recording without any is named."""
    with writing(engine) as connection:
        own = placing(connection)
    keys = [adoption(number).key_id for number in CALLS]
    keys += (adoption(1, part=1).key_id, FACTS)
    with reading(engine) as connection:
        found = own.keys(connection)
        owners = own.owners(connection, [FACTS, adoption(3).key_id, KeyId(b"?" * 16)])

    assert [len(some) for some in found.batches(3)] == [3, 3, 1]
    assert [key for some in found.batches(3) for key in some] == sorted(keys, key=lambda k: k.raw)
    assert found.keyless == {GONE.raw}
    assert owners == ids(1, 3)


@pytest.mark.parametrize(("stretch", "stretches"), [(10, 1), (2, 3), (1, 6)])
def test_all_are_held_stretch_by_stretch_but_the_doubtful(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, stretch: int, stretches: int
) -> None:
    """Whatever the first and the last of a stretch are."""
    monkeypatch.setattr(untouched, "STRETCH", stretch)
    with writing(engine) as connection:
        own = placing(connection)

        assert hold_all(connection, own, recording_id(2), GONE) in {stretches, stretches + 1}
        assert held(connection, own.hold) == ids(1, 3, 4, 5)


def test_to_what_a_part_has_come_it_is_not_untouched_whatever_the_clock_says(
    engine: Engine,
) -> None:
    """Its new key is nobody's yet. Nor is what has come to the hold since."""
    with writing(engine) as connection:
        own = placing(connection, (1, 2, 4, 5))
        earlier = Noting(own.tenant, own.hold, NOW_US - 1, "part")
        earlier.again(connection, [recording_id(1), recording_id(2)])
        later = Noting(own.tenant, own.hold, own.hold.placed_us, "changed")
        later.recordings(connection, [recording_id(3)])
        hold_all(connection, own, GONE)

        assert held(connection, own.hold) == ids(4, 5)
