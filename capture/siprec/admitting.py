"""A call that wants to begin: whether it is taken, and what it is answered (RFC 7866 §6).

Steps over the premises. Knows nothing of calls that are up.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from archive.events import CallOpened, Transport
from capture.errors import PeerBrokeProtocol
from capture.sdp.description import SessionDescription
from capture.sdp.parsing import parse_description
from capture.sip.build import Answer
from capture.sip.digest import Verdict
from capture.sip.events import (
    InviteReceived,
    OptionsReceived,
)
from capture.sip.message import Request
from capture.siprec.bodies import Bodies
from capture.siprec.call_ids import ids_in_headers
from capture.siprec.clauses import accepts_here, is_recording_session, text_of
from capture.siprec.describing import told
from capture.siprec.keying import unacceptable
from capture.siprec.limits import MetadataBroken
from capture.siprec.metadata_reading import parse_metadata
from capture.siprec.outputs import Now, Output
from capture.siprec.premises import SRS, Premises, bodies_of, busy
from capture.siprec.session import RecordingSession, flagged, identified, tolerated
from capture.siprec.streams import needed_pairs
from capture.siprec.tolerances import (
    Tolerance,
    in_document,
    in_invite,
    in_offer,
    strict_answer,
)
from capture.sources import Source

# A call of two parties: what an INVITE without an offer is offered.
OFFERED_STREAMS: Final = 2
Asked = tuple[Source, Bodies, SessionDescription | None]
"""Who asks, and what his INVITE brings."""


def invited(premises: Premises, event: InviteReceived, now: Now) -> list[Output]:
    source = premises.sources.find(event.flow.remote.host, event.flow.names)
    if source is None:
        return premises.refuse(event.key, Answer(status=403), now)
    try:
        bodies = bodies_of(event.request)
        offer = None if bodies.sdp is None else parse_description(bodies.sdp)
    except PeerBrokeProtocol as broken:
        return premises.refuse(event.key, Answer(status=broken.answer_with), now)
    refusal = _refusal(premises, event, (source, bodies, offer), now)
    if refusal is not None:
        return premises.refuse(event.key, refusal, now)
    return _admit(premises, event, (source, bodies, offer), now)


def _refusal(premises: Premises, event: InviteReceived, asked: Asked, now: Now) -> Answer | None:
    """Why a call that can be read is not taken, in the order in which it is worth saying."""
    request, (source, bodies, offer) = event.request, asked
    if not is_recording_session(request, bodies, source):
        return Answer(status=404)
    if (doubt := _doubt(premises, request, source, now)) is not None:
        return doubt
    if bodies.unknown_required:
        return Answer(status=415, headers=accepts_here())
    if source.strict and (status := strict_answer(_strictly(request, asked))) is not None:
        return Answer(status=status)
    transport = _transport(event.flow.transport)
    return None if offer is None else unacceptable(offer, source, transport)


def _tolerances(request: Request, asked: Asked) -> Iterator[Tolerance]:
    """What this INVITE does otherwise than the RFCs say; a plain call is no recording session."""
    source, bodies, offer = asked
    if source.mode == "siprec":
        yield from in_invite(request, bodies)
        yield from in_offer(offer) if offer is not None else ()


def _strictly(request: Request, asked: Asked) -> Iterator[Tolerance]:
    """The same with what its metadata does, which is read again where the call is taken."""
    yield from _tolerances(request, asked)
    document = asked[1].metadata
    if document is not None:
        try:
            yield from in_document(parse_metadata(document), is_first=True)
        except MetadataBroken:
            yield Tolerance("TOL-005")


def _doubt(premises: Premises, request: Request, source: Source, now: Now) -> Answer | None:
    """401 or 403 where the source's calls must prove who they are, and this one has not.

    A wrong password is not asked for again: the client would send it for ever.
    """
    if not source.user:
        return None
    verdict = premises.guard.check(request, source.user, source.password, now.us / 1e6)
    match verdict:
        case Verdict.GOOD:
            return None
        case Verdict.WRONG:
            return Answer(status=403)
        case _:
            stale = verdict is Verdict.STALE
            challenge = premises.guard.challenge(now.us / 1e6, is_stale=stale)
            return Answer(status=401, headers=challenge)


def _admit(
    premises: Premises,
    event: InviteReceived,
    asked: Asked,
    now: Now,
) -> list[Output]:
    source, bodies, offer = asked
    session = _begin(premises, event, source, now)
    wanted = OFFERED_STREAMS if offer is None else needed_pairs(session, offer)
    # A full node takes no pairs either: given back they would rest, and it would stay full.
    able = premises.vacancy.workers if premises.vacancy.full is None else ()
    grant = premises.ports.take(wanted, now.us, able)
    if grant is None:
        return premises.refuse(event.key, busy(), now)
    session = msgspec.structs.replace(session, worker=grant.worker)
    session = identified(session, ids_in_headers(event.request), now.us)
    if bodies.metadata is None:
        session = flagged(session, "metadata_missing", now.us)
    session = tolerated(session, _tolerances(event.request, asked), now.us)
    session = premises.negotiate(told(session, bodies, now.us), offer, grant, now)
    session = premises.settle(session, now)
    return premises.answer(event.key, session, now, listen=grant.pairs)


def _begin(premises: Premises, event: InviteReceived, source: Source, now: Now) -> RecordingSession:
    request = event.request
    call = CallOpened(
        at_us=now.us,
        source=source.name,
        node=premises.place.node,
        mode=source.mode,
        transport=_transport(event.flow.transport),
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
    return RecordingSession(
        key=premises.fresh_id(now.us),
        tenant=source.tenant,
        source=source.name,
        dialog=event.dialog,
        worker=0,
        created_us=now.us,
        address=premises.place.address,
        call=call,
    )


def _transport(name: str) -> Transport:
    match name:
        case "tcp" | "tls":
            return name
        case _:
            return "udp"


def asked(premises: Premises, event: OptionsReceived, now: Now) -> list[Output]:
    """OPTIONS: what we can do, or what an INVITE would be told now (RFC 3261 §11.2).

    Clients and their dispatchers choose a recorder by it, before a call is refused.
    """
    if event.dialog is None and not _has_room(premises, now):
        return premises.refuse(event.key, busy(), now)
    if event.dialog is not None and premises.sessions.of_dialog(event.dialog) is None:
        return premises.refuse(event.key, Answer(status=481), now)
    able = Answer(status=200, headers=accepts_here(), contact_params=SRS)
    return premises.refuse(event.key, able, now)


def _has_room(premises: Premises, now: Now) -> bool:
    """Would a call of two parties be taken?"""
    fits = premises.ports.could_take(OFFERED_STREAMS, now.us, premises.vacancy.workers)
    return premises.vacancy.full is None and fits
