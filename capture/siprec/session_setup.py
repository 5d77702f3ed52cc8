"""A call that wants to begin: whether it is taken, and what it is answered (RFC 7866 §6).

Steps over the node. Knows nothing of calls that are up.
"""

import msgspec

from archive.call.refusal_reasons import Reason
from capture.admission.call_capacity import OFFERED_STREAMS
from capture.admission.capacity import Full
from capture.errors import PeerBrokeProtocol
from capture.metadata.call_ids import ids_in_headers
from capture.metadata.header_mentions import told_by_recorder
from capture.metadata.message_bodies import bodies_of
from capture.peers.sources import Source
from capture.recording.call_refusal import Refusal, turned_away, unreadable
from capture.recording.call_start import opened
from capture.recording.known_mentions import told_in_headers
from capture.recording.node_context import NodeContext, busy
from capture.recording.outputs import Now, Output
from capture.recording.pause_control import asked_by_header
from capture.recording.session import RecordingSession, SessionFull, flagged, identified, tolerated
from capture.sdp.parser import parse_description
from capture.sip.agent import ALLOW
from capture.sip.build import Answer
from capture.sip.events import InviteReceived, OptionsReceived, RequestReceived
from capture.siprec.invite_check import SessionRequest, judged, tolerances
from capture.siprec.media_streams import needed_pairs
from capture.siprec.metadata_intake import named, taken
from capture.siprec.negotiation import SRS, accept, settle, take_up_offer
from capture.siprec.recording_request import accepts_here


def invited(node: NodeContext, event: InviteReceived, now: Now) -> list[Output]:
    source = node.peers.source_at(event.flow)
    if source is None:
        return node.refuse(event.key, Answer(status=403), now)
    try:
        bodies = bodies_of(event.request)
        offer = None if bodies.sdp is None else parse_description(bodies.sdp)
    except PeerBrokeProtocol as broken:
        return turned_away(node, event, source, unreadable(broken), now)
    asked = SessionRequest(source, bodies, offer)
    refusal = judged(node, event, asked, now)
    if refusal is not None:
        return turned_away(node, event, source, refusal, now)
    return _admit(node, event, asked, now)


def _admit(
    node: NodeContext,
    event: InviteReceived,
    asked: SessionRequest,
    now: Now,
) -> list[Output]:
    source, bodies, offer = asked
    session = _begin(node, event, source, now)
    wanted = OFFERED_STREAMS if offer is None else needed_pairs(session, offer)
    # A full node takes no pairs either: given back they would rest, and it would stay full.
    able = node.capacity.vacancy.workers if node.capacity.vacancy.full is None else ()
    grant = node.capacity.ports.take(wanted, now.us, able)
    if grant is None:
        lack = node.capacity.vacancy.full or Full.PORTS
        reason = Reason.DRAINING if lack is Full.DRAINING else Reason.FULL
        return turned_away(node, event, source, Refusal(busy(), reason, lack.value), now)
    node.peers.watch.called(source.name, now.us)
    session = msgspec.structs.replace(session, worker=grant.worker)
    session = identified(session, ids_in_headers(event.request, source.call_id_headers), now.us)
    session = told_in_headers(session, told_by_recorder(event.request), now.us)
    session = named(session, event.request, source)
    if bodies.metadata is None:
        session = flagged(session, "metadata_missing", now.us)
    session = tolerated(session, tolerances(event.request, asked), now.us)
    try:
        session = taken(
            session,
            bodies,
            now.us,
            lambda told: settle(node, take_up_offer(node, told, offer, grant.pairs, now), now),
        )
    except SessionFull as full:
        node.capacity.ports.give_back(grant.pairs, now.us)
        return turned_away(node, event, source, Refusal(busy(), Reason.FULL, str(full)), now)
    return accept(node, event.key, session, now, listen=grant.pairs)


def _begin(node: NodeContext, event: InviteReceived, source: Source, now: Now) -> RecordingSession:
    return RecordingSession(
        key=node.fresh.recording_id(now.us),
        tenant=source.tenant,
        source=source.name,
        dialog=event.dialog,
        worker=0,
        created_us=now.us,
        address=source.rtp_advertise or node.place.address,
        call=opened(event, source, node.place.node, source.mode, now.us),
        pause_max_s=source.pause_max_s,
        latch=source.siprec_latch,
    )


def asked(node: NodeContext, event: OptionsReceived, now: Now) -> list[Output]:
    """OPTIONS: what we can do, or what an INVITE would be told now (RFC 3261 §11.2).

    Clients and their dispatchers choose a recorder by it, before a call is refused.
    """
    source = node.peers.source_at(event.flow)
    if source is not None:
        node.peers.watch.pinged(source.name, now.us)
    is_crowded = source is not None and node.capacity.unheard.is_full(source, now.s)
    if event.dialog is None and (is_crowded or not node.capacity.has_room(now.us)):
        return node.refuse(event.key, busy(), now)
    if event.dialog is not None and node.sessions.of_dialog(event.dialog) is None:
        return node.refuse(event.key, Answer(status=481), now)
    able = Answer(status=200, headers=accepts_here(), contact_params=SRS)
    return node.refuse(event.key, able, now)


def informed(node: NodeContext, event: RequestReceived, now: Now) -> list[Output]:
    """What a client tells in passing is taken, and stands in the ladder (RFC 6086 §4.2.2, §5.2).

    Other words in a recording session are not for us (RFC 3261 §8.2.1).
    """
    if event.request.method != b"INFO":
        return node.refuse(event.key, Answer(status=405, headers=(ALLOW,)), now)
    if event.request.value(b"info-package") is None:
        outputs = node.refuse(event.key, Answer(status=200), now)
        return [*outputs, *asked_by_header(node, event, now)]
    unwanted = Answer(status=469, headers=((b"Recv-Info", b""),))
    return node.refuse(event.key, unwanted, now)
