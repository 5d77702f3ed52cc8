"""Media of an inline call that come from a place which is not heard: a flag of its recording.

Steps over the exchange. Knows nothing of how the relay tells one sender from another.
"""

from typing import Final

import msgspec

from archive.call.events import Flagged
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Foreign, Side
from capture.recording.outputs import Now, Output
from capture.recording.session import RecordingSession, SessionFull, SessionStream, noted_on

# The relay tells ten times a second, or less often where it has many calls: who talks sends five
# packets in that time, of what a change of address has overtaken there are fewer.
TALKING_PACKETS: Final = 4
# A party that is heard may be sent to beside; one that is not is looked for elsewhere.
SILENT_US: Final = 1_500_000


def sent_unheard(exchange: Exchange, bridged: BridgedCall, told: Foreign, now: Now) -> list[Output]:
    """Flag the recording, once a stream, where a party is silent and somebody else sends to it."""
    session = exchange.node.sessions.get(bridged.key)
    if session is None or told.packets < TALKING_PACKETS or not bridged.call.is_joined:
        return []
    stream = _stream_of(session, bridged, told.side)
    if stream is None or stream.is_crowded:
        return []
    if exchange.node.capacity.last_arrival_us(stream.pair) > now.us - SILENT_US:
        return []
    later = msgspec.structs.replace(stream, is_crowded=True)
    detail = f"{told.place.host} {told.place.port}"
    flag = Flagged(at_us=now.us, flag="other_sender", detail=detail)
    try:
        known = noted_on(session.with_stream(stream, later), later, flag)
    except SessionFull:
        return []
    return exchange.node.noted(known)


def _stream_of(session: RecordingSession, bridged: BridgedCall, side: Side) -> SessionStream | None:
    pair = bridged.call.end(side).pair
    spoken = (each for each in session.streams if not each.is_played)
    return next((each for each in spoken if each.pair == pair), None)
