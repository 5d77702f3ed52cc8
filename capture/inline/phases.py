"""How far an inline call is, in the words of docs/inline.md.

Pure. Knows nothing of who asks.
"""

from typing import Literal

from capture.inline.call import CalleeStage, CallerStage, InlineCall, NoticeStage

Phase = Literal["finding", "dialling", "ringing", "notice", "joined", "ending"]


def phase_of(call: InlineCall) -> Phase:
    """The phase that a call is in."""
    if call.caller_stage is CallerStage.GONE or call.callee_stage is CalleeStage.GONE:
        return "ending"
    if any(end.notice in {NoticeStage.PLAYING, NoticeStage.HELD} for end in call.notices):
        return "notice"
    if call.is_joined:
        return "joined"
    match call.callee_stage:
        case CalleeStage.DIALLING:
            return "dialling"
        case CalleeStage.RINGING:
            return "ringing"
        case CalleeStage.ANSWERED:
            return "notice"
        case _:
            return "finding"
