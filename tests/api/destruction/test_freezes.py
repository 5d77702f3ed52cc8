"""A freeze that comes while a run goes on: in time, or told that it may be too late, or is."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.access.approvals import Approvals
from api.holds.measures import CaseMeasures, Measured
from api.permissions.errors import NotFound
from archive.ids import DEFAULT_TENANT, HoldId, PlanId, RecordingId
from archive.keys.errors import Refusal
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording
from archive.keys.wire.protocol import DataKeyAnswer
from archive.lifecycle.intention import Intention
from archive.lifecycle.measures import Measure, MeasureKind
from retention.runner.sweep import Sweep
from tests.api.destruction.scene import Installation, installed
from tests.archive.destruction.keys import RunnerClient
from tests.support.destruction.sweep import carried_out, opened

FREEZE = Measure(kind=MeasureKind.FREEZE, case="F-1")
HOLD = HoldId(b"h" * 16)
LINE = Callable[[], object]


def froze(it: Installation) -> Measured:
    """Somebody else does it, while the run waits for what it has asked."""
    measures = CaseMeasures(it.it.door, Approvals(it.it.door))
    with ThreadPoolExecutor(1) as another:
        taken = measures.take(it.legal, it.recordings[0], FREEZE)
        return another.submit(asyncio.run, taken).result()


class Interrupted(RunnerClient):
    """Before keys are destroyed something else happens, once."""

    def __init__(self, it: Installation, other: LINE) -> None:
        super().__init__(it.keeper.scene)
        self.other: LINE | None = other

    def destroy(
        self, plan: PlanId, generation: int, recordings: Sequence[RecordingId]
    ) -> Sequence[DestroyedRecording | KeptRecording]:
        other, self.other = self.other, None
        if other is not None:
            other()
        return super().destroy(plan, generation, recordings)


class InterruptedFiles:
    """Keys are gone, and nothing else yet."""

    def __init__(self, other: LINE, sweep: Sweep) -> None:
        self.other, self.files = other, sweep.files

    def require_archive(self) -> None:
        self.files.require_archive()

    def remove(self, intended: Sequence[Intention]) -> None:
        self.other()
        self.files.remove(intended)


def outcome(it: Installation) -> tuple[str, str]:
    """What the plan says of the recording, and the key daemon of its key."""
    (line,) = it.lines(1)
    return line.cause or line.stage, opened(it, 0)


async def test_a_freeze_before_the_run_judges_anew_is_in_time(tmp_path: Path) -> None:
    """The plan says why it is kept."""
    async with installed(tmp_path, 1) as it:
        await it.applied()
        done = froze(it)
        carried_out(it)

        assert (done.changed, done.going, done.too_late) == ((it.recordings[0],), (), ())
        assert outcome(it) == ("frozen", DataKeyAnswer.__name__)


async def test_a_freeze_between_judging_and_keys_says_that_it_may_be_too_late(
    tmp_path: Path,
) -> None:
    """As it is here: the run goes on."""
    async with installed(tmp_path, 1) as it:
        await it.applied()
        told: list[Measured] = []
        key_client = Interrupted(it, lambda: told.append(froze(it)))
        it.runner(it.sweep(keys=key_client)).round()
        carried_out(it)

        assert (told[0].going, told[0].too_late) == ((it.recordings[0],), ())
        assert outcome(it) == ("gone", Refusal.KEY_DESTROYED)
        with pytest.raises(NotFound):
            await CaseMeasures(it.it.door, Approvals(it.it.door)).take(
                it.legal, it.recordings[0], FREEZE
            )


async def test_what_falls_back_after_such_a_freeze_is_kept_by_it(tmp_path: Path) -> None:
    """A hold is being placed, over something else: the run lets go of what it was about to take."""
    async with installed(tmp_path, 1) as it:
        await it.applied()
        told: list[Measured] = []

        def meanwhile() -> None:
            told.append(froze(it))
            it.key_client.raise_fence(HOLD, DEFAULT_TENANT)

        it.runner(it.sweep(keys=Interrupted(it, meanwhile))).round()
        it.key_client.hold(HOLD, DEFAULT_TENANT, [])
        carried_out(it)

        assert told[0].going == told[0].changed == (it.recordings[0],)
        assert outcome(it) == ("frozen", DataKeyAnswer.__name__)


async def test_a_freeze_behind_the_keys_is_told_that_it_is_too_late(tmp_path: Path) -> None:
    """Files and rows are still there, and nothing of it counts."""
    async with installed(tmp_path, 1) as it:
        await it.applied()
        told: list[Measured] = []
        files = InterruptedFiles(lambda: told.append(froze(it)), it.sweep())
        it.runner(it.sweep(files=files)).round()

        assert told == [Measured(measure=FREEZE, changed=(), too_late=(it.recordings[0],))]
        assert outcome(it) == ("gone", Refusal.KEY_DESTROYED)
