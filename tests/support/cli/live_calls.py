"""What tests of live calls share."""

from collections.abc import Callable

from archive.call.live import LiveCall, LiveCalls, Question, Trouble, Wish
from archive.ids import DEFAULT_TENANT

CALL = LiveCall(
    recording="ab" * 16, source="pbx", started_us=1_795_000_000_000_000, caller="sip:a@b",
    called="sip:c@d", streams=2, on_hold=True, troubles=(Trouble.LOSSY,),
    tenant=DEFAULT_TENANT.raw.hex(),
)  # fmt: skip


def up(*calls: LiveCall, refused: str = "") -> Callable[[Question], LiveCalls]:
    """A node with these calls, which refuses what is wished for this reason."""

    def answer(question: Question) -> LiveCalls:
        if question.wish is not Wish.NOTHING:
            return LiveCalls(total=0, calls=(), refused=refused)
        asked = [each for each in calls if question.recording in {"", each.recording}]
        return LiveCalls(total=len(asked), calls=tuple(asked))

    return answer
