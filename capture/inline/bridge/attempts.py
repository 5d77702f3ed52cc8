"""What becomes of each attempt at reaching somebody, as one step of a call tells it.

Rules over the call's value before and after. Knows nothing of how the step came about.
"""

from typing import Final

import msgspec

from archive.call.sender_events import MAX_ATTEMPTS, UNANSWERED, Attempted, AttemptOutcome
from capture.inline.state.call import InlineCall
from capture.inline.state.call_events import (
    Answered,
    Event,
    HopsFound,
    OfTransferTarget,
    Progressed,
    RangTooLong,
    Refused,
)
from capture.inline.state.stages import DIALLED, RINGS, CalleeStage, TransferStage

_OK: Final = 200
_AWAITED: Final = frozenset({CalleeStage.FINDING, *DIALLED})
_SOUGHT: Final = frozenset({CalleeStage.FINDING, TransferStage.FINDING})
_RINGS: Final = frozenset({*RINGS, TransferStage.RINGING})
_Outcome = tuple[AttemptOutcome, int]


def attempted(before: InlineCall, after: InlineCall, event: Event, now_us: int) -> InlineCall:
    """Return the call with what the step tells of who is called, or is to take a place."""
    if len(after.attempts) >= MAX_ATTEMPTS:
        return after
    told = _of_target(before, after, event) or _of_callee(before, after, event)
    if told is None:
        return after
    target, (outcome, status) = told
    news = Attempted(at_us=now_us, target=target, outcome=outcome, status=status)
    return msgspec.structs.replace(after, attempts=(*after.attempts, news))


def _of_callee(before: InlineCall, after: InlineCall, event: Event) -> tuple[str, _Outcome] | None:
    if before.callee_stage not in _AWAITED or before.is_given_up:
        return None
    if isinstance(event, OfTransferTarget):
        return None
    is_let_go = after.is_given_up or after.callee_stage is CalleeStage.GONE
    if after.callee_stage is CalleeStage.SOUNDING is not before.callee_stage:
        return before.callee.peer, ("sounded", 0)
    is_led = after.untried.redirections > before.untried.redirections
    told = _outcome(before.callee_stage, event, is_let_go=is_let_go, is_led=is_led)
    return None if told is None else (before.callee.peer, told)


def _of_target(before: InlineCall, after: InlineCall, event: Event) -> tuple[str, _Outcome] | None:
    """Of who is to take a place; who came by himself, or from another call, is nobody's target."""
    transfer = before.transfer
    if transfer is None or transfer.is_given_up:
        return None
    is_let_go = after.transfer is None or after.transfer.is_given_up
    what = event.what if isinstance(event, OfTransferTarget) else event
    if what is event and not (is_let_go and _is_foreign(event)):
        return None
    told = _outcome(transfer.stage, what, is_let_go=is_let_go, is_led=False)
    return None if told is None else ("" if transfer.aim is None else transfer.aim.name, told)


def _is_foreign(event: Event) -> bool:
    return not isinstance(event, HopsFound | Progressed | Answered | Refused | RangTooLong)


def _outcome(
    stage: CalleeStage | TransferStage, event: Event, *, is_let_go: bool, is_led: bool
) -> _Outcome | None:
    match event:
        case HopsFound():
            return None if event.hops else ("unreachable", 0)
        case Progressed():
            return None if stage in _RINGS else ("rang", event.status)
        case Answered():
            return "answered", _OK
        case Refused():
            return _refused(stage, event, is_led=is_led)
        case RangTooLong():
            is_there = event.is_reached and stage not in _SOUGHT
            return ("unanswered" if is_there else "unreachable"), 0
        case _:
            return ("given_up", 0) if is_let_go else None


def _refused(stage: CalleeStage | TransferStage, event: Refused, *, is_led: bool) -> _Outcome:
    """One that nobody sent is silence, or nobody who can be reached."""
    if event.is_ours:
        return ("unanswered" if stage in _RINGS else "unreachable"), 0
    if is_led:
        return "redirected", event.status
    return ("unanswered" if event.status in UNANSWERED else "refused"), event.status
