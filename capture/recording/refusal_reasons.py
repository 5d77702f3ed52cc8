"""Why a call that can be read is not taken, in the order in which it is worth saying.

Rules over one INVITE. Knows nothing of ports or of how a session begins.
"""

from collections.abc import Iterator
from math import ceil
from typing import Final, NamedTuple

from archive.call.fates import Reason
from capture.metadata.body_limits import MetadataBroken
from capture.metadata.message_bodies import Bodies
from capture.metadata.snapshot_reader import parse_metadata
from capture.peers.sources import Source
from capture.recording.call_refusal import Refusal
from capture.recording.message_faults import SDP, UNSIGNED, Fault
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now
from capture.recording.recording_request import accepts_here, is_recording_session, wanting_mode
from capture.recording.srtp_policy import unacceptable, unsafe
from capture.recording.tolerances import (
    STRICT_ANSWERS,
    STRICT_FAULTS,
    Tolerance,
    in_document,
    in_invite,
    in_message,
    in_offer,
)
from capture.sdp.description import SessionDescription
from capture.sip.build import Answer
from capture.sip.digest import Verdict
from capture.sip.events import InviteReceived
from capture.sip.flow import transport_of
from capture.sip.message import Request

_BODY: Final = Fault("RFC 3261 §8.2.3", "Content-Type")


class Asked(NamedTuple):
    """Who asks, and what his INVITE brings."""

    source: Source
    bodies: Bodies
    offer: SessionDescription | None


def judged(node: NodeContext, event: InviteReceived, asked: Asked, now: Now) -> Refusal | None:
    """The answer that the INVITE deserves, and why; None where it may come in."""
    request, (source, bodies, _) = event.request, asked
    if not is_recording_session(request, bodies, source):
        return Refusal(
            Answer(status=404), Reason.NO_RECORDING_SESSION, wanting_mode(source), UNSIGNED
        )
    if (unproved := doubt(node, event, source, now)) is not None:
        return unproved
    if bodies.unknown_required:
        return _unknown(bodies)
    if source.strict and (answer := _strictly(request, asked)) is not None:
        return answer
    return _of_media(event, asked)


def _unknown(bodies: Bodies) -> Refusal:
    detail = b", ".join(bodies.unknown_required).decode("ascii", "replace")
    answer = Answer(status=415, headers=accepts_here())
    return Refusal(answer, Reason.UNKNOWN_BODY, detail, _BODY)


def tolerances(request: Request, asked: Asked) -> Iterator[Tolerance]:
    """What this INVITE does otherwise than the RFCs say; a plain call is no recording session."""
    yield from in_message(request)
    if asked.source.mode == "siprec":
        yield from in_invite(request, asked.bodies)
        yield from in_offer(asked.offer) if asked.offer is not None else ()


def _of_media(event: InviteReceived, asked: Asked) -> Refusal | None:
    if asked.offer is None:
        return _unsafe(event, asked.source, None)
    return _warned(unacceptable(asked.offer, asked.source, transport_of(event.flow)))


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
    return doubt(node, event, source, now) or _unsafe(event, source, offer)


def _unsafe(
    event: InviteReceived, source: Source, offer: SessionDescription | None
) -> Refusal | None:
    return _warned(unsafe(offer, source, transport_of(event.flow)))


def _warned(answer: Answer | None) -> Refusal | None:
    if answer is None:
        return None
    warning = dict(answer.headers).get(b"Warning", b"").decode()
    return Refusal(answer, Reason.MEDIA, warning, Fault("RFC 3264 §6", SDP))


def _strictly(request: Request, asked: Asked) -> Refusal | None:
    """The first of its peculiarities that a strict source is refused for."""
    for code, _ in (*tolerances(request, asked), *_in_metadata(asked.bodies)):
        if code in STRICT_ANSWERS:
            answer = Answer(status=STRICT_ANSWERS[code])
            return Refusal(answer, Reason.STRICT, code, STRICT_FAULTS[code])
    return None


def _in_metadata(bodies: Bodies) -> Iterator[Tolerance]:
    """What its document does; it is read again where the call is taken."""
    if bodies.metadata is None:
        return
    try:
        yield from in_document(parse_metadata(bodies.metadata), is_first=True)
    except MetadataBroken:
        yield Tolerance("TOL-005")


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
        case Verdict.GOOD:
            return None
        case Verdict.WRONG:
            return Refusal(Answer(status=403), Reason.PASSWORD)
        case Verdict.TOO_SOON:
            wait_s = ceil(node.peers.guesses.wait_s(host, source.user, now.s))
            later = Answer(status=503, headers=((b"Retry-After", b"%d" % wait_s),))
            return Refusal(later, Reason.PASSWORD, "too many wrong passwords before")
        case _:
            stale = verdict is Verdict.STALE
            challenge = node.peers.guard.challenge(now.s, is_stale=stale)
            return Refusal(Answer(status=401, headers=challenge), Reason.CHALLENGED)
