"""What a client changes while its call is up: re-INVITE, UPDATE, and the answer in an ACK.

Steps over the node. Knows nothing of how calls begin.
"""

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.metadata.call_ids import ids_in_headers
from capture.metadata.header_mentions import told_by_recorder
from capture.metadata.message_bodies import Bodies, bodies_of
from capture.recording.known_mentions import told_in_headers
from capture.recording.node_context import NodeContext, busy
from capture.recording.outputs import Now, Output
from capture.recording.session import RecordingSession, SessionFull, flagged, identified, tolerated
from capture.recording.session_end import end
from capture.recording.srtp_policy import unacceptable
from capture.sdp.answer import check_answer
from capture.sdp.description import SessionDescription
from capture.sdp.offer import reoffer
from capture.sdp.parser import parse_description
from capture.sip.build import Answer
from capture.sip.events import (
    AckMissing,
    AckReceived,
    PrackReceived,
    ReinviteReceived,
    UpdateReceived,
)
from capture.sip.message import Request
from capture.sip.transaction import TIMEOUT_US
from capture.siprec.client_tolerances import in_offer
from capture.siprec.media_streams import answered, idle_pairs, needed_pairs
from capture.siprec.metadata_intake import named, taken
from capture.siprec.negotiation import SRS, accept, settle, take_up_offer

Change = ReinviteReceived | UpdateReceived | PrackReceived


def reinvited(node: NodeContext, event: Change, now: Now) -> list[Output]:
    session = node.sessions.of_dialog(event.dialog)
    if session is None:
        return node.refuse(event.key, Answer(status=481), now)
    try:
        bodies = bodies_of(event.request)
        offer = None if bodies.sdp is None else parse_description(bodies.sdp)
    except PeerBrokeProtocol as broken:
        return node.refuse(event.key, Answer(status=broken.answer_with), now)
    source, transport = node.source_of(session), session.call.transport
    refusal = None if offer is None else unacceptable(offer, source, transport)
    if refusal is not None:
        # The session goes on as it was (RFC 3261 §14.2), and so does the recording.
        return node.refuse(event.key, refusal, now)
    return _renegotiate(node, event, session, (bodies, offer), now)


def _renegotiate(
    node: NodeContext,
    event: Change,
    session: RecordingSession,
    asked: tuple[Bodies, SessionDescription | None],
    now: Now,
) -> list[Output]:
    bodies, offer = asked
    wanted = 0 if offer is None else needed_pairs(session, offer)
    idle = idle_pairs(session)[:wanted]
    grant = node.capacity.ports.take(wanted - len(idle), now.us, [session.worker])
    if grant is None:
        return node.refuse(event.key, busy(), now)
    pairs = (*idle, *grant.pairs)

    def negotiated(told: RecordingSession) -> RecordingSession:
        if offer is not None:
            if node.source_of(told).mode == "siprec":
                told = tolerated(told, in_offer(offer), now.us)
            told = take_up_offer(node, told, offer, pairs, now)
        elif isinstance(event, ReinviteReceived) and told.ours is not None:
            ours = reoffer(told.ours)
            told = msgspec.structs.replace(told, ours=ours, waits_for_answer=True)
        return settle(node, told, now)

    try:
        source = node.source_of(session)
        found = ids_in_headers(event.request, source.call_id_headers)
        session = identified(session, found, now.us)
        session = told_in_headers(session, told_by_recorder(event.request), now.us)
        session = named(session, event.request, source)
        session = taken(session, bodies, now.us, negotiated)
    except SessionFull:
        node.capacity.ports.give_back(grant.pairs, now.us)
        return node.refuse(event.key, busy(), now)
    if offer is None and not isinstance(event, ReinviteReceived):
        plain = Answer(status=200, contact_params=SRS)
        return [*node.refuse(event.key, plain, now), *node.noted(session)]
    return accept(node, event.key, session, now, listen=pairs)


def acknowledged(node: NodeContext, event: AckReceived | AckMissing, now: Now) -> list[Output]:
    session = node.sessions.of_dialog(event.dialog)
    if session is None:
        return []
    try:
        if isinstance(event, AckMissing):
            return _unacknowledged(node, session, event, now)
        after = _took_answer(node, session, event.request, now)
        return [] if after is session else node.noted(after)
    except SessionFull:
        return []  # an ACK cannot be refused, and the call goes on as it is


def _unacknowledged(
    node: NodeContext, session: RecordingSession, event: AckMissing, now: Now
) -> list[Output]:
    """A client that never acknowledged, and sends nothing, is gone (RFC 3261 §13.3.1.4).

    Where media comes, its ACK was lost: the recording goes on. Raises `SessionFull`.
    """
    outputs = node.noted(flagged(session, "ack_missing", now.us))
    since_us = max(now.us - TIMEOUT_US, session.created_us)
    if event.is_first and not node.capacity.is_heard(session.pairs, since_us):
        outputs += end(node, session.dialog, "media_timeout", now, say_bye=True)
    return outputs


def _took_answer(
    node: NodeContext, session: RecordingSession, ack: Request, now: Now
) -> RecordingSession:
    """The answer to an offer of ours and the metadata beside it; flagged where broken."""
    try:
        bodies = bodies_of(ack)
    except PeerBrokeProtocol:
        bodies = Bodies()
    if not (session.waits_for_answer or bodies.metadata):
        return session

    def answered_too(told: RecordingSession) -> RecordingSession:
        after = settled(told, bodies, now) if told.waits_for_answer else told
        return settle(node, after, now)

    return taken(session, bodies, now.us, answered_too)


def settled(session: RecordingSession, bodies: Bodies, now: Now) -> RecordingSession:
    """The session with the peer's answer to an offer of ours; flagged where that is none."""
    assert session.ours is not None
    try:
        answer = parse_description(bodies.sdp or b"")
        check_answer(session.ours, answer)
    except PeerBrokeProtocol:
        unanswered = msgspec.structs.replace(session, waits_for_answer=False)
        return flagged(unanswered, "media_refused", now.us)
    return answered(session, answer, now.us)
