"""The retention runner cut off before every single call that it makes: D1 to D4.

Calls are those to the key daemon, to the disk, and each commit of the catalog.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, select

from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import Entry
from archive.catalog.register.kept_facts import SealedFacts, sealed_facts
from archive.catalog.tables.catalog import recording, tombstone
from archive.ids import DEFAULT_TENANT, HoldId, PlanId, RecordingId, TenantId
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording
from archive.keys.guard.facts_keys import FactsKey
from archive.keys.store.legal_holds import Fence
from archive.keys.wire.opening_messages import DataKeyAnswer
from archive.keys.wire.protocol import AskerRole
from archive.lifecycle.file_removal import FileRemover
from archive.lifecycle.tombstone import digest_of, facts_id
from tests.api.destruction.scene import DAY_US, Installation, facts_live_on, installed
from tests.archive.destruction.keys import RunnerClient
from tests.archive.keys.entries import open_ask
from tests.crash.crashing import CrashingDisk, Fuse, PowerCut
from tests.support.destruction.facts_copies import opened as opened_facts

NEVER = 10_000
HOLD = HoldId(b"h" * 16)
_HOW = {False: "killed", True: "power cut"}


@dataclass(slots=True)
class CrashingClient:
    """The runner's line to the key daemon behind a fuse; what the daemon has done stays done."""

    fuse: Fuse
    key_client: RunnerClient

    def fence(self, tenant: TenantId) -> Fence:
        self.fuse.burn("fence")
        return self.key_client.fence(tenant)

    def keep_facts(
        self, plan: PlanId, recordings: Sequence[RecordingId]
    ) -> dict[RecordingId, FactsKey]:
        self.fuse.burn("keep_facts")
        return self.key_client.keep_facts(plan, recordings)

    def destroy(
        self, plan: PlanId, generation: int, recordings: Sequence[RecordingId]
    ) -> Sequence[DestroyedRecording | KeptRecording]:
        self.fuse.burn("destroy")
        return self.key_client.destroy(plan, generation, recordings)


@contextmanager
def cutting_commits(engine: Engine, fuse: Fuse) -> Iterator[None]:
    """Cut before a commit: all of a transaction or nothing."""

    def burn(_: Connection) -> None:
        fuse.burn("commit")

    event.listen(engine, "commit", burn)
    yield
    event.remove(engine, "commit", burn)


class Attempt:
    """A runner's process with a fuse in it."""

    def __init__(self, it: Installation, calls_until_cut: int) -> None:
        self.fuse = Fuse(calls_until_cut)
        self.disk = CrashingDisk(self.fuse)
        self._it = it

    def run(self, rounds: int = 4, per_second: int = 1_000) -> bool:
        """One process from its start until it has nothing to do; false where it was cut off."""
        it = self._it
        files = FileRemover(
            store=it.keeper.store(self.disk),
            place=it.keeper.place,
            pages=it.keeper.pages,
            disk=self.disk,
        )
        key_client = CrashingClient(self.fuse, RunnerClient(it.keeper.scene))
        runner = it.runner(it.sweep(keys=key_client, files=files))
        runner.per_second = per_second
        with cutting_commits(it.it.engine, self.fuse):
            try:
                for _ in range(rounds):
                    runner.round()
            except PowerCut:
                return False
        return True


def opens(it: Installation, at: int) -> bool:
    """Whether the key daemon still has the key of a recording."""
    own = it.parts[at].header
    ask = open_ask(own.key, own.recording, it.keeper.scene.now_us)
    return isinstance(it.keeper.scene.daemon.answer(AskerRole.API, ask), DataKeyAnswer)


def rows(it: Installation) -> set[bytes]:
    with reading(it.it.engine) as connection:
        return set(connection.scalars(select(recording.c.id)))


def tombstones(it: Installation) -> list[bytes]:
    with reading(it.it.engine) as connection:
        return list(connection.scalars(select(tombstone.c.digest)))


def what_always_holds(it: Installation) -> None:
    """True at every moment, whatever was cut."""
    for at, own in enumerate(it.recordings):
        has_tombstone = digest_of(own) in tombstones(it)
        if opens(it, at):
            assert not has_tombstone
            assert len(it.files_of(own)) == 3, "files go after the key, never before"
            assert own.raw in rows(it)
        if has_tombstone:
            assert it.files_of(own) == []
            assert own.raw not in rows(it)


def is_through(it: Installation, *kept: int) -> None:
    """What must be true of a run that came to its end."""
    for at, own in enumerate(it.recordings):
        assert opens(it, at) is (at in kept)
        assert (own.raw in rows(it)) is (at in kept)
        assert len(it.files_of(own)) == (3 if at in kept else 0)
        assert tombstones(it).count(digest_of(own)) == (0 if at in kept else 1)


async def calls_of_a_whole_run(folder: Path) -> list[str]:
    async with installed(folder, 2) as it:
        await it.applied()
        attempt = Attempt(it, NEVER)
        assert attempt.run()
        is_through(it)
        return attempt.fuse.calls


@pytest.mark.parametrize(
    "is_power_cut", [pytest.param(False, marks=pytest.mark.slow), True], ids=_HOW.get
)
async def test_a_run_cut_before_any_call_is_finished_by_the_next(
    tmp_path: Path, *, is_power_cut: bool
) -> None:
    """Nothing is half destroyed, nothing comes back, nothing is told twice."""
    calls = await calls_of_a_whole_run(tmp_path / "whole")
    assert {"fence", "destroy", "unlink", "sync_folder", "commit"} <= set(calls)

    for cut in _cuts(calls):
        async with installed(tmp_path / str(cut), 2) as it:
            plan = await it.applied()
            attempt = Attempt(it, cut)
            assert not attempt.run()
            if is_power_cut:
                attempt.disk.cut_power()
            what_always_holds(it)

            assert Attempt(it, NEVER).run()
            is_through(it)
            told = it.it.journal("destroyed")
            shown = (await it.plans.show(it.owner, plan.stored.number)).stored.course
            assert (len(told), shown.ended) == (1, "done"), f"cut before {cut}, {calls[cut]}"


def _cuts(calls: list[str]) -> list[int]:
    """Before each kind of call that follows another kind: unlinks one after the other are one."""
    return [at for at, call in enumerate(calls) if at == 0 or call != calls[at - 1]]


def _behind_the_keys(calls: list[str]) -> list[int]:
    """Where they are gone and nobody has written it down."""
    return [calls.index("destroy") + 1]


def copies(it: Installation) -> dict[RecordingId, SealedFacts]:
    with reading(it.it.engine) as connection:
        found = sealed_facts(connection, 1, DEFAULT_TENANT)
        return {each.name.recording: each for each in found}


def audio_goes_before_facts(it: Installation) -> None:
    """True at every moment: what has lost its key has a copy that opens, and its rows."""
    kept, buried = copies(it), tombstones(it)
    assert rows(it) == {own.raw for own in it.recordings}
    for at, own in enumerate(it.recordings):
        if not opens(it, at):
            assert opened_facts(it, kept[own]).legs
        if digest_of(own) in buried:
            assert not opens(it, at)
            assert it.files_of(own) == []


def facts_go_as_one(it: Installation) -> None:
    """True at every moment: copy and rows go with the tombstone, and never before the key."""
    buried = tombstones(it)
    left = {own for own in it.recordings if digest_of(facts_id(own)) not in buried}
    assert left == set(copies(it)) == set(map(RecordingId, rows(it)))


def one_by_one(
    it: Installation,
    always: Callable[[Installation], None],
    before: Callable[[list[str]], list[int]],
) -> None:
    """A recording a round: one for each call before which the runner is cut, then the rest."""
    # The first round of a run also writes that it begins.
    assert Attempt(it, NEVER).run(1, per_second=1)
    whole = Attempt(it, NEVER)
    assert whole.run(1, per_second=1)
    for cut in before(whole.fuse.calls):
        attempt = Attempt(it, cut)
        assert not attempt.run(1, per_second=1)
        attempt.disk.cut_power()
        always(it)
        assert Attempt(it, NEVER).run(1, per_second=1)
        always(it)
    assert Attempt(it, NEVER).run()


@pytest.mark.parametrize(
    ("before", "count"),
    [
        pytest.param(_cuts, 20, id="any call", marks=pytest.mark.slow),
        pytest.param(_behind_the_keys, 4, id="what the daemon said is noted"),
    ],
)
async def test_facts_are_whole_whatever_was_cut_while_the_audio_went_or_they_did(
    tmp_path: Path, before: Callable[[list[str]], list[int]], count: int
) -> None:
    """The copy is there before the key of the audio goes; its own goes before it."""
    async with facts_live_on(tmp_path, count) as it:
        await it.applied()
        one_by_one(it, audio_goes_before_facts, before)
        assert set(copies(it)) == set(it.recordings)
        it.pass_us(366 * DAY_US)
        await it.applied()
        one_by_one(it, facts_go_as_one, before)
        told = [digest for each in it.it.journal("destroyed") for digest in _digests(each)]

    own = [digest_of(each) for each in (*it.recordings, *map(facts_id, it.recordings))]
    assert sorted(tombstones(it)) == sorted(own)
    assert sorted(told) == sorted(each.hex() for each in own), "each is told once"
    assert (copies(it), rows(it)) == ({}, set())


def _digests(entry: Entry) -> list[str]:
    return list(re.findall("[0-9a-f]{64}", str(entry.detail["digests"])))


async def test_a_hold_that_came_while_the_runner_was_dead_wins_or_hears_that_it_was_too_late(
    tmp_path: Path,
) -> None:
    """After the intention, before the keys: it is kept, and shown again. After: it is gone."""
    calls = await calls_of_a_whole_run(tmp_path / "whole")
    at = calls.index("destroy")
    for cut, kept in ((at, (0,)), (at + 1, ())):
        async with installed(tmp_path / f"cut{cut}", 2) as it:
            await it.applied()
            assert not Attempt(it, cut).run()
            key = it.parts[0].header.key
            it.key_client.hold(HOLD, DEFAULT_TENANT, [key] if kept else [])
            assert Attempt(it, NEVER).run(6)
            what_always_holds(it)
            is_through(it, *kept)


async def test_the_steps_come_in_the_order_of_the_design(tmp_path: Path) -> None:
    """Fence, intention, keys, what the daemon said, files, folders, tombstone."""
    calls = await calls_of_a_whole_run(tmp_path)
    once = [call for at, call in enumerate(calls) if at == 0 or call != calls[at - 1]]
    begun = once.index("fence")

    assert once[begun:] == [
        "fence", "commit", "destroy", "commit", "unlink", "sync_folder", "commit",
    ]  # fmt: skip
