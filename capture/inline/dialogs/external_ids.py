"""By which ids others know an inline call: what its INVITE bears, the callee's answer, our own.

Steps over the exchange. Knows nothing of how they are searched for.
"""

import contextlib
from typing import Final

import msgspec

from capture.inline.dialogs.event_translation import is_of_attempt
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.exchange import Exchange
from capture.metadata.call_ids import CallId, ids_in_headers
from capture.peers.sources import Source
from capture.raw_text import text_of
from capture.recording.outputs import Now, Output
from capture.recording.session import MAX_IDS, RecordingSession, SessionFull, identified
from capture.sip.events import Event as SipEvent, InviteReceived, ResponseReceived

_ACCEPTED: Final = range(200, 300)


def known_by_invite(
    session: RecordingSession, event: InviteReceived, source: Source
) -> RecordingSession:
    """With the ids of the caller's INVITE; a recording that begins has them from its begin."""
    ids = ids_in_headers(event.request, source.call_id_headers)
    return msgspec.structs.replace(session, ids=ids[:MAX_IDS])


def known_by_answer(
    exchange: Exchange, bridged: BridgedCall, event: SipEvent, now: Now
) -> list[Output]:
    """With those of the callee's 200, and the Call-ID by which he knows the call."""
    node = exchange.node
    session = node.sessions.get(bridged.key)
    if session is None or not isinstance(event, ResponseReceived):
        return []
    if event.response.status not in _ACCEPTED or not is_of_attempt(bridged, event):
        return []
    names = node.source_of(session).call_id_headers
    ids = (
        *ids_in_headers(event.response, names),
        CallId("call_id", text_of(event.dialog.call_id)),
    )
    with contextlib.suppress(SessionFull):  # an id less is no call less
        return node.noted(identified(session, ids, now.us))
    return []
