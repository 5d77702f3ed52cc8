"""What is planned, judged anew before it goes."""

from dataclasses import dataclass, field
from pathlib import Path

from archive.ids import PlanId, RecordingId
from archive.keys.guard.facts_keys import FactsKey
from tests.api.destruction.scene import DAY_US, facts_live_on
from tests.archive.destruction.keys import RunnerClient


@dataclass(slots=True)
class Forgetful(RunnerClient):
    """A key daemon that knows no recording for which facts could be kept."""

    asked: list[object] = field(default_factory=list)

    def keep_facts(self, plan: PlanId, recordings: object) -> dict[RecordingId, FactsKey]:
        self.asked.append((plan, recordings))
        return {}


async def test_audio_whose_facts_cannot_be_kept_stays_and_what_is_due_by_then_goes_as_approved(
    tmp_path: Path,
) -> None:
    """No key, no copy, no destruction; and who approved the audio alone has approved no more."""
    async with facts_live_on(tmp_path) as it:
        await it.applied()
        key_client = Forgetful(it.keeper.scene)
        it.runner(it.sweep(keys=key_client)).round()
        assert [(each.stage, each.cause) for each in it.lines(1)] == [("dropped", "key_unknown")]
        assert key_client.asked

        # What was approved stands.
        await it.plans.make(it.owner)
        it.pass_us(366 * DAY_US)
        runner = it.runner()
        for _ in range(2):
            runner.round()
        assert [(each.stage, each.grounds[2]) for each in it.lines(2)] == [("gone", "audio")]
