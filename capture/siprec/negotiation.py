"""What a call of SIPREC is offered and answered: media taken up, recordings settled, the 200.

Steps from one session to the next, and our answer with it. Knows nothing of when a call is taken
or changed.
"""

from typing import Final

from capture.recording.node_context import NodeContext
from capture.recording.outputs import Listen, Now, Output
from capture.recording.session import RecordingSession, tolerated
from capture.recording.srtp_policy import keys_seen
from capture.sdp.answer import MediaPorts
from capture.sdp.description import SessionDescription
from capture.sdp.offer import make_offer
from capture.sdp.renderer import render_description
from capture.sip.build import SDP_TYPE, Answer
from capture.sip.identity import TransactionKey
from capture.siprec import media_streams
from capture.siprec.client_tolerances import in_labels
from capture.siprec.metadata_intake import calls_described, people_known
from capture.siprec.recording_request import accepts_here
from capture.siprec.stream_assignment import assigned, home_of

SRS: Final = b";+sip.srs"


def take_up_offer(
    node: NodeContext,
    session: RecordingSession,
    offer: SessionDescription | None,
    pairs: tuple[int, ...],
    now: Now,
) -> RecordingSession:
    """With an offer taken up, or ours made; `pairs` are for new streams.

    Raises `SessionFull`.
    """
    seats = [
        media_streams.StreamPort(pair, node.place.port(pair), node.fresh.srtp_secret())
        for pair in pairs
    ]

    def home(of: RecordingSession, label: str) -> tuple[RecordingSession, bytes]:
        return home_of(of, label, node.fresh.recording_id, now.us)

    if offer is not None:
        return media_streams.offered(session, offer, seats, home, now.us)
    ours = make_offer(
        session_id=session.created_us,
        version=1,
        address=session.address,
        ports=[MediaPorts(seat.port, seat.port + 1, seat.secret) for seat in seats],
        srtp=node.source_of(session).srtp == "require",
    )
    return media_streams.own_offer(session, ours, seats, home, now.us)


def settle(node: NodeContext, session: RecordingSession, now: Now) -> RecordingSession:
    """After metadata and media are taken up: recordings, what is told of them, who speaks.

    Raises `SessionFull`.
    """
    session = assigned(session, node.fresh.recording_id, now.us)
    session = calls_described(session, now.us)
    session = people_known(session, node.source_of(session), now.us)
    if session.metadata.snapshot is not None:
        found = in_labels(session.metadata.snapshot, session.labels)
        session = tolerated(session, found, now.us)
    return keys_seen(session, now)


def accept(
    node: NodeContext,
    key: TransactionKey,
    session: RecordingSession,
    now: Now,
    *,
    listen: tuple[int, ...] = (),
) -> list[Output]:
    """200 with our description; the sockets hear before the peer is told of them."""
    assert session.ours is not None
    answer = Answer(
        status=200,
        headers=(SDP_TYPE, *accepts_here()),
        body=render_description(session.ours),
        contact_params=SRS,
    )
    messages = node.sent(node.sip.respond(key, answer, now.s), now)
    return [Listen(listen), *messages, *node.noted(session)]
