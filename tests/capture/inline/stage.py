"""A caller, a callee, a relay and our node on one stage: bytes in, outputs out, both dialogs.

Knows no network. In the reloaded variant all state goes through bytes after every step.
"""

from collections.abc import Iterable
from ipaddress import ip_network
from itertools import count
from typing import Any, Final, Self

import msgspec

from archive.call.events import Event, decode_event
from capture.admission.call_capacity import CallCapacity
from capture.admission.capacity import Full, Vacancy
from capture.admission.port_pool import PortPool
from capture.admission.unacknowledged_calls import UnheardCalls
from capture.inline.routing.emergency import emergency_numbers
from capture.inline.routing.route import Route, Target
from capture.inline.routing.routes import Routes
from capture.inline.server import InlineServer
from capture.inline.state.exchange import Exchange, Switch
from capture.inline.state.prompt_stock import PromptStock, PromptWording
from capture.links.recorder_messages import Close, Record
from capture.links.relay_messages import (
    LetGo,
    Outcome,
    Played,
    RelayAnswer,
    RelayCall,
    RelayGone,
    Side,
)
from capture.peers.peer_access import PeerAccess
from capture.peers.source_watch import SourceWatch
from capture.peers.sources import Source, Sources
from capture.recording.ladder import Ladder
from capture.recording.ledger import Ledger
from capture.recording.node_context import Fresh, NodeContext
from capture.recording.outputs import (
    Complain,
    Deafen,
    Find,
    Listen,
    Now,
    Output,
    Place,
    ToRelay,
    ToWorker,
)
from capture.sdp.crypto import SRTP_SECRET_BYTES
from capture.signalling.event_dispatch import EventDispatch
from capture.sip.build import Header
from capture.sip.digest import SALT_BYTES, DigestGuard
from capture.sip.events import Event as SipEvent, SendMessage
from capture.sip.flow import Address, Flow
from capture.sip.message import Request, Response
from capture.sip.parser import split_message
from capture.sip.user_agent import SipCore
from capture.siprec.server import RecordingServer

HERE: Final = Address("192.0.2.9", 5060)
A: Final = Flow(transport="udp", local=HERE, remote=Address("192.0.2.1", 5060))
B: Final = Flow(transport="udp", local=HERE, remote=Address("192.0.2.30", 5060))
# Whom a message is for; who is not named here is the callee.
LETTERS: Final = {
    "192.0.2.1": "a",
    "192.0.2.30": "b",
    "192.0.2.28": "c",
    "192.0.2.29": "d",
    "198.51.100.7": "x",
}
PAIRS: Final = 24
WORKERS: Final = 2
FIRST_PORT: Final = 10_000
START_US: Final = 1_790_000_000_000_000
SDP: Final = (b"Content-Type", b"application/sdp")
NODES: Final = tuple(map(ip_network, ("192.0.2.0/28", "192.0.2.16/28")))
TRUNK: Final = Source(name="trunk", tenant=b"t" * 16, networks=NODES)
PBX: Final = Target(name="pbx", uri="sip:192.0.2.30")
ROUTE: Final = Route(
    name="support", to=("pbx",), notice=("notice",), direction="inbound", queue="q1"
)
NOTICE: Final = PromptWording(prompt="notice", language="ja", sha256="ab" * 32)
FILES: Final = {
    ("notice", "PCMU"): "n.pcmu",
    ("notice", "PCMA"): "n.pcma",
    ("closing", "PCMU"): "c.pcmu",
    ("ringback-japan", "PCMU"): "r.pcmu",
    ("ringback-japan", "PCMA"): "r.pcma",
    ("recording-beep", "PCMU"): "b.pcmu",
    ("recording-beep", "PCMA"): "b.pcma",
}


def sdp(host: str, port: int, *lines: str, version: int = 1, formats: str = "0 8 101") -> bytes:
    """An audio line of a party."""
    said = (
        *("v=0", f"o=- 7 {version} IN IP4 {host}", "s=-", f"c=IN IP4 {host}", "t=0 0"),
        *(f"m=audio {port} RTP/AVP {formats}", "a=rtpmap:101 telephone-event/8000", *lines),
    )
    return "".join(f"{line}\r\n" for line in said).encode()


OFFER: Final = sdp("192.0.2.1", 4000)
ANSWER: Final = sdp("192.0.2.30", 5000, formats="0 101")
HELD: Final = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
HOLDING: Final = sdp("192.0.2.30", 5000, "a=recvonly", version=2, formats="0 101")


def from_caller(
    method: bytes,
    *headers: Header,
    cseq: int = 1,
    to_tag: bytes = b"",
    body: bytes = b"",
    number: bytes = b"0355501234",
    kind: bytes = SDP[1],
) -> bytes:
    """A request of the caller; its body is of this kind."""
    shared = b"INVITE" if method in {b"CANCEL", b"ACK-refusal"} else method
    lines = [
        method + b" sip:%s@192.0.2.9 SIP/2.0" % number,
        b"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa%s%d" % (shared, cseq),
        b"Max-Forwards: 70",
        b'From: "Sato" <sip:+81300001234@192.0.2.1>;tag=caller',
        b"To: <sip:%s@192.0.2.9>" % number + (b";tag=" + to_tag if to_tag else b""),
        b"Call-ID: call@a",
        b"CSeq: %d %s" % (cseq, method),
        b"Contact: <sip:caller@192.0.2.1:5060>",
        *(name + b": " + value for name, value in headers),
        *([b"Content-Type: " + kind] if body else []),
        b"Content-Length: %d" % len(body),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def said(output: Output) -> str:
    """An output in a word or two, with `a` or `b` for whom a message is for."""
    match output:
        case SendMessage():
            message = split_message(output.data)
            to = LETTERS.get(output.flow.remote.host, "b")
            if isinstance(message, Request):
                return f"{to}: {message.method.decode()}"
            return f"{to}: {message.status} {message.cseq.method.decode()}"
        case ToWorker() | ToRelay():
            return type(output.command).__name__
        case Listen() | Deafen():
            return f"{type(output).__name__} {len(output.pairs)}"
        case Find():
            return f"Find {output.uri.decode()}"
        case Complain():
            return f"Complain {output.target}"


class Stage:
    """One node between a caller and a callee; `then` states what was sent to whom."""

    def __init__(
        self,
        *,
        reloaded: bool = False,
        routes: tuple[Route, ...] = (ROUTE,),
        targets: tuple[Target, ...] = (PBX,),
        source: Source = TRUNK,
    ) -> None:
        self.reloaded, self.source = reloaded, source
        self.switch = Switch(
            routes=Routes(routes=routes),
            targets={each.name: each for each in targets},
            emergency=emergency_numbers(("110", "119")),
            emergency_to=("pbx",),
            stock=PromptStock(FILES, {"notice": NOTICE}),
        )
        self.others: tuple[Source, ...] = ()
        self.ladder, self.ledger = Ladder(), Ledger()
        self.now_s = 0.0
        self.outputs: list[Output] = []
        self.log: list[Output] = []
        self.arrivals: dict[int, int] = {}
        self._numbers, self._ids = count(1), count(1)
        self._sip: dict[bytes, bytes] = {}
        self._sessions: dict[bytes, bytes] = {}
        self._calls: dict[bytes, bytes] = {}
        self._make()

    def _make(self) -> None:
        self.core = SipCore(
            node=b"n1",
            tokens=lambda: b"t%d" % next(self._numbers),
            options=frozenset({b"siprec", b"replaces"}),
            quiet=frozenset({b"record-aware"}),
        )
        self.ports = PortPool(PAIRS, WORKERS, 30_000_000)
        peers = PeerAccess(
            sources=Sources((self.source, *self.others)),
            guard=DigestGuard("rokuon", b"secret", lambda: bytes(SALT_BYTES)),
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
        self.exchange = Exchange(
            node=self.node,
            tokens=lambda: b"call%d" % next(self._numbers),
            numbers=lambda bits: next(self._numbers) % (1 << bits),
            here={"udp": HERE},
            switch=self.switch,
        )
        self.core.use_accounts(self.exchange.account)
        self.inline = InlineServer(self.exchange)
        self.recording = RecordingServer(self.node)
        self.dispatch = EventDispatch(self.recording, self.inline)

    @property
    def now(self) -> Now:
        """This moment."""
        return Now(self.now_s, START_US + int(self.now_s * 1e6))

    # -- what happens -----------------------------------------------------------------------------

    def a(self, data: bytes) -> Self:
        """The caller sends `data`."""
        return self._take(self.core.receive(data, A, self.now_s))

    def calls(self, *headers: Header, body: bytes = OFFER, number: bytes = b"0355501234") -> Self:
        """The caller's INVITE."""
        return self.a(from_caller(b"INVITE", *headers, body=body, number=number))

    def a_inside(
        self, method: bytes, cseq: int, *headers: Header, body: bytes = b"", kind: bytes = SDP[1]
    ) -> Self:
        """The caller's request inside his dialog."""
        tag = self.answer_to_a().to_address.tag
        return self.a(from_caller(method, *headers, cseq=cseq, to_tag=tag, body=body, kind=kind))

    def found(self, host: str = "192.0.2.30") -> Self:
        """The shell has found where the target is."""
        find = next(each for each in reversed(self.log) if isinstance(each, Find))
        place = ("udp", Address(host, 5060))
        return self._did(self.inline.driver.found(find.key, find.uri, [place], self.now))

    def b(self, status: int, *headers: Header, tag: bytes = b"callee", body: bytes = b"") -> Self:
        """The callee answers our last request to him."""
        sent = next(m for m in reversed(self.to_b()) if isinstance(m, Request))
        return self.b_answers(sent, status, *headers, tag=tag, body=body)

    def b_answers(
        self,
        sent: Request,
        status: int,
        *headers: Header,
        tag: bytes = b"callee",
        body: bytes = b"",
    ) -> Self:
        """The callee answers this request."""
        lines = [b"SIP/2.0 %d Whatever" % status]
        for line in sent.lines:
            if line.name in {b"via", b"from", b"call-id", b"cseq"}:
                lines.append(line.raw)
            if line.name == b"to":
                lines.append(line.raw if sent.has_to_tag else line.raw + b";tag=" + tag)
        if b"Contact" not in dict(headers):
            lines.append(b"Contact: <sip:callee@192.0.2.30:5060>")
        lines += [name + b": " + value for name, value in headers]
        lines += [b"Content-Type: application/sdp"] if body else []
        lines.append(b"Content-Length: %d" % len(body))
        data = b"\r\n".join(lines) + b"\r\n\r\n" + body
        return self._take(self.core.receive(data, B, self.now_s))

    def b_inside(
        self, method: bytes, cseq: int, *headers: Header, body: bytes = b"", kind: bytes = SDP[1]
    ) -> Self:
        """The callee's request inside his dialog."""
        invite = next(m for m in self.to_b() if isinstance(m, Request) and m.method == b"INVITE")
        shared = b"INVITE" if method == b"CANCEL" else method
        lines = [
            method + b" sip:n1@192.0.2.9 SIP/2.0",
            b"Via: SIP/2.0/UDP 192.0.2.30;branch=z9hG4bKb%s%d" % (shared, cseq),
            b"Max-Forwards: 70",
            b"From: " + invite.to_address.raw + b";tag=callee",
            b"To: " + invite.from_address.raw,
            b"Call-ID: " + invite.call_id,
            b"CSeq: %d %s" % (cseq, method),
            b"Contact: <sip:callee@192.0.2.30:5060>",
            *(name + b": " + value for name, value in headers),
            *([b"Content-Type: " + kind] if body else []),
            b"Content-Length: %d" % len(body),
        ]
        data = b"\r\n".join(lines) + b"\r\n\r\n" + body
        return self._take(self.core.receive(data, B, self.now_s))

    def played(self, outcome: Outcome = Outcome.COMPLETE, side: Side = Side.CALLER) -> Self:
        """The relay is through with what this side hears."""
        call = self.relay_call()
        playing = call.ends[side].playing
        assert playing is not None
        opens = playing.opens and outcome is Outcome.COMPLETE
        told = Played(
            call=call.call,
            side=side,
            serial=playing.serial,
            outcome=outcome,
            from_us=self.now.us,
            until_us=self.now.us + 2_000_000,
            packets=100,
            sent_ms=2_000,
            whole_ms=2_000,
            first_sequence=1,
            gate_us=self.now.us + 2_000_000 if opens else 0,
        )
        self.now_s += 2
        self._did(self.inline.relay_said(told, self.now))
        bridged = self.inline.calls.get(call.call)
        return (
            self if bridged is None or bridged.cut is None else self._did(self._let_go(call.call))
        )

    def relay_says(self, answer: RelayAnswer) -> Self:
        """The relay has this to tell."""
        return self._did(self.inline.relay_said(answer, self.now))

    def cut_off(self, side: Side = Side.CALLER) -> Self:
        """The relay says how far a notice came that the end of the call has cut short."""
        return self.played(Outcome.CUT_SHORT, side)

    def until(self, at_s: float) -> Self:
        """The clock goes on; every timer on the way runs when it is due."""
        outputs: list[Output] = []
        while (due_s := self.core.next_deadline_s()) is not None and due_s <= at_s:
            self.now_s = max(self.now_s, due_s)
            outputs += self._take(self.core.expire_timers(self.now_s)).outputs
        self.now_s = at_s
        outputs += self._did(self.inline.tick(self.now)).outputs
        self.outputs = outputs
        return self

    def away(self) -> Self:
        """No connection comes about to where the last message was sent."""
        sent = next(each for each in reversed(self.log) if isinstance(each, SendMessage))
        nowhere = msgspec.structs.replace(sent.flow, connection=0)
        return self._take(self.core.unreached(nowhere, self.now_s))

    def lost(self, connection: int) -> Self:
        """The connection that carried the last message is gone."""
        sent = next(each for each in reversed(self.log) if isinstance(each, SendMessage))
        gone = msgspec.structs.replace(sent.flow, connection=connection)
        return self._take(self.core.unreached(gone, self.now_s))

    def full(self, reason: Full | None) -> Self:
        """The node is full from now on, or no longer."""
        self.node.capacity.vacancy = Vacancy(reason, tuple(range(WORKERS)))
        return self

    def beside(self, *others: Source) -> Self:
        """There are these sources, too."""
        self.others = others
        self.node.peers.sources = Sources((self.source, *others))
        return self

    def reloads(self, *sources: Source) -> Self:
        """The configuration is read again, and has these sources."""
        self.source, *others = sources
        self.others = tuple(others)
        self.node.peers.sources = Sources(sources, self.core.owners())
        return self

    def hears(self, data: bytes, flow: Flow) -> Self:
        """Somebody sends `data`."""
        return self._take(self.core.receive(data, flow, self.now_s))

    def _take(self, outputs: Iterable[SipEvent | SendMessage]) -> Self:
        done: list[Output] = []
        for output in outputs:
            if isinstance(output, SendMessage):
                self.ladder.sent(output.data, output.flow, self.now.us)
                done.append(output)
            else:
                done += self.dispatch.handle(output, self.now)
        return self._did(done)

    def _did(self, outputs: list[Output]) -> Self:
        self.outputs = outputs
        self.log += outputs
        for kept, changed in (
            (self._sip, self.core.take_changed()),
            (self._sessions, self.node.sessions.take_changed()),
            (self._calls, self.inline.calls.take_changed()),
        ):
            _update(kept, changed)
        if self.reloaded:
            vacancy = self.node.capacity.vacancy
            self._make()
            self.core.restore(self._sip.values())
            self.recording.restore(self._sessions.values())
            self.inline.restore(self._calls.values())
            self.node.capacity.vacancy = vacancy
        for key in self._waited_for(outputs):
            self._did(self._let_go(key))
            self.outputs = [*outputs, *self.outputs]
        return self

    def _waited_for(self, outputs: list[Output]) -> list[bytes]:
        """Calls that are over but for the relay's word, which comes at once.

        Not where a notice was cut short: `cut_off` tells how far it came before.
        """
        told = [each.command for each in outputs if isinstance(each, ToRelay)]
        calls = [self.inline.calls.get(c.call) for c in told if isinstance(c, RelayGone)]
        return [each.key for each in calls if each and each.cut and not each.cut.ends]

    def _let_go(self, call: bytes) -> list[Output]:
        return self.inline.relay_said(LetGo(call=call), self.now)

    # -- stretches that many scenes share ---------------------------------------------------------

    def ringing(self) -> Self:
        """The callee rings."""
        return self.calls().b(180)

    def answered(self) -> Self:
        """The callee has answered, the caller has acknowledged."""
        self.ringing().b(200, body=ANSWER)
        return self.a_inside(b"ACK", 1)

    def talking(self) -> Self:
        """Both talk."""
        return self.answered().played()

    # -- what is to be seen -----------------------------------------------------------------------

    def then(self, *expected: str) -> Self:
        """Exactly these messages were sent, in this order."""
        messages = [each for each in self.outputs if isinstance(each, SendMessage)]
        assert [said(each) for each in messages] == list(expected)
        return self

    def sent(self) -> list[tuple[str, Request | Response]]:
        """Every message that was ever sent, with whom it was for."""
        messages = [each for each in self.log if isinstance(each, SendMessage)]
        return [(said(each)[0], split_message(each.data)) for each in messages]

    def sent_bytes(self) -> list[bytes]:
        """Every message that was ever sent, as it was."""
        return [each.data for each in self.log if isinstance(each, SendMessage)]

    def to_a(self) -> list[Request | Response]:
        """What the caller got."""
        return [message for to, message in self.sent() if to == "a"]

    def to_b(self) -> list[Request | Response]:
        """What the callee got."""
        return [message for to, message in self.sent() if to == "b"]

    def answer_to_a(self) -> Response:
        """Our last answer to the caller's INVITE that has a tag."""
        answers = [
            each
            for each in self.to_a()
            if isinstance(each, Response) and each.cseq.method == b"INVITE" and each.has_to_tag
        ]
        return answers[-1]

    def request_to_b(self, method: bytes = b"INVITE") -> Request:
        """Our last request of this method to the callee."""
        asked = [each for each in self.to_b() if isinstance(each, Request)]
        return next(each for each in reversed(asked) if each.method == method)

    def relay_call(self, key: bytes = b"") -> RelayCall:
        """What the relay was told last of the speech; of one call."""
        told = [each.command for each in self.log if isinstance(each, ToRelay)]
        calls = [each for each in told if isinstance(each, RelayCall) and not each.is_raw]
        return next(each for each in reversed(calls) if not key or each.call == key)

    def relay_gone(self) -> bool:
        """Was the relay told that a call is over?"""
        return bool(self.gone())

    def gone(self) -> set[bytes]:
        """What the relay was told to let go of."""
        told = [each.command for each in self.log if isinstance(each, ToRelay)]
        return {each.call for each in told if isinstance(each, RelayGone)}

    def records(self) -> list[Record]:
        """Every `Record` that a worker was ever told."""
        told = [each.command for each in self.log if isinstance(each, ToWorker)]
        return [each for each in told if isinstance(each, Record)]

    def closes(self) -> list[Close]:
        """Every `Close` that a worker was ever told."""
        told = [each.command for each in self.log if isinstance(each, ToWorker)]
        return [each for each in told if isinstance(each, Close)]

    def events(self, kind: type | None = None) -> list[Any]:
        """The events of the recording as the worker was told last; of one kind."""
        found: list[Event] = [decode_event(each.payload) for each in self.records()[-1].events]
        return [each for each in found if kind is None or isinstance(each, kind)]

    def rows(self) -> list[tuple[int, str]]:
        """Status and reason of the ledger's rows."""
        waiting = self.ledger._waiting.values()
        return [(row.status, row.reason) for rows in waiting for row in rows]


def _update(kept: dict[bytes, bytes], changed: dict[bytes, bytes | None]) -> None:
    for key, value in changed.items():
        kept.pop(key, None)
        if value is not None:
            kept[key] = value
