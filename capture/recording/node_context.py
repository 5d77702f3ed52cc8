"""What every call of a node shares: who may call, ports, place, sessions, and how we answer.

Knows nothing of when a call is taken, changed or ended.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from capture.admission.capacity import NO_VACANCY, RETRY_AFTER_S, Vacancy
from capture.admission.port_pool import PortPool
from capture.admission.unacknowledged_calls import UnheardCalls
from capture.metadata.message_bodies import Bodies, find_bodies
from capture.peers.dialog_access import dialog_access, owner_of
from capture.peers.password_guesses import PasswordGuesses
from capture.peers.source_watch import SourceWatch
from capture.peers.sources import Source, Sources
from capture.recording.ladder import Ladder
from capture.recording.ledger import Ledger
from capture.recording.outputs import Now, Output, Place
from capture.recording.recorded_messages import laddered
from capture.recording.session import RecordingSession, SessionFull, tolerated
from capture.recording.session_store import Sessions
from capture.recording.tolerances import in_message
from capture.recording.worker_commands import news_of
from capture.sip.agent import Doorkeeper
from capture.sip.build import Answer
from capture.sip.digest import DigestGuard, Verdict
from capture.sip.events import Event, SendMessage
from capture.sip.flow import Flow
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.message import Message, Request
from capture.sip.owner import NOBODY, DialogAccess, Owner
from capture.sip.user_agent import SipCore

SDP_TYPE: Final = (b"Content-Type", b"application/sdp")


@dataclass(slots=True, kw_only=True)
class NodeContext:
    """The node as its calls find it; `vacancy` is what its shell last measured.

    `outsiders` counts requests in dialogs of others, by who sent them and how he stands to those.
    So many calls as `max_calls` may be up. `fresh_id` makes a recording's id from µs since 1970,
    `fresh_secret` gives `SRTP_SECRET_BYTES` random bytes, `last_arrival_us` is of a port pair.
    """

    sip: SipCore
    sources: Sources
    ports: PortPool
    place: Place
    fresh_id: Callable[[int], bytes]
    fresh_secret: Callable[[], bytes]
    last_arrival_us: Callable[[int], int]
    guard: DigestGuard
    watch: SourceWatch
    max_calls: int
    sessions: Sessions = field(default_factory=Sessions)
    ladder: Ladder = field(default_factory=Ladder)
    ledger: Ledger = field(default_factory=Ledger)
    vacancy: Vacancy = NO_VACANCY
    guesses: PasswordGuesses = field(default_factory=PasswordGuesses)
    outsiders: Counter[tuple[str, str]] = field(default_factory=Counter)

    unheard: UnheardCalls = field(init=False)

    def __post_init__(self) -> None:
        self.unheard = UnheardCalls(self.source_at)
        self.sip.use_leniency(self.lenient_source)
        self.sip.use_door(
            Doorkeeper(
                owner=self.owner_at, access=self.dialog_access, challenge=self.guard.challenge
            )
        )
        self.sip.tell_answers(self.unheard.answered, self.unheard.heard)

    def lenient_source(self, flow: Flow) -> str:
        """The name of the source of a flow; "" where it is none, or a strict one."""
        source = self.sources.find(flow.remote.host, flow.names)
        return "" if source is None or source.strict else source.name

    def owner_at(self, flow: Flow) -> Owner:
        """Whose a dialog is that somebody begins by this flow."""
        return owner_of(self.sources.find(flow.remote.host, flow.names), flow.remote.host)

    def dialog_access(
        self, owner: Owner, last: Flow, request: Request, flow: Flow, now_s: float
    ) -> DialogAccess:
        """How who sends a request stands to a dialog; who has its account may prove that."""
        owner = self.owner_at(last) if owner == NOBODY else owner
        found = dialog_access(self.sources, owner, last, flow)
        host = flow.remote.host
        source = self.sources.find(host, flow.names)
        if found is not DialogAccess.UNPROVED or source is None:
            return found
        verdict = self.proof(request, source, host, now_s)
        return DialogAccess.OWN if verdict is Verdict.GOOD else DialogAccess.UNPROVED

    def proof(self, request: Request, source: Source, host: str, now_s: float) -> Verdict:
        """What a source's credentials are worth; who was wrong waits longer each time."""
        verdict = self.guard.check(request, source.user, source.password, now_s)
        if verdict not in {Verdict.GOOD, Verdict.WRONG}:
            return verdict
        if self.guesses.wait_s(host, source.user, now_s) > 0:
            return Verdict.TOO_SOON
        if verdict is Verdict.GOOD:
            self.guesses.proved(host, source.user)
        else:
            self.guesses.failed(host, source.user, now_s)
        return verdict

    def is_own(self, dialog: DialogId, request: Request, flow: Flow, now_s: float) -> bool:
        """Does a request by this flow come from whose the dialog is?"""
        known = self.sip.known(dialog)
        if known is None:
            return False
        found = self.dialog_access(known.owner, known.flow, request, flow, now_s)
        return found is DialogAccess.OWN

    def source_at(self, flow: Flow) -> str:
        """The name of the source of a flow; "" where it is none."""
        source = self.sources.find(flow.remote.host, flow.names)
        return "" if source is None else source.name

    def free_calls(self, pairs: int) -> int:
        """How many calls more there is room for, by their number and `pairs` for each."""
        return min(self.max_calls - self.sessions.live, self.ports.free() // pairs)

    def source_of(self, session: RecordingSession) -> Source:
        return self.sources.named(session.source)

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
        for call_id in (session.dialog.call_id, *session.call_ids):
            session = laddered(session, self.ladder.take(call_id))
        return session

    def is_heard(self, pairs: Iterable[int], since_us: int) -> bool:
        """Has anything come on these pairs since then?"""
        return any(self.last_arrival_us(pair) > since_us for pair in pairs)

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


def bodies_of(message: Message) -> Bodies:
    content_type = message.value(b"content-type") or b""
    return find_bodies(content_type, message.body, message.value(b"content-disposition") or b"")
