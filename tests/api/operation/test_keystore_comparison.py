"""A keystore and a catalog that do not know the same destructions: nothing opens until they do."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from api.access.approvals import Approvals
from api.operation.keystore_comparison import differences
from api.permissions.errors import ApprovalNeeded
from api.permissions.roles import Role
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstone_counts import count_tombstone
from archive.catalog.tables.catalog import planned_recording, tombstone, tombstone_count
from archive.certificates.folder import CERTIFICATE, LIST
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT, PlanId, RecordingId
from archive.keys.errors import Refusal
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording
from archive.keys.wire.gate_messages import MAX_DIGESTS, DestroyedRow
from archive.keys.wire.protocol import AskerRole, RefusedAnswer
from archive.lifecycle.intention import Intention
from archive.lifecycle.tombstone import digest_of
from archive.set_hash import SetHash
from archive.verification.faults import Fault
from archive.verification.register import register_findings
from retention.runner.run_loop import serve_retention
from tests.api.destruction.scene import Installation, installed
from tests.api.put_back import Both
from tests.archive.destruction.keys import ApiKeyClient, RunnerClient
from tests.archive.keys.entries import open_ask
from tests.support.hold_scenes import held

COUNT = 13
SOME_OTHER = SetHash().with_all([b"o" * 32])


@asynccontextmanager
async def both(folder: Path, count: int = COUNT) -> AsyncIterator[Both]:
    async with installed(folder, count) as it:
        yield Both(it)


async def test_keys_put_back_whole_open_nothing_until_it_is_destroyed_again(
    tmp_path: Path,
) -> None:
    """An older folder has its own older list with it: only the catalog knows better."""
    async with both(tmp_path / "it") as it:
        with it.keys_put_back():
            await it.destroy_due()
            it.certify()
            assert it.opened() == 0
        # What it is without anybody who compares.
        assert it.opened() == COUNT
        await it.restored.check()

        assert it.gate.is_open
        assert it.opened() == 0
        assert it.actions()[-2:] == ["keystore_shut", "keystore_replayed"]


async def test_without_certificates_it_stays_shut_and_two_persons_have_it_destroyed(
    tmp_path: Path,
) -> None:
    """A run that had not ended signed nothing; the rows that tell of it others can write, too."""
    async with both(tmp_path / "it") as it:
        with it.keys_put_back():
            await it.destroy_due()
        await it.restored.check()
        assert (it.gate.is_open, it.gate.shut, it.gate.claims) == (False, "keystore", COUNT)
        ask = open_ask(it.it.parts[0].header.key, it.it.recordings[0], it.scene.now_us)
        refused = it.scene.daemon.answer(AskerRole.API, ask)
        one, other = (it.it.it.person(name, Role.ADMINISTRATOR) for name in ("one", "other"))
        with pytest.raises(ApprovalNeeded) as needed:
            await it.restored.free(one, destroys=True)
        await Approvals(it.it.it.door).give(other, needed.value.number)
        freed = await it.restored.free(one, destroys=True)

        assert refused == RefusedAnswer(refused=Refusal.ROLLED_BACK)
        assert freed.is_open
        assert it.opened() == 0
        await it.restored.check()
        assert it.gate.is_open


async def test_an_approval_is_of_exactly_what_it_would_destroy(tmp_path: Path) -> None:
    """What the catalog tells of may become more while it waits; and to free is not to destroy."""
    async with both(tmp_path / "it") as it:
        with it.keys_put_back():
            await it.destroy_due()
        one, other = (it.it.it.person(name, Role.ADMINISTRATOR) for name in ("one", "other"))
        with pytest.raises(ApprovalNeeded) as needed:
            await it.restored.free(one, destroys=False)
        await Approvals(it.it.it.door).give(other, needed.value.number)
        with pytest.raises(ApprovalNeeded):
            await it.restored.free(one, destroys=True)
        insert_tombstones(it, [b"\x07" * 32])
        it.scene.restart()
        with pytest.raises(ApprovalNeeded):
            await it.restored.free(one, destroys=False)

        assert not it.gate.is_open


async def test_freed_without_destroying_it_opens_and_stays_open(tmp_path: Path) -> None:
    """Two persons do not believe the tombstones: these stay, are disputed, and shut nothing."""
    async with both(tmp_path / "it", 3) as it:
        with it.keys_put_back():
            await it.destroy_due()
        one, other = (it.it.it.person(name, Role.ADMINISTRATOR) for name in ("one", "other"))
        with pytest.raises(ApprovalNeeded) as needed:
            await it.restored.free(one)
        await Approvals(it.it.it.door).give(other, needed.value.number)
        freed = await it.restored.free(one)
        await it.restored.check()

        assert freed.is_open
        assert it.gate.is_open
        assert it.opened() == 3


async def test_holds_are_back_in_the_guard_at_once_also_while_it_is_shut(tmp_path: Path) -> None:
    """Nothing of what is held goes, by a run nor by two persons who believe the catalog."""
    async with both(tmp_path / "it", 3) as it:
        kept = it.it.parts[0].header
        with it.keys_put_back():
            own = held(it.it.it.engine, kept.recording)
            ApiKeyClient(it.scene).hold(own.id, DEFAULT_TENANT, [kept.key])
            await it.destroy_due()
        assert held_keys(it) == []
        await it.restored.check()
        assert it.gate.shut == "keystore"
        await it.upkeep.once()

        assert held_keys(it) == [kept.key.raw]
        assert it.gate.claims == 2


def held_keys(it: Both) -> list[bytes]:
    rows = it.scene.daemon.work.opened.connection.execute("SELECT key_id FROM hold_key")
    return [row[0] for row in rows]


def insert_tombstones(it: Both, digests: Sequence[bytes]) -> None:
    """As a runner that was taken over does: into its tables, with its counts."""
    with writing(it.it.it.engine) as connection:
        for digest in digests:
            row = {"tenant": 1, "digest": digest, "destroyed_us": 1, "journal": 1}
            connection.execute(insert(tombstone).values(row))


async def test_tombstones_that_the_runner_inserts_destroy_nothing(tmp_path: Path) -> None:
    """Neither in a keystore that is as it was, nor in one that was put back."""
    async with both(tmp_path / "it", 3) as it:
        insert_tombstones(it, [digest_of(own) for own in it.it.recordings])
        await it.restored.check()
        assert it.opened() == 3
        with writing(it.it.it.engine) as connection:
            # Counted, too: now they are a difference.
            for own in it.it.recordings:
                count_tombstone(connection, 1, digest_of(own))
        await it.restored.check()

        assert it.gate.shut == "keystore"
        assert it.scene.daemon.work.opened.keystore.status().adopted == 3


async def test_an_older_catalog_is_told_apart_and_goes_on_when_two_persons_say_so(
    tmp_path: Path,
) -> None:
    """It lacks more than destructions: holds and approvals of since. It is a case of its own."""
    async with both(tmp_path / "it", 3) as it:
        await it.destroy_due()
        forget_tombstones(it)
        await it.restored.check()
        gate = it.gate
        ask = open_ask(it.it.parts[0].header.key, it.it.recordings[0], it.scene.now_us)
        refused = it.scene.daemon.answer(AskerRole.API, ask)
        one, other = (it.it.it.person(name, Role.ADMINISTRATOR) for name in ("one", "other"))
        with pytest.raises(ApprovalNeeded) as needed:
            await it.restored.free(one)
        await Approvals(it.it.it.door).give(other, needed.value.number)
        freed = await it.restored.free(one)

        assert (gate.is_open, gate.shut) == (False, "catalog")
        assert refused == RefusedAnswer(refused=Refusal.CATALOG_OLDER)
        assert freed.is_open
        with reading(it.it.it.engine) as connection:
            digests = set(connection.scalars(select(tombstone.c.digest)))
        assert digests == {digest_of(own) for own in it.it.recordings}
        # `verify` finds the entry of each of them.
        faults = {each.fault for each in register_findings(it.it.it.engine)}
        assert not faults & {Fault.ENTRY_MISSING, Fault.ENTRY_DIFFERS}
        await it.restored.check()
        assert it.gate.is_open


def forget_tombstones(it: Both) -> None:
    """As a catalog of before."""
    with writing(it.it.it.engine) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER tombstone_is_not_deleted")
        else:
            connection.exec_driver_sql("DROP TRIGGER tombstone_stays ON tombstone")
        connection.execute(delete(tombstone))
        connection.execute(delete(tombstone_count))


class CutOff(Exception):
    """The runner is killed."""


class Cut:
    """The runner's line to the key daemon, and its files: both cut the run where they are told."""

    def __init__(self, it: Installation, at: str) -> None:
        self.keys, self.at, self.files = RunnerClient(it.keeper.scene), at, it.sweep().files
        self.fence, self.keep_facts = self.keys.fence, self.keys.keep_facts

    def destroy(
        self, plan: PlanId, generation: int, recordings: Sequence[RecordingId]
    ) -> Sequence[DestroyedRecording | KeptRecording]:
        if self.at == "D1":
            raise CutOff
        answer = self.keys.destroy(plan, generation, recordings)
        if self.at == "D2":
            raise CutOff
        return answer

    def require_archive(self) -> None:
        self.files.require_archive()

    def remove(self, intended: Sequence[Intention]) -> None:
        if self.at == "noted":
            raise CutOff
        self.files.remove(intended)
        if self.at == "D3":
            raise CutOff


@pytest.mark.parametrize("at", ["D1", "D2", "noted", "D3"])
async def test_what_lies_between_the_steps_of_a_run_is_no_difference(
    tmp_path: Path, at: str
) -> None:
    """A run may be cut off anywhere, and both started again."""
    async with both(tmp_path / "it", 3) as it:
        it.work_all()
        await it.it.applied()
        cut = Cut(it.it, at)
        with pytest.raises(CutOff):
            it.it.runner(it.it.sweep(cut, cut)).round()
        await it.restored.check()
        assert it.gate.is_open
        it.scene.restart()
        await it.restored.check()
        assert it.gate.is_open
        for _ in range(4):
            it.it.runner().round()
        await it.restored.check()

        assert it.gate.is_open
        assert it.opened() == 0


def say_under_way(it: Both, count: int) -> None:
    """As a runner with any code: so many lines more, before those that are under way."""
    same = {"tenant": 1, "plan": 1, "revision": 1, "rules": "r", "size_bytes": 1}
    rows = [
        {**same, "row": -n, "digest": n.to_bytes(32, "big"), "stage": "intended"}
        for n in range(1, count + 1)
    ]
    with writing(it.it.it.engine) as connection:
        connection.execute(insert(planned_recording), rows)


@pytest.mark.parametrize("count", [MAX_DIGESTS - 3, MAX_DIGESTS - 2, 2 * MAX_DIGESTS])
async def test_however_much_is_under_way_only_a_difference_is_one(
    tmp_path: Path, count: int
) -> None:
    """More than a message takes is looked up here: nothing is cut off, and nothing is passed over.

    A line that was cut off would shut the keystore, and one list too long shut the eyes.
    """
    async with both(tmp_path / "it", 3) as it:
        await it.it.applied()
        cut = Cut(it.it, "noted")
        with pytest.raises(CutOff):
            it.it.runner(it.it.sweep(cut, cut)).round()
        say_under_way(it, count)
        await it.restored.check()
        same = it.gate.is_open
        with writing(it.it.it.engine) as connection:
            count_tombstone(connection, 1, b"\x07" * 32)
        await it.restored.check()

        assert same
        assert (it.gate.is_open, it.gate.shut) == (False, "keystore")


async def test_a_run_that_goes_on_while_both_are_asked_is_no_difference(tmp_path: Path) -> None:
    """The catalog is read a moment before the keystore is asked."""
    async with both(tmp_path / "it", 3) as it:
        await it.it.applied()
        runner, comparison = it.it.runner(), it.comparison
        line = comparison.keys
        told = line.compare_destroyed

        class Busy:
            """The batch goes just before the key daemon is asked."""

            def __getattr__(self, name: str) -> object:
                return getattr(line, name)

            def compare_destroyed(self, *asked: object, **how: object) -> object:
                runner.round()
                return told(*asked, **how)  # type: ignore[arg-type]  # as it was asked

        busy = type(comparison)(comparison.engine, Busy(), comparison.certificates)  # type: ignore[arg-type]

        assert busy.compare().is_open
        assert it.opened() == 0


async def stop_after_a_round(stop: asyncio.Event) -> None:
    """The part has begun its first round, which it finishes."""
    await asyncio.sleep(0)
    stop.set()


async def test_a_gate_that_shuts_stops_a_run_which_goes_on_later(tmp_path: Path) -> None:
    """Nothing of it is lost and nothing goes meanwhile; the part does not end."""
    async with both(tmp_path / "it", 3) as it:
        await it.it.applied()
        # Somebody's other catalog.
        it.line.compare_destroyed(SOME_OTHER, (), is_settled=True)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(serve_retention(it.it.runner(), stop))
            group.create_task(stop_after_a_round(stop))
        await it.restored.check()
        assert (it.gate.is_open, it.opened()) == (True, 3)
        await it.upkeep.once()
        for _ in range(4):
            it.it.runner().round()

        assert it.opened() == 0


@pytest.mark.parametrize("harm", ["removed", "cut", "of another key", "list of others"])
async def test_a_certificate_that_is_not_whole_destroys_nothing(tmp_path: Path, harm: str) -> None:
    """They lie in the archive, where the keeper writes."""
    async with both(tmp_path / "it", 3) as it:
        with it.keys_put_back():
            await it.destroy_due()
            it.certify()
        (folder,) = (it.certificates.archive / "certificates" / str(DEFAULT_TENANT)).iterdir()
        harm_certificate(folder, harm)
        await it.restored.check()

        assert it.gate.shut == "keystore"
        assert it.scene.daemon.work.opened.keystore.status().adopted == 3


def harm_certificate(folder: Path, harm: str) -> None:
    certificate, listed = folder / CERTIFICATE, folder / LIST
    match harm:
        case "removed":
            shutil.rmtree(folder)
        case "cut":
            certificate.write_bytes(certificate.read_bytes()[:-9])
        case "of another key":
            certificate.write_bytes(
                certificate.read_bytes().replace(b"recordings: 3", b"recordings: 2")
            )
        case _:
            form, first, *rest = listed.read_text().splitlines()
            other = first.replace(first[:64], "00" * 32)
            listed.write_text("\n".join([form, other, *rest]) + "\n")


async def test_a_keystore_that_is_away_is_compared_the_next_time(tmp_path: Path) -> None:
    """The key daemon may start later than the API."""

    class Away:
        def epochs(self) -> object:
            raise KeyUnavailable("away")

    async with both(tmp_path / "it", 1) as it:
        restored = it.restored
        await type(restored)(
            restored.door,
            restored.approvals,
            Away(),
            restored.certificates,  # type: ignore[arg-type]
        ).check()

        assert it.gate.is_open


def test_what_one_of_two_lists_has_alone() -> None:
    """Both are sorted and may be as long as an archive is old."""
    here = [bytes([at]) for at in (1, 3, 4, 9)]
    there = [DestroyedRow(digest=bytes([at]), at_us=1, run=b"") for at in (2, 3, 8, 9, 10)]
    only_here, only_there = differences(iter(here), iter(there))

    assert only_here == [b"\x01", b"\x04"]
    assert [each.digest for each in only_there] == [b"\x02", b"\x08", b"\x0a"]
