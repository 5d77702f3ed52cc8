"""What tests of sweep share."""

from archive.keys.wire.protocol import AskerRole, RefusedAnswer
from tests.api.destruction.scene import Installation
from tests.archive.keys.entries import open_ask


def opened(it: Installation, at: int) -> str:
    """What the key daemon says to the API that wants the key of a recording."""
    own = it.parts[at].header
    ask = open_ask(own.key, own.recording, it.keeper.scene.now_us)
    answer = it.keeper.scene.daemon.answer(AskerRole.API, ask)
    return answer.refused if isinstance(answer, RefusedAnswer) else type(answer).__name__


def carried_out(it: Installation) -> None:
    """Rounds of a runner until nothing is left to do."""
    runner = it.runner()
    for _ in range(20):
        runner.round()
