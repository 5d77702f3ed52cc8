"""A dialog (RFC 3261 §12), whoever called: its state, and our requests inside it.

A frozen value that round-trips through bytes. Knows nothing of transactions.
"""

from enum import Enum
from typing import Final

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.sip.address import parse_address
from capture.sip.build import Header, build_request
from capture.sip.flow import Flow, requesting_flow
from capture.sip.identity import DialogId
from capture.sip.message import Message, Request, Response
from capture.sip.owner import NOBODY, Owner
from capture.sip.provisional import ReliableProgress
from capture.sip.session_timer import SessionTimer
from capture.sip.uri import SipUri, parse_uri

MAX_FORWARDS_SENT: Final = b"70"
# RFC 3261 §20, table 2: a BYE has no Contact, an ACK need not.
TELLING_CONTACT: Final = frozenset(
    {b"INVITE", b"UPDATE", b"OPTIONS", b"REFER", b"NOTIFY", b"SUBSCRIBE"}
)


class DialogState(Enum):
    """Early between a provisional response with our tag and the 2xx."""

    EARLY = "early"
    CONFIRMED = "confirmed"


class Dialog(msgspec.Struct, frozen=True, kw_only=True):
    """The state of RFC 3261 §12.

    `local_address` and `remote_address` are ours and the peer's of From and To, with both tags;
    `contact` is our own Contact value; `routes` are the Record-Route elements as we send them;
    `flow` is the way by which the peer's last request came, or our INVITE went; `remote_seq` is 0
    before the peer's first request; `allows_update` whether the peer takes UPDATE. Where the peer
    `is_translated` and no proxy stands between, that way back is the only one. `heard` is of an
    INVITE of ours. `account` names the one that we have there, "": none, and `given` are the
    credentials that we gave last. `owner` is whom we hear in it.
    """

    id: DialogId
    state: DialogState
    flow: Flow
    local_address: bytes
    remote_address: bytes
    remote_target: bytes
    contact: bytes
    routes: tuple[bytes, ...]
    remote_seq: int
    local_seq: int = 0
    allows_update: bool = False
    is_translated: bool = False
    timer: SessionTimer | None = None
    heard: ReliableProgress | None = None
    account: str = ""
    given: tuple[Header, ...] = ()
    owner: Owner = NOBODY

    def is_out_of_order(self, request: Request) -> bool:
        """Is its CSeq lower than one already seen (§12.2.2)?"""
        return request.cseq.number < self.remote_seq

    def receive(self, request: Request, flow: Flow) -> "Dialog":
        """Note the CSeq and the way of an in-dialog request of the peer."""
        assert not self.is_out_of_order(request)
        heard = self.heard_by(flow)
        return msgspec.structs.replace(heard, remote_seq=request.cseq.number)

    def heard_by(self, flow: Flow) -> "Dialog":
        """Note the way of the peer; who must prove a name must do so where we connect anew, too."""
        flow = msgspec.structs.replace(flow, name=flow.name or self.flow.name)
        return msgspec.structs.replace(self, flow=flow)

    def refresh_target(self, message: Message) -> "Dialog":
        """Take the remote target, and what the peer allows, from a target refresh.

        RFC 3261 §12.2.2, RFC 3311 §4 and §5.1.
        """
        contact, allowing = message.contact, self.note_allowed(message)
        if contact is None:
            return allowing
        owner = self.owner.reached_at(contact.uri)
        return msgspec.structs.replace(allowing, remote_target=contact.uri, owner=owner)

    def note_allowed(self, message: Message) -> "Dialog":
        """Take what the peer allows, where it says so (RFC 3311 §4)."""
        allowed = message.tokens(b"allow")
        if not allowed:
            return self
        return msgspec.structs.replace(self, allows_update=b"UPDATE" in allowed)

    @property
    def next_hop(self) -> bytes:
        """The URI that a request of ours is sent to (§12.2.1.1): first route, else the target."""
        return parse_address(self.routes[0]).uri if self.routes else self.remote_target

    @property
    def sending_flow(self) -> Flow:
        """The way of our requests."""
        if self.is_translated and not self.routes:
            return self.flow
        return requesting_flow(self.flow, self.next_hop)

    def request_target(self) -> tuple[bytes, tuple[bytes, ...]]:
        """Request-URI and Route elements of a request of ours, loose or strict (§12.2.1.1)."""
        return routed(self.remote_target, self.routes)

    def advance(self) -> "Dialog":
        """The dialog with the CSeq of our next request."""
        return msgspec.structs.replace(self, local_seq=self.local_seq + 1)

    def build(
        self, method: bytes, branch: bytes, headers: tuple[Header, ...], body: bytes, seq: int
    ) -> bytes:
        """A request of ours in this dialog with the CSeq number `seq`."""
        uri, routes = self.request_target()
        fixed: list[Header] = [
            (b"Via", via_value(self.flow, branch)),
            (b"Max-Forwards", MAX_FORWARDS_SENT),
            (b"From", self.local_address),
            (b"To", self.remote_address),
            (b"Call-ID", self.id.call_id),
            (b"CSeq", b"%d %s" % (seq, method)),
        ]
        if method in TELLING_CONTACT:
            fixed.append((b"Contact", self.contact))
        if routes:
            fixed.append((b"Route", b", ".join(routes)))
        return build_request(method, uri, [*fixed, *headers], body)


def routed(uri: bytes, routes: tuple[bytes, ...]) -> tuple[bytes, tuple[bytes, ...]]:
    """Request-URI and Route elements towards `uri`; a strict router in front stands as the URI."""
    first = parse_address(routes[0]).uri if routes else b""
    if not first or _is_loose(first):
        return uri, routes
    return first, (*routes[1:], b"<" + uri + b">")


def _is_loose(uri: bytes) -> bool:
    try:
        parsed = parse_uri(uri)
    except PeerBrokeProtocol:
        return False
    return isinstance(parsed, SipUri) and parsed.param(b"lr") is not None


def via_value(flow: Flow, branch: bytes) -> bytes:
    """Our Via (RFC 3261 §18.1.1); over UDP it asks for rport (RFC 3581 §3)."""
    rport = b"" if flow.is_reliable else b";rport"
    transport = flow.transport.upper().encode()
    return b"SIP/2.0/%s %s;branch=%s%s" % (transport, sent_by(flow), branch, rport)


def sent_by(flow: Flow) -> bytes:
    """Our host and port, IPv6 in brackets."""
    host = f"[{flow.local.host}]" if ":" in flow.local.host else flow.local.host
    return f"{host}:{flow.local.port}".encode()


def contact_value(flow: Flow, node: bytes, params: bytes) -> bytes:
    """Our Contact: the node's id is the user, so that requests find the node again."""
    transport = b";transport=" + flow.transport.encode() if flow.is_reliable else b""
    return b"<sip:%s@%s%s>%s" % (node, sent_by(flow), transport, params)


def accept_dialog(request: Request, flow: Flow, local_tag: bytes, contact: bytes) -> Dialog:
    """The early dialog of an INVITE (§12.1.1).

    Without a Contact (RFC 2543) From is the remote target.
    """
    target = request.contact or request.from_address
    to = request.to_address
    return Dialog(
        id=DialogId(
            call_id=request.call_id, local_tag=local_tag, remote_tag=request.from_address.tag
        ),
        state=DialogState.EARLY,
        flow=flow,
        local_address=to.raw if to.tag else to.raw + b";tag=" + local_tag,
        remote_address=request.from_address.raw,
        remote_target=target.uri,
        contact=contact,
        routes=request.record_routes,
        remote_seq=request.cseq.number,
        allows_update=b"UPDATE" in request.tokens(b"allow"),
        is_translated=_is_translated(request, flow, target.uri),
    )


def _is_translated(request: Request, flow: Flow, target: bytes) -> bool:
    """Does an address translator stand between, so that nobody can reach the peer's Contact?

    Over UDP the packet comes from elsewhere than its Via says, rport asks for it to be answered
    there (RFC 3581 §4), and Contact names the host of Via: no proxy has put in one of its own.
    """
    via = request.top_via
    if flow.is_reliable or via.param(b"rport") is None or request.record_routes:
        return False
    said = requesting_flow(flow, target).remote.host
    own = requesting_flow(flow, b"sip:" + via.host).remote.host
    return said == own != flow.remote.host


def confirm(dialog: Dialog) -> Dialog:
    """The dialog after its 2xx."""
    return msgspec.structs.replace(dialog, state=DialogState.CONFIRMED)


def called_dialog(invite: Request, response: Response, flow: Flow) -> Dialog:
    """The early dialog that a response makes of an INVITE of ours sent by `flow` (§12.1.2).

    Without a Contact (RFC 2543) the Request-URI is the remote target.
    """
    to = response.to_address
    dialog = Dialog(
        id=DialogId(call_id=invite.call_id, local_tag=invite.from_address.tag, remote_tag=to.tag),
        state=DialogState.EARLY,
        flow=flow,
        local_address=invite.from_address.raw,
        remote_address=to.raw,
        remote_target=invite.uri,
        contact=invite.value(b"contact") or b"",
        routes=_routes_of(response),
        remote_seq=0,
        local_seq=invite.cseq.number,
        is_translated=flow.is_translated,
    )
    return dialog.refresh_target(response)


def confirm_called(dialog: Dialog, response: Response) -> Dialog:
    """The dialog after the 2xx to our INVITE, with the route that this one took (§13.2.2.4)."""
    routes = _routes_of(response)
    return msgspec.structs.replace(confirm(dialog).refresh_target(response), routes=routes)


def _routes_of(response: Response) -> tuple[bytes, ...]:
    """Record-Route from our side: the other way round (§12.1.2)."""
    for route in response.record_routes:
        parse_address(route)
    return response.record_routes[::-1]
