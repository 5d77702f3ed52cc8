"""Who takes part in a live call, told by hand because SIP does not show it.

Steps over the node. Knows nothing of who tells.
"""

import msgspec

from archive.call.events import Name, StreamPartyKnown
from archive.call.live import Participant, Why
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now, Output
from capture.recording.pause_control import ControlRefused
from capture.recording.session import RecordingSession, SessionFull, SessionStream, noted_on


def tell(
    node: NodeContext, session: RecordingSession, recording: bytes, who: Participant, now: Now
) -> list[Output]:
    """The stream of that side has this party from now on; raises `ControlRefused`."""
    stream = _stream_of(session, recording, who)
    before = stream.party
    party = StreamPartyKnown(
        at_us=now.us,
        stream=stream.stream,
        participant=who.aor or who.agent if before is None else before.participant,
        aor=_address(who, before),
        names=_names(who, before),
        side=who.side,
        because="client_said",
    )
    later = msgspec.structs.replace(stream, party=party, is_told=True)
    try:
        return node.noted(noted_on(session.with_stream(stream, later), later, party))
    except SessionFull:
        raise ControlRefused(Why.FULL) from None


def _stream_of(session: RecordingSession, recording: bytes, who: Participant) -> SessionStream:
    """The only stream of that side; where no side is known, none can be told apart."""
    own = [each for each in session.streams if each.recording == recording and not each.is_played]
    found = [each for each in own if each.party is not None and each.party.side == who.side]
    if len(found) != 1:
        raise ControlRefused(Why.NO_SUCH_PARTY)
    return found[0]


def _address(who: Participant, before: StreamPartyKnown | None) -> str:
    """An agent's id stands where the number of his extension would."""
    known = who.aor or ("" if before is None else before.aor)
    return f"sip:{who.agent}@{known.rpartition('@')[2] or 'invalid'}" if who.agent else known


def _names(who: Participant, before: StreamPartyKnown | None) -> tuple[Name, ...]:
    if who.name:
        return (Name(who.name),)
    return () if before is None else before.names
