"""The recording server: SIP events in, answers and recorder commands out (RFC 7866).

All recording sessions of a node as values, fed by `SipCore`'s events. No sockets, no clock; what
must be done to ports and workers is a command to the shell.
"""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from archive.events import CallOpened, EndReason
from capture.admission import RETRY_AFTER_S, Full
from capture.errors import PeerBrokeProtocol
from capture.ports import Grant, PortPool
from capture.recorder import Command
from capture.sdp.acceptance import must_refuse
from capture.sdp.answer import MediaPorts, check_answer
from capture.sdp.description import SessionDescription
from capture.sdp.offer import make_offer, reoffer
from capture.sdp.parsing import parse_description
from capture.sdp.rendering import render_description
from capture.sip.build import Answer
from capture.sip.call import OutgoingRequest
from capture.sip.events import (
    AckMissing,
    AckReceived,
    ByeReceived,
    CancelReceived,
    InviteReceived,
    OptionsReceived,
    ReinviteReceived,
    ResponseReceived,
    SendMessage,
    TransactionTimedOut,
    UpdateReceived,
)
from capture.sip.events import (
    Event as SipEvent,
)
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.message import Request
from capture.sip.user_agent import SipCore
from capture.siprec import session as steps
from capture.siprec.bodies import Bodies, find_bodies
from capture.siprec.clauses import accepts_here, is_recording_session, text_of
from capture.siprec.outputs import Deafen, Listen, Now, Output, Place, ToWorker
from capture.siprec.session import RecordingSession
from capture.siprec.sessions import Sessions
from capture.siprec.wanted import close_of, record_of
from capture.sources import Source, Sources

SRS: Final = b";+sip.srs"
SDP_TYPE: Final = (b"Content-Type", b"application/sdp")
# A call of two parties: what an INVITE without an offer is offered.
OFFERED_STREAMS: Final = 2
_MISSING_DIALOG: Final = frozenset({408, 481})


class RecordingServer:
    """Every recording session of the node."""

    def __init__(
        self,
        sip: SipCore,
        sources: Sources,
        ports: PortPool,
        place: Place,
        fresh_id: Callable[[int], bytes],
        last_arrival_us: Callable[[int], int],
    ) -> None:
        self.sip, self.sources, self.ports, self.place = sip, sources, ports, place
        self._fresh_id, self._last_arrival_us = fresh_id, last_arrival_us
        self.sessions = Sessions()
        self.full: Full | None = None
        self.able_workers: tuple[int, ...] = ()

    def commands_for(self, worker: int) -> list[Command]:
        """Everything that a worker must know, from the beginning: records, then ends."""
        mine = self.sessions.of_worker(worker)
        ended = [close_of(each) for each in mine if each.ended is not None]
        return [*(record_of(each, self._source(each)) for each in mine), *ended]

    def restore(self, values: Iterable[bytes]) -> None:
        """Go on with the sessions of a predecessor."""
        for session in self.sessions.restore(values):
            for pair in session.pairs:
                self.ports.take_here(pair)

    def closed(self, recording: bytes, now: Now) -> None:
        """The worker has ended a recording: its ports may rest, its state may go."""
        session = self.sessions.drop(recording)
        if session is not None:
            self.ports.give_back(session.pairs, now.us)

    def clock_stepped(self, now: Now) -> None:
        """What arrived before the step says nothing of silence: each call has its time again."""
        for session in self.sessions:
            if session.ended is None:
                self.sessions.keep(msgspec.structs.replace(session, resumed_us=now.us))

    def part_begins(self, recording: bytes, part: int) -> None:
        """The worker uses a number up; its successor must not use it again."""
        session = self.sessions.get(recording)
        if session is not None and part >= session.next_part:
            self.sessions.keep(msgspec.structs.replace(session, next_part=part + 1))

    def _source(self, session: RecordingSession) -> Source:
        return self.sources.named(session.source)

    # -- events ---------------------------------------------------------------------------------

    def handle(self, event: SipEvent, now: Now) -> list[Output]:
        """React to one event of the SIP layer."""
        match event:
            case InviteReceived():
                return self._invited(event, now)
            case ReinviteReceived() | UpdateReceived():
                return self._reinvited(event, now)
            case AckReceived() | AckMissing():
                return self._acknowledged(event, now)
            case OptionsReceived():
                return self._asked(event, now)
            case _:
                return self._maybe_over(event, now)

    def _maybe_over(self, event: SipEvent, now: Now) -> list[Output]:
        """What can end a call: the peer says so, or no longer knows of it."""
        match event:
            case ByeReceived():
                return self.end(event.dialog, "bye", now)
            case CancelReceived():
                return self.end(event.dialog, "cancel", now)
            case ResponseReceived() if event.response.status in _MISSING_DIALOG:
                return self._probe_failed(event.dialog, now)
            case TransactionTimedOut():
                return self._probe_failed(event.dialog, now)
            case _:
                return []

    def _invited(self, event: InviteReceived, now: Now) -> list[Output]:
        source = self.sources.find(event.flow.remote.host)
        if source is None:
            return self._refuse(event.key, Answer(status=403), now)
        try:
            bodies = _bodies(event.request)
            offer = None if bodies.sdp is None else parse_description(bodies.sdp)
        except PeerBrokeProtocol as broken:
            return self._refuse(event.key, Answer(status=broken.answer_with), now)
        if not is_recording_session(event.request, bodies, source):
            return self._refuse(event.key, Answer(status=404), now)
        if bodies.unknown_required:
            return self._refuse(event.key, Answer(status=415, headers=accepts_here()), now)
        if offer is not None and must_refuse(offer):
            return self._refuse(event.key, Answer(status=488), now)
        return self._admit(event, (source, bodies, offer), now)

    def _admit(
        self,
        event: InviteReceived,
        asked: tuple[Source, Bodies, SessionDescription | None],
        now: Now,
    ) -> list[Output]:
        source, bodies, offer = asked
        session = self._begin(event, source, now)
        wanted = OFFERED_STREAMS if offer is None else steps.needed_pairs(session, offer)
        # A full node takes no pairs either: given back they would rest, and it would stay full.
        able = self.able_workers if self.full is None else ()
        grant = self.ports.take(wanted, now.us, able)
        if grant is None:
            return self._refuse(event.key, busy(), now)
        session = msgspec.structs.replace(session, worker=grant.worker)
        session = self._negotiate(session, offer, grant, now)
        if bodies.metadata is None:
            session = steps.missing_metadata(session, now.us)
        session = steps.described(session, bodies, source, now.us)
        return self._answer(event.key, session, now, listen=grant.pairs)

    def _begin(self, event: InviteReceived, source: Source, now: Now) -> RecordingSession:
        request = event.request
        recording = self._fresh_id(now.us)
        session = RecordingSession(
            recording=recording,
            tenant=source.tenant,
            source=source.name,
            dialog=event.dialog,
            worker=0,
            created_us=now.us,
            address=self.place.address,
            pairs=(),
        )
        call = CallOpened(
            at_us=now.us,
            source=source.name,
            node=self.place.node,
            mode=source.mode,
            transport="tcp" if event.flow.transport == "tcp" else "udp",
            peer=event.flow.remote.host,
            call_id=text_of(request.call_id),
            from_uri=text_of(request.from_address.uri),
            from_name=text_of(request.from_address.display),
            to_uri=text_of(request.to_address.uri),
            to_name=text_of(request.to_address.display),
            request_uri=text_of(request.uri),
            country=source.country,
            zone=source.zone,
        )
        return steps.opened(session, call)

    def _negotiate(
        self,
        session: RecordingSession,
        offer: SessionDescription | None,
        grant: Grant,
        now: Now,
    ) -> RecordingSession:
        pairs = [(pair, self.place.port(pair)) for pair in grant.pairs]
        if offer is not None:
            return steps.offered(session, offer, pairs, now.us)
        ours = make_offer(
            session_id=session.created_us,
            version=1,
            address=session.address,
            ports=[MediaPorts(port, port + 1) for _, port in pairs],
        )
        return steps.own_offer(session, ours, pairs, now.us)

    def _answer(
        self,
        key: TransactionKey,
        session: RecordingSession,
        now: Now,
        *,
        listen: tuple[int, ...] = (),
    ) -> list[Output]:
        """200 with our description; the sockets hear before the peer is told of them."""
        assert session.ours is not None
        self.sessions.keep(session)
        answer = Answer(
            status=200,
            headers=(SDP_TYPE, *accepts_here()),
            body=render_description(session.ours),
            contact_params=SRS,
        )
        return [
            Listen(listen),
            *_sent(self.sip.respond(key, answer, now.s)),
            self._record(session),
        ]

    def _record(self, session: RecordingSession) -> ToWorker:
        return ToWorker(session.worker, record_of(session, self._source(session)))

    def _refuse(self, key: TransactionKey, answer: Answer, now: Now) -> list[Output]:
        return _sent(self.sip.respond(key, answer, now.s))

    def _reinvited(self, event: ReinviteReceived | UpdateReceived, now: Now) -> list[Output]:
        session = self.sessions.of_dialog(event.dialog)
        if session is None:
            return self._refuse(event.key, Answer(status=481), now)
        try:
            bodies = _bodies(event.request)
            offer = None if bodies.sdp is None else parse_description(bodies.sdp)
        except PeerBrokeProtocol as broken:
            return self._refuse(event.key, Answer(status=broken.answer_with), now)
        if offer is not None and must_refuse(offer):
            # The session goes on as it was (RFC 3261 §14.2), and so does the recording.
            return self._refuse(event.key, Answer(status=488), now)
        return self._renegotiate(event, session, (bodies, offer), now)

    def _renegotiate(
        self,
        event: ReinviteReceived | UpdateReceived,
        session: RecordingSession,
        asked: tuple[Bodies, SessionDescription | None],
        now: Now,
    ) -> list[Output]:
        bodies, offer = asked
        wanted = 0 if offer is None else steps.needed_pairs(session, offer)
        grant = self.ports.take(wanted, now.us, [session.worker])
        if grant is None:
            return self._refuse(event.key, busy(), now)
        try:
            if offer is not None:
                session = self._negotiate(session, offer, grant, now)
            elif isinstance(event, ReinviteReceived) and session.ours is not None:
                ours = reoffer(session.ours)
                session = msgspec.structs.replace(session, ours=ours, waits_for_answer=True)
            session = steps.described(session, bodies, self._source(session), now.us)
        except steps.SessionFull:
            self.ports.give_back(grant.pairs, now.us)
            return self._refuse(event.key, busy(), now)
        if isinstance(event, UpdateReceived) and offer is None:
            plain = Answer(status=200, contact_params=SRS)
            return [*self._refuse(event.key, plain, now), *self._noted(session)]
        return self._answer(event.key, session, now, listen=grant.pairs)

    def _acknowledged(self, event: AckReceived | AckMissing, now: Now) -> list[Output]:
        session = self.sessions.of_dialog(event.dialog)
        if session is None:
            return []
        try:
            if isinstance(event, AckMissing):
                return self._noted(steps.flagged(session, "ack_missing", now.us))
            after = self._took_answer(session, event.request, now)
            return [] if after is session else self._noted(after)
        except steps.SessionFull:
            return []  # an ACK cannot be refused, and the call goes on as it is

    def _took_answer(self, session: RecordingSession, ack: Request, now: Now) -> RecordingSession:
        """The answer to an offer of ours and the metadata beside it; flagged where broken."""
        try:
            bodies = _bodies(ack)
        except PeerBrokeProtocol:
            bodies = Bodies()
        if session.waits_for_answer:
            session = self._settled(session, bodies, now)
        return steps.described(session, bodies, self._source(session), now.us)

    def _settled(self, session: RecordingSession, bodies: Bodies, now: Now) -> RecordingSession:
        assert session.ours is not None
        try:
            answer = parse_description(bodies.sdp or b"")
            check_answer(session.ours, answer)
        except PeerBrokeProtocol:
            return steps.flagged(session, "media_refused", now.us)
        return steps.answered(session, answer, now.us)

    def _asked(self, event: OptionsReceived, now: Now) -> list[Output]:
        """OPTIONS: what we can do, or what an INVITE would be told now (RFC 3261 §11.2).

        Clients and their dispatchers choose a recorder by it, before a call is refused.
        """
        if event.dialog is None and not self._has_room(now):
            return self._refuse(event.key, busy(), now)
        if event.dialog is not None and self.sessions.of_dialog(event.dialog) is None:
            return self._refuse(event.key, Answer(status=481), now)
        able = Answer(status=200, headers=accepts_here(), contact_params=SRS)
        return self._refuse(event.key, able, now)

    def _has_room(self, now: Now) -> bool:
        """Would a call of two parties be taken?"""
        fits = self.ports.could_take(OFFERED_STREAMS, now.us, self.able_workers)
        return self.full is None and fits

    def _noted(self, session: RecordingSession) -> list[Output]:
        self.sessions.keep(session)
        return [self._record(session)]

    # -- the end of a call ----------------------------------------------------------------------

    def end(
        self, dialog: DialogId, reason: EndReason, now: Now, *, say_bye: bool = False
    ) -> list[Output]:
        """A recording session is over, for whatever reason; saying so twice changes nothing."""
        session = self.sessions.of_dialog(dialog)
        if session is None:
            return []
        outputs: list[Output] = []
        if say_bye and self.sip.has_dialog(dialog):
            outputs += _sent(self.sip.send_request(dialog, OutgoingRequest(method=b"BYE"), now.s))
        session = steps.over(session, reason, now.us)
        self.sessions.keep(session)
        closing = ToWorker(session.worker, close_of(session))
        return [*outputs, self._record(session), Deafen(session.pairs), closing]

    def probe(self, dialog: DialogId, now: Now) -> list[Output]:
        """Nothing has arrived for a while: ask the peer whether the dialog still is."""
        session = self.sessions.of_dialog(dialog)
        if session is None or not self.sip.has_dialog(dialog):
            return []
        self.sessions.keep(msgspec.structs.replace(session, probed_at_us=now.us))
        return _sent(self.sip.send_request(dialog, OutgoingRequest(method=b"OPTIONS"), now.s))

    def _probe_failed(self, dialog: DialogId, now: Now) -> list[Output]:
        """The peer knows of no dialog, or says nothing; where media came meanwhile it goes on."""
        session = self.sessions.of_dialog(dialog)
        if session is None or not session.probed_at_us:
            return []
        arrivals = (self._last_arrival_us(stream.pair) for stream in session.streams)
        if max(arrivals, default=0) > session.probed_at_us:
            return []
        self.sip.forget_dialog(dialog)
        return self.end(dialog, "probe_failed", now)


def busy() -> Answer:
    """503: full, try another recorder or come again."""
    return Answer(status=503, headers=((b"Retry-After", b"%d" % RETRY_AFTER_S),))


def _bodies(request: Request) -> Bodies:
    content_type = request.value(b"content-type") or b""
    return find_bodies(content_type, request.body, request.value(b"content-disposition") or b"")


def _sent(outputs: Iterable[object]) -> list[Output]:
    """Of what the SIP layer puts out in answer to us, the messages."""
    return [output for output in outputs if isinstance(output, SendMessage)]
