"""What becomes of an inline call by the clock alone.

Pure questions to a call's value. Knows nothing of what follows.
"""

from collections.abc import Iterator

from capture.inline.bridge.glare import is_owed
from capture.inline.bridge.recording_indication import is_due as is_told_due
from capture.inline.notices.beep import is_due
from capture.inline.notices.notice import needs_comfort
from capture.inline.notices.notice_timeouts import held_too_long, unheard_of
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call_events import (
    AskDue,
    BeepDue,
    ComfortDue,
    Event,
    OfTransferTarget,
    RangTooLong,
    RecordingSeen,
)
from capture.inline.state.exchange import Exchange
from capture.inline.state.stages import DIALLED
from capture.inline.transfers.referral import DIALLED as TARGET_DIALLED
from capture.recording.outputs import Now
from capture.sip.outgoing_call import OutgoingCall


def due(exchange: Exchange, bridged: BridgedCall, now: Now) -> Iterator[Event]:
    """Who rings for too long, or waits in silence, whose notice is not heard of any more, who is to
    be reminded of recording, told of it, or asked again.
    """
    call, transfer = bridged.call, bridged.call.transfer
    limit_us = call.plan.ring_s * 1_000_000
    if call.callee_stage in DIALLED and now.us - call.dialled.dialled_us > limit_us:
        yield RangTooLong(_is_reached(exchange, bridged.attempt))
    is_arriving = transfer is not None and transfer.stage in TARGET_DIALLED
    if transfer and is_arriving and now.us - transfer.dialled.dialled_us > limit_us:
        yield OfTransferTarget(RangTooLong(_is_reached(exchange, bridged.successor)))
    if needs_comfort(call, now.us):
        yield ComfortDue()
    if is_owed(call, now.us):
        yield AskDue()
    is_paused = _is_paused(exchange, bridged)
    yield from unheard_of(bridged, now.us)
    yield from held_too_long(bridged, now.us)
    if is_due(call, now.us) and not is_paused:
        yield BeepDue()
    if is_told_due(call, now.us, is_paused=is_paused):
        yield RecordingSeen(is_paused)


def _is_reached(exchange: Exchange, outgoing: OutgoingCall | None) -> bool:
    return outgoing is not None and exchange.node.sip.is_answering(outgoing.attempt)


def _is_paused(exchange: Exchange, bridged: BridgedCall) -> bool:
    session = exchange.node.sessions.get(bridged.key)
    return session is not None and any(each.pause is not None for each in session.live)
