"""Ids by which others know an inline call, and the numbers that its INVITE and its answer tell.

Steps over the exchange. Knows nothing of how they are searched for.
"""

import contextlib
from collections.abc import Iterator
from typing import Final

import msgspec

from archive.call.mentions import Mention
from archive.call.numbers import user_part
from capture.inline.dialogs.event_translation import is_of_attempt
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.exchange import Exchange
from capture.metadata.call_ids import CallId, ids_in_headers
from capture.metadata.header_mentions import told_by_callee, told_by_request
from capture.metadata.mentions import distinct, is_number
from capture.peers.sources import Source
from capture.raw_text import text_of
from capture.recording.known_mentions import told_in_headers
from capture.recording.outputs import Now, Output
from capture.recording.session import MAX_IDS, RecordingSession, SessionFull, identified
from capture.sip.events import Event as SipEvent, InviteReceived, ResponseReceived
from capture.sip.message import Request

_ACCEPTED: Final = range(200, 300)


def known_by_invite(
    session: RecordingSession, event: InviteReceived, source: Source, number: bytes
) -> RecordingSession:
    """With the ids and numbers of the caller's INVITE, for a recording from its begin.

    `number` is what its route dials.
    """
    ids = ids_in_headers(event.request, source.call_id_headers)
    found = distinct((*told_by_request(event.request), *_dialled(event.request, text_of(number))))
    session = msgspec.structs.replace(session, ids=ids[:MAX_IDS])
    return session.with_metadata(msgspec.structs.replace(session.metadata, mentions=found))


def _dialled(request: Request, number: str) -> Iterator[Mention]:
    """The number of a route that strips digits; an emergency's URI is none."""
    if is_number(number) and number != user_part(text_of(request.uri)):
        yield Mention(told_as="dialled", address=number, key="route")


def known_by_answer(
    exchange: Exchange, bridged: BridgedCall, event: SipEvent, now: Now
) -> list[Output]:
    """With those of the callee's 200, and the Call-ID by which it knows the call."""
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
        session = identified(session, ids, now.us)
        return node.noted(told_in_headers(session, told_by_callee(event.response), now.us))
    return []
