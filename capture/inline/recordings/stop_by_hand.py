"""Recording of an inline call is ended by hand; the call goes on.

Steps over the exchange. Knows nothing of who may ask beyond what the route says.
"""

from archive.call.events import RecordingStopped
from archive.call.live import Why
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call_events import Stopped
from capture.inline.state.exchange import Exchange
from capture.recording.pause_control import ControlRefused


def asked_to_stop(exchange: Exchange, bridged: BridgedCall, said: RecordingStopped) -> Stopped:
    """The call's event, once the recording tells who ended it; raises `ControlRefused`."""
    session = exchange.node.sessions.get(bridged.key)
    is_over = bridged.cut is not None or bool(bridged.call.recording.unrecorded)
    if session is None or not any(session.live) or is_over:
        raise ControlRefused(Why.NOT_LIVE)
    if not bridged.call.plan.control.may_stop:
        raise ControlRefused(Why.FORBIDDEN)
    for recording in session.live:
        session = session.with_recording(recording.with_event(said))
    exchange.node.sessions.keep(session)
    return Stopped()
