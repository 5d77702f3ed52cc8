"""How an inline call's recording ends, once its relay has let go; in the ledger, why there is none.

Steps over the exchange. Knows nothing of how a recording began.
"""

from typing import Final

import msgspec

from archive.call.events import CallRefused, EndReason
from archive.call.refusal_reasons import CONNECTED, Reason
from capture.inline.recordings.notice_evidence import EVIDENCE_WITHIN_US, as_it_ended
from capture.inline.recordings.notice_outcome import reports_in, untold
from capture.inline.recordings.recording_update import begun_by_now
from capture.inline.recordings.relay_updates import relay_let_go
from capture.inline.state.bridged_calls import BridgedCall, UnfinishedCall
from capture.inline.state.call_events import REQUEST_TERMINATED
from capture.inline.state.ends import End
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Side
from capture.recording.message_faults import NO_FAULT, UNACCEPTABLE, media_excerpt
from capture.recording.outputs import Now, Output
from capture.recording.refused_mentions import MAX_OF_REFUSED
from capture.recording.session import RecordingSession
from capture.recording.session_end import end as end_session

_OK: Final = 200
# Why nobody was there, in the ledger's words.
_UNCONNECTED: Final[dict[EndReason, Reason]] = {
    "busy": Reason.BUSY,
    "unanswered": Reason.UNANSWERED,
    "declined": Reason.DECLINED,
    "unreachable": Reason.UNREACHABLE,
    "cancel": Reason.GAVE_UP,
}
# What ends a call, or lets none come about, whatever anybody who is called does.
_PREVENTS: Final = frozenset({Reason.MEDIA, Reason.NOTICE_MISSING, Reason.NOT_RELAYED})
_NODE_ENDS: Final[frozenset[EndReason]] = frozenset({"node_stopped", "node_failed"})


def ended(
    exchange: Exchange, bridged: BridgedCall, ends: tuple[End, ...], reason: EndReason, now: Now
) -> list[Output]:
    """Both sides are gone. The recording ends once the relay has let go: all of it has landed then.

    Of a notice that `ends` still heard it says before that how far it came. Not where the node
    stops: nobody waits then.
    """
    if bridged.cut is not None:
        is_late = now.us - bridged.cut.since_us >= EVIDENCE_WITHIN_US
        is_due = is_late or bridged.cut.has_let_go or reason in _NODE_ENDS
        return _over(exchange, bridged, bridged.cut, now) if is_due else []
    outputs = begun_by_now(exchange, bridged, now)
    session = exchange.node.sessions.get(bridged.key)
    if session is None or not session.recordings or reason in _NODE_ENDS:
        return [*outputs, *over(exchange, bridged, ends, reason, now)]
    cut = _unfinished(bridged, ends, reason, now)
    exchange.calls.keep(msgspec.structs.replace(bridged, cut=cut, withdrawn=None))
    return [*outputs, *relay_let_go(exchange, bridged, session)]


def _unfinished(
    bridged: BridgedCall, ends: tuple[End, ...], reason: EndReason, now: Now
) -> UnfinishedCall:
    """What the relay owes its word on; a recording that nobody refused was over with its notice."""
    owed = bridged.withdrawn
    if owed is not None and not bridged.call.is_refused:
        return owed
    return UnfinishedCall(reason=reason, ends=ends if owed is None else owed.ends, since_us=now.us)


def deserted(
    exchange: Exchange, bridged: BridgedCall, ends: tuple[End, ...], reason: EndReason, now: Now
) -> list[Output]:
    """The caller is gone, and who was called may still answer: nobody says anything any more.

    The recording is over as of now. Of a call without one the ledger waits for the last word.
    """
    session = exchange.node.sessions.get(bridged.key)
    if session is None or not session.recordings or reason in _NODE_ENDS:
        return []
    return ended(exchange, bridged, ends, reason, now)


def let_go(exchange: Exchange, bridged: BridgedCall, now: Now) -> list[Output]:
    """The relay has nothing of this call any more: its recording ends, as of when the call did.

    Where who was called is still to say his last word, it ends with that.
    """
    cut = bridged.cut
    if cut is not None and bridged.call.is_over:
        return _over(exchange, bridged, cut, now)
    if cut is not None:
        cut = msgspec.structs.replace(cut, has_let_go=True)
        exchange.calls.keep(msgspec.structs.replace(bridged, cut=cut))
    return []


def cut_overdue(exchange: Exchange, bridged: BridgedCall, now: Now) -> list[Output]:
    """A relay that says nothing for so long is gone, with what it had: the recording ends."""
    cut = bridged.cut
    if cut is None or not bridged.call.is_over or now.us - cut.since_us < EVIDENCE_WITHIN_US:
        return []
    return _over(exchange, bridged, cut, now)


def _over(exchange: Exchange, bridged: BridgedCall, cut: UnfinishedCall, now: Now) -> list[Output]:
    """The recording ends as of when nobody spoke any more."""
    return over(exchange, bridged, cut.ends, cut.reason, as_it_ended(cut, now))


def over(
    exchange: Exchange, bridged: BridgedCall, ends: tuple[End, ...], reason: EndReason, now: Now
) -> list[Output]:
    """Both sides are gone: the recording ends, or the ledger says why there is none.

    One that was stopped before has its row, whether its worker has closed it by now or not. How far
    a notice came that `ends` heard is not known.
    """
    exchange.calls.drop(bridged.key)
    session = exchange.node.sessions.get(bridged.key)
    if session is None:
        return []
    if session.recordings:
        session = reports_in(bridged, untold(session, ends, now.us), Side, now.us)
        exchange.node.sessions.keep(session)
    elif not session.stopped:
        _in_ledger(exchange, bridged, session, reason, now)
    gone = relay_let_go(exchange, bridged, session) if bridged.cut is None else []
    return [*gone, *end_session(exchange.node, session.dialog, reason, now)]


def _in_ledger(
    exchange: Exchange,
    bridged: BridgedCall,
    session: RecordingSession,
    reason: EndReason,
    now: Now,
) -> None:
    """A row for a call of which nothing is kept: why, and what became of it."""
    opened, status = session.call, bridged.fate or (_OK if bridged.has_talked else 0)
    is_connected, warning = status in CONNECTED, bridged.call.recording.warning
    offer = bridged.call.caller.theirs
    offered = media_excerpt(offer) if warning and offer is not None else ""
    fault = UNACCEPTABLE if offered else NO_FAULT
    refused = CallRefused(
        at_us=now.us,
        source=session.source,
        transport=opened.transport,
        peer=opened.peer,
        call_id=opened.call_id,
        from_value=opened.from_uri,
        to_value=opened.to_uri,
        status=status,
        reason=_unrecorded(bridged, reason, is_connected=is_connected),
        detail="; ".join(filter(None, (bridged.call.plan.labels.route, warning))),
        clause=fault.clause,
        header=fault.header,
        excerpt=offered,
        began_us=opened.at_us if is_connected else 0,
        mentions=session.metadata.mentions[:MAX_OF_REFUSED],
        attempts=bridged.call.attempts,
    )
    exchange.node.ledger.note(session.tenant, refused)


def _unrecorded(bridged: BridgedCall, reason: EndReason, *, is_connected: bool) -> Reason:
    """Return why there is no recording; where both never talked, that goes before it."""
    why = bridged.call.recording.unrecorded
    if is_connected:
        return why or Reason.NOT_RECORDED
    return why if why in _PREVENTS else _unconnected(bridged, reason)


def _unconnected(bridged: BridgedCall, reason: EndReason) -> Reason:
    """Return why nobody was there.

    A caller who is let go by us, for he acknowledges nothing, has not given up.
    """
    if reason == "cancel" and bridged.fate not in {0, REQUEST_TERMINATED}:
        return Reason.NOT_CONNECTED
    return _UNCONNECTED.get(reason, Reason.NOT_CONNECTED)
