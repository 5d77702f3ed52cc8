"""What a party's source says of SRTP, held to whatever its calls describe, and who could read keys.

Steps over the exchange. Knows nothing of packets, nor of how calls begin.
"""

from typing import Final

from capture.inline.messages.body_parts import description_in
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.ends import End
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Side
from capture.recording.outputs import Now
from capture.recording.session import RecordingSession
from capture.recording.srtp_policy import keys_seen_at, unsafe
from capture.sip.build import Answer
from capture.sip.events import Event as SipEvent, PrackReceived, ReinviteReceived, UpdateReceived
from capture.sip.flow import transport_of

_PRIVATE: Final = "tls"


def forbidden(
    exchange: Exchange, bridged: BridgedCall, side: Side, event: SipEvent
) -> Answer | None:
    """The refusal of a change that this party's source may not ask for.

    Who asks for help may, and so may a target's.
    """
    name = bridged.sides.sources[side]
    if not name or bridged.call.plan.is_emergency:
        return None
    if not isinstance(event, ReinviteReceived | UpdateReceived | PrackReceived):
        return None
    offer = description_in(event.request)
    if offer is None:
        return None
    source = exchange.node.peers.sources.named(name)
    return unsafe(offer, source, exchange.node.sip.transport(event.dialog) or "udp")


def keys_watched(
    exchange: Exchange, bridged: BridgedCall, session: RecordingSession, now: Now
) -> RecordingSession:
    """With the flag of keys that others could have read, on either side; raises `SessionFull`."""
    ends = (bridged.call.caller, bridged.call.callee)
    open_at = {end.side for end in ends if _way(exchange, bridged, session, end) != _PRIVATE}
    return keys_seen_at(session, open_at, now)


def _way(exchange: Exchange, bridged: BridgedCall, session: RecordingSession, end: End) -> str:
    """By what its descriptions come: its dialog's transport, before that the INVITE's."""
    known = None if end.dialog is None else exchange.node.sip.transport(end.dialog)
    if known is not None:
        return known
    if end.side is Side.CALLER:
        return session.call.transport
    return _PRIVATE if bridged.attempt is None else transport_of(bridged.attempt.flow)
