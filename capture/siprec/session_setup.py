"""A call that wants to begin: whether it is taken, and what it is answered (RFC 7866 §6).

Steps over the premises. Knows nothing of calls that are up.
"""

from typing import Final

import msgspec

from archive.call.fates import Reason
from capture.admission.capacity import Full
from capture.errors import PeerBrokeProtocol
from capture.metadata.call_ids import ids_in_headers
from capture.peers.sources import Source
from capture.recording.call_refusal import Refusal, turned_away, unreadable
from capture.recording.call_start import opened
from capture.recording.node_context import Premises, bodies_of, busy
from capture.recording.outputs import Now, Output
from capture.recording.pause_control import asked_by_header
from capture.recording.recording_request import accepts_here
from capture.recording.refusal_reasons import Asked, judged, tolerances
from capture.recording.session import (
    RecordingSession,
    SessionFull,
    flagged,
    identified,
    tolerated,
)
from capture.sdp.parser import parse_description
from capture.sip.agent import ALLOW
from capture.sip.build import Answer
from capture.sip.events import InviteReceived, OptionsReceived, RequestReceived
from capture.siprec.media_streams import needed_pairs
from capture.siprec.metadata_intake import named, taken
from capture.siprec.negotiation import SRS, accept, settle, take_up_offer

# A call of two parties: what an INVITE without an offer is offered.
OFFERED_STREAMS: Final = 2


def invited(premises: Premises, event: InviteReceived, now: Now) -> list[Output]:
    source = premises.sources.find(event.flow.remote.host, event.flow.names)
    if source is None:
        return premises.refuse(event.key, Answer(status=403), now)
    try:
        bodies = bodies_of(event.request)
        offer = None if bodies.sdp is None else parse_description(bodies.sdp)
    except PeerBrokeProtocol as broken:
        return turned_away(premises, event, source, unreadable(broken), now)
    asked = Asked(source, bodies, offer)
    refusal = judged(premises, event, asked, now)
    if refusal is not None:
        return turned_away(premises, event, source, refusal, now)
    return _admit(premises, event, asked, now)


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
        lack = premises.vacancy.full or Full.PORTS
        reason = Reason.DRAINING if lack is Full.DRAINING else Reason.FULL
        return turned_away(premises, event, source, Refusal(busy(), reason, lack.value), now)
    premises.watch.called(source.name, now.us)
    session = msgspec.structs.replace(session, worker=grant.worker)
    session = identified(session, ids_in_headers(event.request, source.call_id_headers), now.us)
    session = named(session, event.request, source)
    if bodies.metadata is None:
        session = flagged(session, "metadata_missing", now.us)
    session = tolerated(session, tolerances(event.request, asked), now.us)
    try:
        session = taken(
            session,
            bodies,
            now.us,
            lambda told: settle(
                premises, take_up_offer(premises, told, offer, grant.pairs, now), now
            ),
        )
    except SessionFull as full:
        premises.ports.give_back(grant.pairs, now.us)
        return turned_away(premises, event, source, Refusal(busy(), Reason.FULL, str(full)), now)
    return accept(premises, event.key, session, now, listen=grant.pairs)


def _begin(premises: Premises, event: InviteReceived, source: Source, now: Now) -> RecordingSession:
    return RecordingSession(
        key=premises.fresh_id(now.us),
        tenant=source.tenant,
        source=source.name,
        dialog=event.dialog,
        worker=0,
        created_us=now.us,
        address=source.rtp_advertise or premises.place.address,
        call=opened(event, source, premises.place.node, source.mode, now.us),
        pause_max_s=source.pause_max_s,
        latch=source.siprec_latch,
    )


def asked(premises: Premises, event: OptionsReceived, now: Now) -> list[Output]:
    """OPTIONS: what we can do, or what an INVITE would be told now (RFC 3261 §11.2).

    Clients and their dispatchers choose a recorder by it, before a call is refused.
    """
    source = premises.sources.find(event.flow.remote.host, event.flow.names)
    if source is not None:
        premises.watch.pinged(source.name, now.us)
    is_crowded = source is not None and premises.unheard.is_full(source, now.s)
    if event.dialog is None and (is_crowded or not _has_room(premises, now)):
        return premises.refuse(event.key, busy(), now)
    if event.dialog is not None and premises.sessions.of_dialog(event.dialog) is None:
        return premises.refuse(event.key, Answer(status=481), now)
    able = Answer(status=200, headers=accepts_here(), contact_params=SRS)
    return premises.refuse(event.key, able, now)


def informed(premises: Premises, event: RequestReceived, now: Now) -> list[Output]:
    """What a client tells in passing is taken, and stands in the ladder (RFC 6086 §4.2.2, §5.2).

    Other words in a recording session are not for us (RFC 3261 §8.2.1).
    """
    if event.request.method != b"INFO":
        return premises.refuse(event.key, Answer(status=405, headers=(ALLOW,)), now)
    if event.request.value(b"info-package") is None:
        outputs = premises.refuse(event.key, Answer(status=200), now)
        return [*outputs, *asked_by_header(premises, event, now)]
    unwanted = Answer(status=469, headers=((b"Recv-Info", b""),))
    return premises.refuse(event.key, unwanted, now)


def has_ports(premises: Premises, now: Now) -> bool:
    """Whether some worker has the ports of a call of two parties."""
    return premises.ports.could_take(OFFERED_STREAMS, now.us, premises.ports.workers)


def _has_room(premises: Premises, now: Now) -> bool:
    """Would a call of two parties be taken?"""
    fits = premises.ports.could_take(OFFERED_STREAMS, now.us, premises.vacancy.workers)
    return premises.vacancy.full is None and fits
