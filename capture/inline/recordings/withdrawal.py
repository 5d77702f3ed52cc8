"""A recording that was refused during its notice: it ends with the relay's word on that.

Steps over the exchange. Knows nothing of how somebody refuses.
"""

import msgspec

from capture.inline.recordings.notice_evidence import EVIDENCE_WITHIN_US, left_after
from capture.inline.recordings.notice_outcome import reports_in, untold, without_reports
from capture.inline.recordings.relay_updates import relay_told
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.exchange import Exchange
from capture.inline.state.recording_events import stopped
from capture.links.relay_messages import Played, Side
from capture.recording.outputs import Now, Output


def withdrawal_told(
    exchange: Exchange, bridged: BridgedCall, told: Played, now: Now
) -> list[Output]:
    """How far the notice came until then; with the last word the recording is over."""
    cut = bridged.withdrawn
    if cut is None:
        return []
    left = left_after(exchange, bridged, cut, told, now)
    bridged = msgspec.structs.replace(bridged, withdrawn=msgspec.structs.replace(cut, ends=left))
    if not left:
        return _over(exchange, bridged)
    exchange.calls.keep(bridged)
    return []


def withdrawal_overdue(exchange: Exchange, bridged: BridgedCall, now: Now) -> list[Output]:
    """A relay that says nothing for so long is gone, with what it had: the recording is over."""
    cut = bridged.withdrawn
    if cut is None or now.us - cut.since_us < EVIDENCE_WITHIN_US:
        return []
    return _over(exchange, bridged)


def _over(exchange: Exchange, bridged: BridgedCall) -> list[Output]:
    """It ended when somebody refused."""
    session, cut = exchange.node.sessions.get(bridged.key), bridged.withdrawn
    told = msgspec.structs.replace(without_reports(bridged, Side), withdrawn=None)
    exchange.calls.keep(told)
    if session is None or cut is None:
        return []
    session = untold(session, cut.ends, cut.since_us)
    session = reports_in(bridged, session, Side, cut.since_us)
    session = stopped(session, cut.reason, cut.since_us)
    bridged = told
    return [*exchange.node.noted(session), *relay_told(exchange, bridged, session)]
