"""What every call of a node shares: who may call, ports, place, sessions, and how we answer.

Knows nothing of when a call is taken, changed or ended.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import msgspec

from archive.call.events import SipMessage
from capture.admission.call_capacity import CallCapacity
from capture.admission.capacity import RETRY_AFTER_S
from capture.peers.peer_access import PeerAccess
from capture.peers.sources import Source
from capture.recording.ladder import Ladder
from capture.recording.ledger import Ledger
from capture.recording.outputs import Now, Output, Place
from capture.recording.session import RecordingSession, SessionFull, tolerated
from capture.recording.session_store import Sessions
from capture.recording.tolerances import in_message
from capture.recording.worker_commands import news_of
from capture.sip.build import Answer
from capture.sip.events import Event, SendMessage
from capture.sip.identity import TransactionKey
from capture.sip.user_agent import SipCore

# Messages of a call that are kept: a refresh every minute, for as long as a call may be.
MAX_SAID: Final = 1_500
LAST_SAID: Final = 16
MAX_SAID_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Fresh:
    """What nobody had before: ids by µs since 1970, `SRTP_SECRET_BYTES` random bytes."""

    recording_id: Callable[[int], bytes]
    srtp_secret: Callable[[], bytes]


@dataclass(slots=True, kw_only=True)
class NodeContext:
    """The node as its calls find it."""

    sip: SipCore
    peers: PeerAccess
    capacity: CallCapacity
    place: Place
    fresh: Fresh
    sessions: Sessions = field(default_factory=Sessions)
    ladder: Ladder = field(default_factory=Ladder)
    ledger: Ledger = field(default_factory=Ledger)

    def __post_init__(self) -> None:
        unheard = self.capacity.unheard
        self.sip.use_leniency(self.peers.lenient_source)
        self.sip.use_door(self.peers.door)
        self.sip.tell_answers(unheard.answered, unheard.heard)

    def source_of(self, session: RecordingSession) -> Source:
        return self.peers.sources.named(session.source)

    def refuse(self, key: TransactionKey, answer: Answer, now: Now) -> list[Output]:
        return self.sent(self.sip.respond(key, answer, now.s), now)

    def sent(self, outputs: Iterable[object], now: Now) -> list[Output]:
        """Of what the SIP layer puts out in answer to us, the messages."""
        messages = [output for output in outputs if isinstance(output, SendMessage)]
        for message in messages:
            self.ladder.sent(message.data, message.flow, now.us)
        return [*messages]

    def with_ladder(self, session: RecordingSession) -> RecordingSession:
        """The session with what was said of its call by now, once there is a recording for it."""
        if not any(session.live):
            return session
        for call_id in (session.dialog.call_id, *session.messages.call_ids):
            session = laddered(session, self.ladder.take(call_id))
        return session

    def noted(self, session: RecordingSession) -> list[Output]:
        """Keep the session, and what its worker is to be told of the change."""
        session = self.with_ladder(session)
        before = self.sessions.get(session.key)
        self.sessions.keep(session)
        return [*news_of(before, session, self.source_of(session))]


def read_as_meant(
    node: NodeContext, session: RecordingSession | None, event: Event, now: Now
) -> list[Output]:
    """Note in a call's recordings what its peer's message does against the RFC; mostly nothing."""
    message = getattr(event, "request", None) or getattr(event, "response", None)
    if session is None or message is None or not message.deviations:
        return []
    try:
        return node.noted(tolerated(session, in_message(message), now.us))
    except SessionFull:
        return []  # what was passed over is no reason to refuse what it says


def busy() -> Answer:
    """503: full, try another recorder or come again."""
    return Answer(status=503, headers=((b"Retry-After", b"%d" % RETRY_AFTER_S),))


def laddered(session: RecordingSession, messages: Iterable[SipMessage]) -> RecordingSession:
    """With what was said of the call, as far as that is bounded; never raises for the sake of it.

    The last few messages have room of their own: how a call ended is what people look for.
    """
    for message in messages:
        size = len(message.data)
        is_last = message.data.startswith(b"BYE ") or session.ended is not None
        room = MAX_SAID + (LAST_SAID if is_last else 0)
        known = session.messages
        if known.count >= room or known.size_bytes + size > MAX_SAID_BYTES:
            continue
        for recording in session.live:
            known = msgspec.structs.replace(
                known, count=known.count + 1, size_bytes=known.size_bytes + size
            )
            session = session.with_recording(recording.with_event(message))
        session = msgspec.structs.replace(session, messages=known)
    return session
