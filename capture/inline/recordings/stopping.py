"""Recording of an inline call is ended by hand; the call goes on.

Steps over the exchange. Knows nothing of who may ask beyond what the route says.
"""

from typing import Final

import msgspec

from archive.events import RecordingStopped
from capture.inline.exchange import Exchange
from capture.inline.lines import Line
from capture.inline.recordings.keeping import relay_told
from capture.inline.recordings.recording import stopped
from capture.siprec.outputs import Output
from capture.siprec.pausing import ControlRefused, Why

STOPPED: Final = "stopped by hand"


def stop(exchange: Exchange, line: Line, said: RecordingStopped) -> list[Output]:
    """Nothing more is kept of the call; raises `ControlRefused` where its route forbids that."""
    session = exchange.premises.sessions.get(line.key)
    if session is None or not any(session.live) or line.withdrawn is not None:
        raise ControlRefused(Why.NOT_LIVE)
    if not line.call.plan.may_stop:
        raise ControlRefused(Why.FORBIDDEN)
    call = msgspec.structs.replace(line.call, unrecorded=STOPPED)
    line = msgspec.structs.replace(line, call=call)
    exchange.lines.keep(line)
    for recording in session.live:
        session = session.with_recording(recording.with_event(said))
    session = stopped(session, said.at_us)
    return [*exchange.premises.noted(session), *relay_told(exchange, line, session)]
