"""Legal holds are placed: behind the fence, completely, and saying what came too late."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from api.permissions.errors import HoldRefused, NotAllowed
from api.permissions.roles import Role
from archive.access.query import ALWAYS, AgentClue, SearchQuery
from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.holds.held_recordings import Counts, HeldPage
from archive.catalog.holds.hold_matches import HoldMatcher
from archive.catalog.holds.holdable import Holdable
from archive.catalog.holds.late_recordings import LateFor
from archive.catalog.holds.measures import MeasureAct, take_measure
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.tables.catalog import part, recording
from archive.catalog.tables.tenants import tenant_row
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT, KeyId
from archive.lifecycle.measures import Measure, MeasureKind
from archive.lifecycle.tombstone import Remains
from tests.api.holds.scene import KEYS, hold_site, wish
from tests.archive.catalog.examples import adopt, adoption, author, recording_id
from tests.archive.hold_clients import MemoryClient
from tests.support.catalog.ledger import page, refused


async def test_a_hold_is_active_when_it_is_answered_and_holds_every_key(tmp_path: Path) -> None:
    """The fence is up from the first key to the last; the journal says both ends."""
    async with hold_site(tmp_path) as site:
        done = await site.placements.place(site.owner, wish())
        told = site.it.journal("hold_placed", "hold_activated")

    assert (done.hold.state, done.counts) == ("active", Counts(held=3))
    assert site.key_client.asked == ["place_hold", "hold_keys", "activate_hold"]
    assert site.key_client.held == {done.hold.id: {KEYS[1], KEYS[2], KEYS[3]}}
    assert not site.key_client.destroy(KEYS[2])
    assert [each.actor for each in told] == ["yamada", "yamada"]
    assert dict(told[1].detail) == {"number": done.hold.number, "held": 3}


async def test_what_would_be_held_is_counted_and_the_journal_has_the_search(tmp_path: Path) -> None:
    """Who counts looks for somebody; nothing is held by it, nor asked of the keys."""
    query = SearchQuery(window=ALWAYS, clues=(AgentClue("田中"),))
    async with hold_site(tmp_path) as site:
        owner = replace(site.owner, stated="legal_duty")
        everything = await site.placements.count(owner, SearchQuery(window=ALWAYS))
        nobody = await site.placements.count(owner, query)
        told = [dict(each.detail) for each in site.it.journal("searched")]
        reader = site.it.person("ito", Role.DISCLOSURE)
        with pytest.raises(NotAllowed):
            await site.placements.count(reader, query)

    assert (everything, nobody) == (Holdable(3, is_all=True), Holdable(0, is_all=True))
    assert [each["what"] for each in told] == ["hold", "hold"]
    assert told[1]["clues"] == ["agent 田中"]
    assert site.key_client.asked == []


async def test_what_was_too_late_is_told_with_its_day_and_the_rest_is_held(tmp_path: Path) -> None:
    """41 of 43: nobody believes that the other two are safe."""
    gone = recording_id(9)
    async with hold_site(tmp_path) as site:
        with writing(site.it.engine) as connection:
            tenant = tenant_row(connection, DEFAULT_TENANT)
            placed = Tombstone(recording=gone, destroyed_us=77, journal=1, remains=Remains(plan=7))
            place_tombstone(connection, tenant, placed)
        site.key_client.destroy(KEYS[2])
        named = (recording_id(1).raw, recording_id(2).raw, gone.raw, b"x" * 16)
        done = await site.placements.place(site.owner, wish(*named))
        late = await site.holds.recordings(
            site.owner, done.hold.number, HeldPage(state="destroyed")
        )

    assert done.counts == Counts(held=1, destroyed=2, unknown=1)
    assert done.late == (LateFor(7, 1, 77, 77),)
    assert {each.recording: (each.destroyed_us, each.certificate) for each in late} == {
        recording_id(2): (None, None),
        gone: (77, 7),
    }


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.LEGAL, Role.RETENTION_OWNER}]
)
async def test_who_has_not_the_verb_holds_nothing(tmp_path: Path, role: Role) -> None:
    """An administrator could otherwise keep what must go."""
    async with hold_site(tmp_path, calls=0) as site:
        with pytest.raises(NotAllowed):
            await site.placements.place(site.it.person("suzuki", role), wish())

    assert site.key_client.asked == []


@pytest.mark.parametrize(
    "wanted",
    [
        replace(wish(), query=None),
        replace(wish(b"x" * 16), query=SearchQuery(window=ALWAYS)),
        wish(b"x" * 16, future=True),
    ],
)
async def test_a_hold_is_over_a_search_or_over_a_list(tmp_path: Path, wanted: Any) -> None:
    """And a list never grows."""
    async with hold_site(tmp_path, calls=0) as site:
        with pytest.raises(HoldRefused):
            await site.placements.place(site.owner, wanted)
        assert await site.holds.listed(site.owner) == ()


class CutOff(Exception):
    """The process is killed."""


class CuttingClient(MemoryClient):
    """Cuts before or behind one call."""

    def __init__(self, at: int, *, is_done: bool) -> None:
        super().__init__()
        self.at, self.is_done = at, is_done

    def cut(self, call: Callable[..., Any], *values: Any) -> Any:
        is_it = len(self.asked) == self.at
        if is_it and not self.is_done:
            raise CutOff
        answer = call(*values)
        if is_it:
            raise CutOff
        return answer

    def place_hold(self, *values: Any) -> int:
        return int(self.cut(super().place_hold, *values))

    def hold_keys(self, *values: Any) -> Any:
        return self.cut(super().hold_keys, *values)

    def activate_hold(self, *values: Any) -> None:
        self.cut(super().activate_hold, *values)


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("is_done", [False, True], ids=["before", "behind"])
async def test_a_placing_that_is_cut_off_anywhere_is_finished_by_the_next(
    tmp_path: Path, at: int, *, is_done: bool
) -> None:
    """Until then nothing that it means is destroyed that was not gone before."""
    async with hold_site(tmp_path) as site:
        key_client = CuttingClient(at, is_done=is_done)
        site.key_client = key_client
        with pytest.raises(CutOff):
            await site.placements.place(site.owner, wish())
        (left,) = await site.holds.listed(site.owner)
        was_guarded = not key_client.destroy(KEYS[1])
        key_client.at = -1
        await site.upkeep.once()
        (found,) = await site.holds.listed(site.owner)

    assert left.hold.state == "placing"
    assert was_guarded == ((at, is_done) != (0, False))
    assert found.hold.state == "active"
    assert (found.counts.held, found.counts.destroyed) == ((3, 0) if was_guarded else (2, 1))
    assert key_client.placing == set()


async def test_a_key_daemon_that_is_away_leaves_a_placing_that_goes_on_when_it_is_back(
    tmp_path: Path,
) -> None:
    """The answer says that it is not active."""
    async with hold_site(tmp_path) as site:
        site.key_client.away = True
        placed = await site.placements.place(site.owner, wish())
        with pytest.raises(KeyUnavailable):
            await site.placements.resume(site.owner, placed.hold.number)
        site.key_client.away = False
        done = await site.placements.resume(site.owner, placed.hold.number)
        again = await site.placements.resume(site.owner, placed.hold.number)

    assert (placed.hold.state, placed.counts) == ("placing", Counts(meant=3))
    assert done == again
    assert (done.hold.state, done.counts) == ("active", Counts(held=3))


@pytest.mark.parametrize("named", [(), (recording_id(1).raw,)], ids=["search", "list"])
async def test_what_nobody_may_use_is_held_as_well(
    tmp_path: Path, named: tuple[bytes, ...]
) -> None:
    """Restricted: its maximum is over. Erased by a case: it may be gone tomorrow."""
    async with hold_site(tmp_path, calls=1) as site:
        measure = Measure(kind=MeasureKind.ERASURE_GRANTED, case="D-1")
        act = MeasureAct(measure=measure, target=recording_id(1), recordings=(recording_id(1),))
        with writing(site.it.engine) as connection:
            take_measure(connection, author(), act)
        owner = replace(site.owner, stated="legal_duty")
        counted = await site.placements.count(owner, SearchQuery(window=ALWAYS))
        placed = await site.placements.place(site.owner, wish(*named))

    assert counted == Holdable(1, is_all=True)
    assert placed.counts == Counts(held=1)
    assert site.key_client.held[placed.hold.id] == {KEYS[1]}


class HookedClient(MemoryClient):
    """While the first keys are held, something else happens."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def hold_keys(self, *values: Any) -> Any:
        told = super().hold_keys(*values)
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return told


async def test_a_part_that_comes_while_keys_are_held_is_held_before_the_hold_is_active(
    tmp_path: Path,
) -> None:
    """By the keeper, which leaves it to who is placing: the keys that were read have it not."""
    second = adoption(2, part=1)
    async with hold_site(tmp_path, calls=1) as site:
        adopt(site.it.engine, adoption(2, is_last=False))

        def comes() -> None:
            matcher = HoldMatcher(site.key_client, lambda: site.it.now_us)
            CatalogWriter(site.it.engine, lambda: site.it.now_us, matcher).commit([second])

        site.key_client = HookedClient(comes)
        done = await site.placements.place(site.owner, wish())

    assert done.counts == Counts(held=2)
    assert site.key_client.held[done.hold.id] == {KEYS[1], KEYS[2], second.key_id}


async def test_pages_of_the_ledger_are_held_also_those_that_come_meanwhile(
    tmp_path: Path,
) -> None:
    """Nothing counts them: what a hold has is recordings."""
    first = page(5, refused(5))
    second = replace(page(6, refused(6)), key_id=KeyId(b"6" * 16))
    async with hold_site(tmp_path, calls=0) as site:
        adopt(site.it.engine, first)
        site.key_client = HookedClient(lambda: adopt(site.it.engine, second))
        done = await site.placements.place(site.owner, wish())

    assert site.key_client.held == {done.hold.id: {first.key_id, second.key_id}}
    assert (done.hold.state, done.counts) == ("active", Counts())


async def test_what_lost_its_rows_while_keys_were_held_is_not_said_to_be_held(
    tmp_path: Path,
) -> None:
    """Its keys were gone before the fence was up; the destruction of the rest goes on."""
    async with hold_site(tmp_path) as site:

        def goes() -> None:
            with writing(site.it.engine) as connection:
                gone = select(recording.c.row).where(recording.c.id == recording_id(2).raw)
                connection.execute(delete(part).where(part.c.recording.in_(gone)))

        site.key_client = HookedClient(goes)
        site.key_client.destroyed.add(KEYS[2])
        done = await site.placements.place(site.owner, wish())

    assert done.counts == Counts(held=2, unknown=1)
    assert site.key_client.held[done.hold.id] == {KEYS[1], KEYS[3]}
