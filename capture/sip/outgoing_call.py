"""A request of ours outside of any dialog, as the layer above wants it, and as it is written.

A value and its bytes. Knows nothing of transactions or of what is answered.
"""

from typing import Final

import msgspec

from capture.sip.agent import Agent
from capture.sip.build import Header, build_request
from capture.sip.dialog import routed, via_value
from capture.sip.flow import Flow
from capture.sip.identity import DialogId
from capture.sip.owner import NOBODY, Owner

MAX_FORWARDS_USUAL: Final = 70  # RFC 3261 §8.1.1.6
# RFC 3261 §10.2: the bindings of a REGISTER are its own; RFC 3428 §4: a MESSAGE has no Contact.
_WITHOUT_CONTACT: Final = frozenset({b"REGISTER", b"MESSAGE"})
# RFC 3261 §13.2.1 and §11.1: who calls or asks says what it can do.
_TELLING_ABILITIES: Final = frozenset({b"INVITE", b"OPTIONS"})


class OutgoingCall(msgspec.Struct, frozen=True, kw_only=True):
    """An INVITE (or another request) of ours outside of any dialog.

    `flow` is the way that it is sent, and `flow.local` what Via and Contact name; the addresses are
    without tag; `routes` are preloaded elements of Route. `headers` hold Content-Type where there
    is a body; an Allow, a Contact or a Supported among them stands in place of the usual one. An
    INVITE without a body is acknowledged by who sends it. `account` names the one by which its
    dialogs answer challenges, `owner` is whom we hear in them.
    """

    call_id: bytes
    local_tag: bytes
    flow: Flow
    uri: bytes
    from_address: bytes
    to_address: bytes
    cseq: int = 1
    method: bytes = b"INVITE"
    routes: tuple[bytes, ...] = ()
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    max_forwards: int = MAX_FORWARDS_USUAL
    contact_params: bytes = b""
    account: str = ""
    owner: Owner = NOBODY

    @property
    def attempt(self) -> DialogId:
        """Its name until somebody answers."""
        return DialogId(call_id=self.call_id, local_tag=self.local_tag, remote_tag=b"")


def build_outgoing(outgoing: OutgoingCall, agent: Agent, branch: bytes) -> bytes:
    """The request as it is sent (RFC 3261 §8.1.1)."""
    uri, routes = routed(outgoing.uri, outgoing.routes)
    headers: list[Header] = [
        (b"Via", via_value(outgoing.flow, branch)),
        (b"Max-Forwards", b"%d" % outgoing.max_forwards),
        (b"From", outgoing.from_address + b";tag=" + outgoing.local_tag),
        (b"To", outgoing.to_address),
        (b"Call-ID", outgoing.call_id),
        (b"CSeq", b"%d %s" % (outgoing.cseq, outgoing.method)),
    ]
    if routes:
        headers.append((b"Route", b", ".join(routes)))
    headers += [*_said_by_itself(outgoing, agent), *outgoing.headers]
    return build_request(outgoing.method, uri, headers, outgoing.body)


def _said_by_itself(outgoing: OutgoingCall, agent: Agent) -> list[Header]:
    """Contact, Allow and Supported, where the layer above says nothing else."""
    usual: list[Header] = []
    if outgoing.method not in _WITHOUT_CONTACT:
        usual.append((b"Contact", agent.contact(outgoing.flow, outgoing.contact_params)))
    telling = outgoing.method in _TELLING_ABILITIES
    usual += agent.abilities if telling else (agent.supported,)
    said = {name.lower() for name, _ in outgoing.headers}
    return [header for header in usual if header[0].lower() not in said]
