"""Why a call that can be read is not taken, in the order in which it is worth saying.

Rules over one INVITE. Knows nothing of ports or of how a session begins.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from archive.call.refusal_reasons import Reason
from capture.metadata.body_limits import MetadataBroken
from capture.metadata.message_bodies import Bodies
from capture.metadata.snapshot_reader import parse_metadata
from capture.peers.sources import Source, wanting_mode
from capture.recording.call_refusal import Refusal
from capture.recording.message_faults import UNSIGNED, Fault
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now
from capture.recording.source_proof import doubt, unsafe_media, warned
from capture.recording.srtp_policy import unacceptable
from capture.recording.tolerances import Tolerance, in_message
from capture.sdp.description import SessionDescription
from capture.sip.build import Answer
from capture.sip.events import InviteReceived
from capture.sip.flow import transport_of
from capture.sip.message import Request
from capture.siprec.client_tolerances import (
    STRICT_ANSWERS,
    STRICT_FAULTS,
    in_document,
    in_invite,
    in_offer,
)
from capture.siprec.recording_request import accepts_here, is_recording_session

_BODY: Final = Fault("RFC 3261 §8.2.3", "Content-Type")


class SessionRequest(NamedTuple):
    """Who asks, and what his INVITE brings."""

    source: Source
    bodies: Bodies
    offer: SessionDescription | None


def judged(
    node: NodeContext, event: InviteReceived, asked: SessionRequest, now: Now
) -> Refusal | None:
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


def tolerances(request: Request, asked: SessionRequest) -> Iterator[Tolerance]:
    """What this INVITE does otherwise than the RFCs say; a plain call is no recording session."""
    yield from in_message(request)
    if asked.source.mode == "siprec":
        yield from in_invite(request, asked.bodies)
        yield from in_offer(asked.offer) if asked.offer is not None else ()


def _of_media(event: InviteReceived, asked: SessionRequest) -> Refusal | None:
    if asked.offer is None:
        return unsafe_media(event, asked.source, None)
    return warned(unacceptable(asked.offer, asked.source, transport_of(event.flow)))


def _strictly(request: Request, asked: SessionRequest) -> Refusal | None:
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
