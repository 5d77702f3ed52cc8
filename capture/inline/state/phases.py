"""How far an inline call is, in the words of docs/inline.md.

Pure. Knows nothing of who asks.
"""

from collections.abc import Iterator
from typing import Final, Literal

from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import FindHops, FindTransferTarget
from capture.inline.state.stages import CalleeStage, CallerStage, NoticeStage, TransferStage

Phase = Literal["finding", "dialling", "ringing", "notice", "joined", "ending"]


_BEFORE: Final[dict[CalleeStage, Phase]] = {
    CalleeStage.DIALLING: "dialling",
    CalleeStage.RINGING: "ringing",
    CalleeStage.SOUNDING: "ringing",
    CalleeStage.ANSWERED: "notice",
}
_HEARD: Final = frozenset({NoticeStage.PLAYING, NoticeStage.HELD})


def phase_of(call: InlineCall) -> Phase:
    if call.caller_stage is CallerStage.GONE or call.callee_stage is CalleeStage.GONE:
        return "ending"
    if any(end.notice in _HEARD for end in call.notices):
        return "notice"
    return "joined" if call.is_joined else _BEFORE.get(call.callee_stage, "finding")


def sought(call: InlineCall) -> Iterator[FindHops | FindTransferTarget]:
    """What it was looking for when it was interrupted, and is to look for again."""
    if call.callee_stage is CalleeStage.FINDING:
        yield FindHops(call.callee.peer)
    transfer = call.transfer
    if transfer and transfer.aim and transfer.stage is TransferStage.FINDING:
        yield FindTransferTarget(transfer.aim.name, transfer.number)
