"""What we ask of a recording client: to refresh, and to tell everything again.

Steps over the node (RFC 4028 §10, RFC 7866 §9.2). Knows nothing of what is asked of us.
"""

from typing import Final

import msgspec

from capture.metadata.message_bodies import bodies_of
from capture.metadata.snapshot import NAMESPACE
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now, Output
from capture.recording.session import RecordingSession, SessionFull, flagged
from capture.sdp.renderer import render_description
from capture.sip.build import SDP_TYPE, Header
from capture.sip.call import OutgoingRequest
from capture.sip.events import (
    NoSuchDialog,
    RefreshDue,
    RequestPending,
    ResponseReceived,
    TransactionTimedOut,
)
from capture.siprec.negotiation import settle
from capture.siprec.recording_request import accepts_here
from capture.siprec.session_change import settled

# A client that cannot tell is not asked for ever, nor twice before it could answer.
MAX_SNAPSHOTS: Final = 3
SNAPSHOT_PAUSE_US: Final = 30_000_000
# For all that is known (RFC 7865 §7, RFC 7866 §9.2).
_SNAPSHOT_REQUEST: Final = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<requestsnapshot xmlns="{NAMESPACE}"/>\n'.encode()
)
_DISPOSITION: Final[Header] = (b"Content-Disposition", b"recording-session")
_USUAL_TYPE: Final = "application/rs-metadata+xml"


def refreshed(node: NodeContext, event: RefreshDue, now: Now) -> list[Output]:
    """It is ours to refresh: by UPDATE, or by our description once more, unchanged."""
    session = node.sessions.of_dialog(event.dialog)
    if session is None:
        return []
    if event.by_update:
        return _ask(node, session, OutgoingRequest(method=b"UPDATE"), now)
    if session.ours is None or session.waits_for_answer:
        return []
    offer = OutgoingRequest(
        method=b"INVITE",
        headers=(SDP_TYPE, *accepts_here()),
        body=render_description(session.ours),
    )
    outputs = _ask(node, session, offer, now)
    if outputs:
        node.sessions.keep(msgspec.structs.replace(session, waits_for_answer=True))
    return outputs


def answered(node: NodeContext, event: ResponseReceived, now: Now) -> list[Output]:
    """The peer's word on a re-INVITE of ours: its description counts, a refusal changes nothing."""
    session = node.sessions.of_dialog(event.dialog)
    final = event.response.status >= 200  # noqa: PLR2004 - RFC 3261 §7.2
    if session is None or event.method != b"INVITE" or not final or not session.waits_for_answer:
        return []
    if event.response.status >= 300:  # noqa: PLR2004 - RFC 3261 §14.1: as it was before
        node.sessions.keep(msgspec.structs.replace(session, waits_for_answer=False))
        return []
    try:
        after = settled(session, bodies_of(event.response), now)
        return node.noted(settle(node, after, now))
    except SessionFull:
        return []  # an answer cannot be refused, and the call goes on as it is


def unanswered(node: NodeContext, event: TransactionTimedOut) -> None:
    """Nobody answers a re-INVITE of ours: the next one may go out when its time comes."""
    session = node.sessions.of_dialog(event.dialog)
    if session is not None and event.method == b"INVITE" and session.waits_for_answer:
        node.sessions.keep(msgspec.structs.replace(session, waits_for_answer=False))


def snapshot_asked(node: NodeContext, session: RecordingSession, now: Now) -> list[Output]:
    """Ask for all metadata, where what we have does not explain itself (RFC 7866 §9.2)."""
    if session.ended is not None or not session.metadata.is_lacking:
        return []
    if not node.sip.allows_update(session.dialog) or session.metadata.requests >= MAX_SNAPSHOTS:
        return _given_up(node, session, now)
    if now.us - session.metadata.requested_us < SNAPSHOT_PAUSE_US:
        return []
    kind = session.metadata.content_type or _USUAL_TYPE
    request = OutgoingRequest(
        method=b"UPDATE",
        headers=((b"Content-Type", kind.encode()), _DISPOSITION, *accepts_here()),
        body=_SNAPSHOT_REQUEST,
    )
    metadata = msgspec.structs.replace(
        session.metadata, requests=session.metadata.requests + 1, requested_us=now.us
    )
    asked = session.with_metadata(metadata)
    node.sessions.keep(asked)
    return _ask(node, asked, request, now)


def _given_up(node: NodeContext, session: RecordingSession, now: Now) -> list[Output]:
    """Nobody can be asked, or tells: say once what is missing."""
    if session.metadata.requests > MAX_SNAPSHOTS:
        return []
    metadata = msgspec.structs.replace(session.metadata, requests=MAX_SNAPSHOTS + 1)
    try:
        return node.noted(flagged(session.with_metadata(metadata), "metadata_incomplete", now.us))
    except SessionFull:
        return []


def _ask(
    node: NodeContext, session: RecordingSession, request: OutgoingRequest, now: Now
) -> list[Output]:
    """Send it; where the dialog is gone or another request is under way, nothing."""
    try:
        return node.sent(node.sip.send_request(session.dialog, request, now.s), now)
    except (NoSuchDialog, RequestPending):
        return []
