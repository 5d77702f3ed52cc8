"""Whether who calls proves who it is, and whether its media is as safe as its source wants it.

Rules over one INVITE, at either door. Knows nothing of ports or of how a session begins.
"""

from math import ceil

from archive.call.refusal_reasons import Reason
from capture.peers.sources import Source
from capture.recording.call_refusal import Refusal
from capture.recording.message_faults import UNACCEPTABLE
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now
from capture.recording.srtp_policy import unsafe
from capture.sdp.description import SessionDescription
from capture.sip.build import Answer
from capture.sip.digest import ProofVerdict
from capture.sip.events import InviteReceived
from capture.sip.flow import transport_of


def mistrusted(
    node: NodeContext,
    event: InviteReceived,
    source: Source,
    offer: SessionDescription | None,
    now: Now,
) -> Refusal | None:
    """Who does not prove who he is; whose speech or keys others could have, where they must not.

    The same at either door.
    """
    return doubt(node, event, source, now) or unsafe_media(event, source, offer)


def unsafe_media(
    event: InviteReceived, source: Source, offer: SessionDescription | None
) -> Refusal | None:
    return warned(unsafe(offer, source, transport_of(event.flow)))


def warned(answer: Answer | None) -> Refusal | None:
    if answer is None:
        return None
    warning = dict(answer.headers).get(b"Warning", b"").decode()
    return Refusal(answer, Reason.MEDIA, warning, UNACCEPTABLE)


def doubt(node: NodeContext, event: InviteReceived, source: Source, now: Now) -> Refusal | None:
    """401 or 403 where the source's calls must prove who they are, and this one has not.

    A wrong password is not asked for again: the client would send it for ever. After some of them
    the next is looked at later (503).
    """
    if not source.user:
        return None
    host = event.flow.remote.host
    verdict = node.peers.proof(event.request, source, host, now.s)
    match verdict:
        case ProofVerdict.GOOD:
            return None
        case ProofVerdict.WRONG:
            return Refusal(Answer(status=403), Reason.PASSWORD)
        case ProofVerdict.TOO_SOON:
            wait_s = ceil(node.peers.guesses.wait_s(host, source.user, now.s))
            later = Answer(status=503, headers=((b"Retry-After", b"%d" % wait_s),))
            return Refusal(later, Reason.PASSWORD, "too many wrong passwords before")
        case _:
            stale = verdict is ProofVerdict.STALE
            challenge = node.peers.guard.challenge(now.s, is_stale=stale)
            return Refusal(Answer(status=401, headers=challenge), Reason.CHALLENGED)
