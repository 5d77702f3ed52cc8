"""A call that we have answered and of which no packet came: a row of the ledger, and no recording.

Steps over the node. Knows nothing of how it is found out that none came.
"""

from archive.call.events import CallRefused, Flagged, SipMessage, decode_event
from archive.call.mentions import Mention
from archive.call.refusal_reasons import Reason
from capture.metadata.mentions import distinct
from capture.recording.node_context import NodeContext
from capture.recording.refused_mentions import MAX_OF_REFUSED, mention_of_party, role_of
from capture.recording.session import RecordingSession, SessionRecording

_ANSWERED = 200


def nothing_kept(node: NodeContext, recording: bytes) -> None:
    """Note in the ledger why a recording that is over is none, with what was said of its call."""
    session = node.sessions.of_recording(recording)
    if session is None:
        return
    ended, opened = session.recording(recording), session.call
    told = [decode_event(each.payload) for each in ended.events]
    is_unheard = any(isinstance(each, Flagged) and each.flag == "ack_missing" for each in told)
    refused = CallRefused(
        at_us=ended.ended_us,
        source=session.source,
        transport=opened.transport,
        peer=opened.peer,
        call_id=opened.call_id,
        from_value=opened.from_uri,
        to_value=opened.to_uri,
        status=_ANSWERED,
        reason=Reason.NO_ACK if is_unheard else Reason.NO_PACKET,
        detail=ended.ended or "",
        began_us=ended.created_us,
        mentions=_mentions(session, ended),
    )
    said = [each for each in told if isinstance(each, SipMessage)]
    node.ledger.note(session.tenant, refused, said)


def _mentions(session: RecordingSession, ended: SessionRecording) -> tuple[Mention, ...]:
    described = ended.described
    people = (
        mention_of_party(
            each.aor,
            each.names[0].text if each.names else "",
            role_of(who.participant, described.roles, len(described.present)),
        )
        for who in described.present
        for each in who.described.name_ids
    )
    found = (*people, *described.mentions, *session.metadata.mentions)
    return distinct(found)[:MAX_OF_REFUSED]
