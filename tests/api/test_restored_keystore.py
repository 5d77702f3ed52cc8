"""A keystore that was put back, as the API deals with it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.access import Door
from api.actor import Actor
from api.approvals import Approvals
from api.errors import ApprovalNeeded, CountsAsOne, NotAllowed
from api.people.confirmations import Confirmations
from api.people.roles import Role
from api.restored_keystore import RestoredKeystore
from archive.catalog.engine import (
    AsyncEngine,
    catalog_url,
    open_async_engine,
    read,
    reading,
    writing,
)
from archive.catalog.tenants import ensure_tenant
from archive.catalog.tombstones import Tombstone, digest_of, place_tombstone
from archive.ids import DEFAULT_TENANT
from archive.keys.epoch_messages import EpochsAnswer, GateRow
from tests.api import actors
from tests.api.register import ROOT, register
from tests.api.signing import HOME, signing
from tests.archive.catalog.examples import NOW_US, new_catalog, recording_id
from tests.told import all_told


class Keys:
    """A key daemon whose keystore knows one destruction less than were counted."""

    def __init__(self, gate: GateRow) -> None:
        self.gate = gate
        self.replayed = tuple[bytes, ...]()
        self.freed: list[tuple[GateRow, int]] = []

    def epochs(self) -> EpochsAnswer:
        return EpochsAnswer(epochs=(), every_us=0, keep=2, assurance="known_copies", gate=self.gate)

    def replay_destroyed(self, digests: tuple[bytes, ...]) -> GateRow:
        self.replayed = digests
        return GateRow(is_open=len(digests) == self.gate.counted, known=len(digests), counted=1)

    def free_keystore(self, gate: GateRow, journal: int) -> GateRow:
        self.freed.append((gate, journal))
        return GateRow()


CLOSED = GateRow(is_open=False, known=0, counted=1)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    new_catalog(tmp_path)
    opened = open_async_engine(catalog_url(tmp_path / "catalog.db"))
    with writing(opened.engine) as connection:
        placed = Tombstone(recording=recording_id(1), destroyed_us=1, journal=1)
        place_tombstone(connection, ensure_tenant(connection, DEFAULT_TENANT), placed)
    yield opened
    await opened.dispose()


def it_with(engine: AsyncEngine, keys: Keys | None) -> RestoredKeystore:
    door = Door(engine=engine, clock_us=lambda: NOW_US)
    return RestoredKeystore(door, Approvals(door), keys)


def actions(engine: AsyncEngine) -> list[str]:
    with reading(engine.engine) as connection:
        return [each.entry.action for each in all_told(connection)]


async def test_tombstones_are_replayed_at_the_start_and_written_down(engine: AsyncEngine) -> None:
    """It takes seconds and needs nobody."""
    keys = Keys(CLOSED)
    await it_with(engine, keys).replay()

    assert keys.replayed == (digest_of(recording_id(1)),)
    assert actions(engine)[-1] == "keystore_replayed"


async def test_a_keystore_that_is_what_it_was_is_left_alone(engine: AsyncEngine) -> None:
    """Every start but that after a restore."""
    keys = Keys(GateRow())
    await it_with(engine, keys).replay()
    await it_with(engine, None).replay()

    assert keys.replayed == ()
    assert "keystore_replayed" not in actions(engine)


async def test_two_persons_free_it_and_one_does_not(tmp_path: Path) -> None:
    """Recordings that were destroyed may open again."""
    keys = Keys(CLOSED)
    async with register(tmp_path) as it:
        one = it.person("one", Role.ADMINISTRATOR)
        other = it.person("other", Role.ADMINISTRATOR)
        keystore = RestoredKeystore(it.door, Approvals(it.door), keys)
        with pytest.raises(ApprovalNeeded) as needed:
            await keystore.free(one)
        with pytest.raises(ApprovalNeeded):
            await keystore.free(one)
        assert not keys.freed
        await Approvals(it.door).give(other, needed.value.number)
        await keystore.free(one)
        written = await read(it.door.engine, lambda c: all_told(c))

    (place,) = [each.seq for each in written if each.entry.action == "keystore_freed"]
    # Of exactly the state that was approved, with the entry that says by whom.
    assert keys.freed == [(CLOSED, place)]


async def test_after_a_restore_in_which_everybody_was_reset_it_is_freed_within_the_hour(
    tmp_path: Path,
) -> None:
    """Nothing opens till then; root, who put the sets back, says of one that it knows it."""
    keys = Keys(CLOSED)
    async with signing(tmp_path) as it:
        for name in ("one", "other"):
            await it.enrol(name, Role.ADMINISTRATOR)
        for name in ("one", "other"):
            reset = await it.codes.reset(ROOT, name)
            await it.set_both(await it.sign_in.with_code(reset.code, HOME))
        one, other = it.it.now("one"), it.it.now("other")
        approvals = Approvals(it.it.door)
        keystore = RestoredKeystore(it.it.door, approvals, keys)
        with pytest.raises(ApprovalNeeded) as needed:
            await keystore.free(one)
        with pytest.raises(CountsAsOne) as refused:
            await approvals.give(other, needed.value.number)
        began_us = it.it.now_us
        for name in ("one", "other"):
            await Confirmations(it.it.door).confirm(ROOT, name)
        await approvals.give(other, needed.value.number)
        await keystore.free(one)
        took_us = it.it.now_us - began_us

    assert refused.value.bar.why == "reset"
    assert [gate for gate, _ in keys.freed] == [CLOSED]
    assert took_us < 3_600_000_000


async def test_who_is_no_administrator_does_not_even_propose_it(engine: AsyncEngine) -> None:
    """Nor is anything asked of the key daemon."""
    with pytest.raises(NotAllowed):
        await it_with(engine, Keys(CLOSED)).free(Actor(account=actors.person(Role.LEGAL)))


async def test_there_may_be_nothing_to_free(engine: AsyncEngine) -> None:
    """A second one who asks."""
    it = it_with(engine, Keys(GateRow()))

    assert (await it.free(Actor(account=actors.person(Role.ADMINISTRATOR)))).is_open
