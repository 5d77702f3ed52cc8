"""A recording client, a clock and our recording server on one stage: bytes in, outputs out.

Knows no network. In the reloaded variant all state goes through bytes after every step.
"""

from collections.abc import Iterable
from ipaddress import ip_network
from itertools import count
from typing import Final, Self

from archive.call.events import CallEnded, Event, Flagged, MetadataReceived, decode_event
from capture.admission.call_capacity import CallCapacity
from capture.admission.capacity import Full, Vacancy
from capture.admission.port_pool import PortPool
from capture.admission.unacknowledged_calls import UnheardCalls
from capture.links.recorder_messages import Close, Closed, Record
from capture.peers.peer_access import PeerAccess
from capture.peers.source_watch import SourceWatch
from capture.peers.sources import Source, Sources
from capture.recording.ladder import Ladder
from capture.recording.ledger import Ledger
from capture.recording.node_context import Fresh, NodeContext
from capture.recording.outputs import Deafen, Listen, Now, Output, Place, ToWorker
from capture.recording.session import RecordingSession, SessionRecording
from capture.sdp.crypto import SRTP_SECRET_BYTES
from capture.sip.build import Header
from capture.sip.digest import SALT_BYTES, DigestGuard
from capture.sip.events import Event as SipEvent, SendMessage
from capture.sip.flow import Address, Flow
from capture.sip.identity import DialogId
from capture.sip.message import Request, Response
from capture.sip.parser import split_message
from capture.sip.user_agent import SipCore
from capture.siprec.server import RecordingServer
from tests.capture.sdp.offers import HEAD, stream
from tests.capture.siprec.documents import OPEN_CALL

HERE: Final = Address("192.0.2.9", 5060)
UDP: Final = Flow(transport="udp", local=HERE, remote=Address("192.0.2.1", 5060))
CALL_ID: Final = b"one@peer"
PAIRS: Final = 12
WORKERS: Final = 2
FIRST_PORT: Final = 10_000
REST_US: Final = 30_000_000
START_US: Final = 1_790_000_000_000_000
SIPREC: Final = (b"Require", b"siprec")
SDP: Final = (b"Content-Type", b"application/sdp")
MIXED: Final = (b"Content-Type", b"multipart/mixed;boundary=cut")
METADATA: Final = OPEN_CALL
OFFER: Final = HEAD + stream(label=b"96") + stream(label=b"97", port=6002)
HELD: Final = HEAD + stream(b"inactive", label=b"96") + stream(b"inactive", label=b"97", port=6002)
ACCEPT: Final = frozenset({b"application/sdp", b"application/rs-metadata+xml"})

CLIENT: Final = Source(name="pbx", tenant=b"t" * 16, networks=(ip_network("192.0.2.0/24"),))
NETWORK: Final = Source(
    name="trunk", tenant=b"t" * 16, networks=(ip_network("192.0.2.0/24"),), mode="network-based"
)


def mixed(*parts: tuple[bytes, bytes]) -> bytes:
    """A multipart body of these types and contents."""
    cut = [
        b"--cut\r\nContent-Type: " + kind + b"\r\n\r\n" + content + b"\r\n"
        for kind, content in parts
    ]
    return b"".join([*cut, b"--cut--\r\n"])


def described(sdp: bytes = OFFER, metadata: bytes = METADATA) -> bytes:
    """The usual body of a recording client: SDP, then metadata."""
    return mixed((b"application/sdp", sdp), (b"application/rs-metadata+xml", metadata))


def request(
    method: bytes,
    *headers: Header,
    cseq: int = 1,
    to_tag: bytes = b"",
    contact: bytes = b"<sip:src@192.0.2.1:5060>",
    body: bytes = b"",
) -> bytes:
    """A request of the recording client."""
    shared = b"INVITE" if method == b"CANCEL" else method
    lines = [
        method + b" sip:srs@192.0.2.9 SIP/2.0",
        b"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%s%d" % (shared, cseq),
        b"Max-Forwards: 70",
        b'From: "Desk 7" <sip:src@192.0.2.1>;tag=peer',
        b"To: <sip:srs@192.0.2.9>" + (b";tag=" + to_tag if to_tag else b""),
        b"Call-ID: " + CALL_ID,
        b"CSeq: %d %s" % (cseq, method),
        b"Contact: " + contact,
        *(name + b": " + value for name, value in headers),
        b"Content-Length: %d" % len(body),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def invite(sdp: bytes = OFFER, *headers: Header) -> bytes:
    """A plain INVITE of a recording client: siprec is required, SDP and metadata are there."""
    return request(b"INVITE", SIPREC, MIXED, *headers, body=described(sdp))


def bare_invite(sdp: bytes = OFFER, *headers: Header) -> bytes:
    """An INVITE with nothing but an offer."""
    return request(b"INVITE", SDP, *headers, body=sdp)


def said(output: Output) -> str:
    """An output in a word or two: "200 INVITE", "Listen 2", "Record", "Deafen 2"."""
    match output:
        case Listen() | Deafen():
            return f"{type(output).__name__} {len(output.pairs)}"
        case ToWorker():
            return type(output.command).__name__
        case SendMessage():
            message = split_message(output.data)
            if isinstance(message, Request):
                return message.method.decode()
            return f"{message.status} {message.cseq.method.decode()}"


class Stage:
    """One node and its peers; `then` states what the last step put out."""

    def __init__(self, *, reloaded: bool = False, source: Source = CLIENT) -> None:
        self.reloaded, self.source = reloaded, source
        self.guard = DigestGuard("rokuon", b"secret", lambda: bytes(SALT_BYTES))
        self.ladder, self.ledger = Ladder(), Ledger()
        self.now_s = 0.0
        self.outputs: list[Output] = []
        self.log: list[Output] = []
        self.arrivals: dict[int, int] = {}
        self._numbers = count(1)
        self._ids = count(1)
        self._sip: dict[bytes, bytes] = {}
        self._sessions: dict[bytes, bytes] = {}
        self._make()

    def _make(self) -> None:
        self.core = SipCore(
            node=b"n1",
            tokens=lambda: b"t%d" % next(self._numbers),
            options=frozenset({b"siprec"}),
        )
        self.ports = PortPool(PAIRS, WORKERS, REST_US)
        peers = PeerAccess(
            sources=Sources((self.source,)),
            guard=self.guard,
            watch=SourceWatch((self.source,), START_US),
        )
        self.node = NodeContext(
            sip=self.core,
            peers=peers,
            capacity=CallCapacity(
                ports=self.ports,
                last_arrival_us=lambda pair: self.arrivals.get(pair, 0),
                max_calls=100,
                unheard=UnheardCalls(peers.name_at),
                vacancy=Vacancy(None, tuple(range(WORKERS))),
            ),
            place=Place(node="n1", address="192.0.2.9", first_port=FIRST_PORT),
            fresh=Fresh(
                lambda _now_us: b"recording-%06d" % next(self._ids),
                lambda: bytes(SRTP_SECRET_BYTES),
            ),
            ladder=self.ladder,
            ledger=self.ledger,
        )
        self.server = RecordingServer(self.node)

    @property
    def now(self) -> Now:
        """This moment."""
        return Now(self.now_s, START_US + int(self.now_s * 1e6))

    @property
    def session(self) -> RecordingSession:
        """The only session there is."""
        (session,) = self.server.sessions
        return session

    @property
    def recording(self) -> SessionRecording:
        """The only recording there is."""
        (recording,) = self.session.recordings
        return recording

    @property
    def dialog(self) -> DialogId:
        """The dialog of the first 2xx that was ever sent to an INVITE."""
        answer = next(each for each in self.answers() if each.status == 200)
        return DialogId(call_id=CALL_ID, local_tag=answer.to_address.tag, remote_tag=b"peer")

    # -- what happens -----------------------------------------------------------------------------

    def peer(self, data: bytes, flow: Flow = UDP) -> Self:
        """The peer sends `data`."""
        return self._take(self.core.receive(data, flow, self.now_s))

    def inside(self, method: bytes, cseq: int, *headers: Header, body: bytes = b"") -> Self:
        """The peer sends a request inside the dialog."""
        tag = self.dialog.local_tag
        return self.peer(request(method, *headers, cseq=cseq, to_tag=tag, body=body))

    def response(self, status: int, *headers: Header, body: bytes = b"") -> Self:
        """The peer answers the last request of ours."""
        sent = next(m for m in reversed(self.messages()) if isinstance(m, Request))
        echoed = {b"via", b"from", b"to", b"call-id", b"cseq"}
        lines = [b"SIP/2.0 %d Whatever" % status]
        lines += [line.raw for line in sent.lines if line.name in echoed]
        lines += [name + b": " + value for name, value in headers]
        return self.peer(
            b"\r\n".join([*lines, b"Content-Length: %d" % len(body)]) + b"\r\n\r\n" + body
        )

    def media(self) -> Self:
        """Something arrives on every stream now."""
        for each in self.session.streams:
            self.arrivals[each.pair] = self.now.us
        return self

    def until(self, at_s: float) -> Self:
        """The clock goes on; every timer on the way runs when it is due."""
        outputs: list[Output] = []
        while (due_s := self.core.next_deadline_s()) is not None and due_s <= at_s:
            self.now_s = max(self.now_s, due_s)
            outputs += self._take(self.core.expire_timers(self.now_s)).outputs
        self.now_s = at_s
        self.outputs = outputs
        return self

    def probed(self) -> Self:
        """The watch has us ask the peer."""
        return self._did(self.server.probe(self.dialog, self.now))

    def asked_again(self) -> Self:
        """The shell has us ask what a predecessor may have missed."""
        return self._did(self.server.ask_again(self.now))

    def timed_out(self) -> Self:
        """The watch has us end the call."""
        return self._did(self.server.end(self.dialog, "media_timeout", self.now, say_bye=True))

    def closed(self) -> Self:
        """The worker has ended every recording that is over."""
        ended = [each for s in self.server.sessions for each in s.recordings if each.ended]
        for each in ended:
            self.server.closed(Closed(recording=each.recording), self.now)
        return self._did([])

    def full(self, reason: Full | None) -> Self:
        """The node is full from now on, or no longer."""
        self.node.capacity.vacancy = Vacancy(reason, tuple(range(WORKERS)))
        return self

    def _take(self, outputs: Iterable[SipEvent | SendMessage]) -> Self:
        done: list[Output] = []
        for output in outputs:
            if isinstance(output, SendMessage):
                done.append(output)
            else:
                done += self.server.handle(output, self.now)
        return self._did(done)

    def _did(self, outputs: list[Output]) -> Self:
        self.outputs = outputs
        self.log += outputs
        _update(self._sip, self.core.take_changed())
        _update(self._sessions, self.server.sessions.take_changed())
        if self.reloaded:
            vacancy = self.node.capacity.vacancy
            self._make()
            self.core.restore(self._sip.values())
            self.server.restore(self._sessions.values())
            self.node.capacity.vacancy = vacancy
        return self

    # -- what is to be seen -----------------------------------------------------------------------

    def then(self, *expected: str) -> Self:
        """Exactly this was put out, in this order."""
        assert [said(output) for output in self.outputs] == list(expected)
        return self

    def messages(self) -> list[Request | Response]:
        """Every message that was ever sent."""
        return [split_message(each.data) for each in self.log if isinstance(each, SendMessage)]

    def answers(self) -> list[Response]:
        """Every response to an INVITE that was ever sent."""
        responses = [each for each in self.messages() if isinstance(each, Response)]
        return [each for each in responses if each.cseq.method == b"INVITE"]

    def records(self) -> list[Record]:
        """Every `Record` that a worker was ever told."""
        told = [each.command for each in self.log if isinstance(each, ToWorker)]
        return [each for each in told if isinstance(each, Record)]

    def closes(self) -> list[Close]:
        """Every `Close` that a worker was ever told."""
        told = [each.command for each in self.log if isinstance(each, ToWorker)]
        return [each for each in told if isinstance(each, Close)]

    def events(self) -> list[Event]:
        """The events of the recording as the worker was told last."""
        return [decode_event(each.payload) for each in self.records()[-1].events]

    def flags(self) -> list[str]:
        """The flags of the recording, in order."""
        return [event.flag for event in self.events() if isinstance(event, Flagged)]

    def documents(self) -> list[MetadataReceived]:
        """The metadata documents that the recording keeps."""
        return [event for event in self.events() if isinstance(event, MetadataReceived)]

    def ends(self) -> list[str]:
        """Why the recording ended, as often as it says so."""
        return [event.reason for event in self.events() if isinstance(event, CallEnded)]


def _update(kept: dict[bytes, bytes], changed: dict[bytes, bytes | None]) -> None:
    for key, value in changed.items():
        kept.pop(key, None)
        if value is not None:
            kept[key] = value


def talking(stage: Stage) -> Stage:
    """The call is up: INVITE, 200, ACK."""
    stage.peer(invite())
    return stage.inside(b"ACK", 1)
