"""What tests of plans share."""

from archive.errors import KeyUnavailable
from archive.ids import PlanId
from archive.keys.guard.destruction import KeptRecording, Why
from tests.api.destruction.scene import Installation
from tests.archive.destruction.keys import ApiKeyClient, RunnerClient
from tests.archive.keys.scene import Scene


def whys(it: Installation, plan: PlanId) -> set[Why | str]:
    """What the key daemon says to a runner that would destroy all of it."""
    said = RunnerClient(it.keeper.scene).destroy(plan, 0, it.recordings)
    return {each.why if isinstance(each, KeptRecording) else "destroyed" for each in said}


class CutClient(ApiKeyClient):
    """An API's line that breaks before a call."""

    __slots__ = ("left",)

    def __init__(self, scene: Scene, left: int) -> None:
        super().__init__(scene)
        self.left = left

    def _ask(self, ask: object) -> object:  # type: ignore[override]  # any ask of it
        if not self.left:
            raise KeyUnavailable("cut")
        self.left -= 1
        return super()._ask(ask)  # type: ignore[arg-type]  # as it was asked
