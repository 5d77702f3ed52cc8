"""What proves a notice: the relay's word on how far it came joins the recording.

Steps over the exchange. Knows nothing of what follows from it.
"""

from itertools import chain
from typing import Final

import msgspec

from capture.inline.recordings.lanes import played
from capture.inline.recordings.notice_outcome import with_played
from capture.inline.state.bridged_calls import BridgedCall, UnfinishedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_events import Event as CallEvent, NoticePlayed
from capture.inline.state.ends import End
from capture.inline.state.exchange import Exchange
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Played
from capture.recording.outputs import Now
from capture.recording.session import SessionFull

# A relay answers at once; one that was killed has a successor sooner.
EVIDENCE_WITHIN_US: Final = 2_000_000


def counted(exchange: Exchange, bridged: BridgedCall, told: Played) -> BridgedCall:
    """With the last packet of a notice, where the relay speaks of one; RTCP is to cover it."""
    playing = [
        e for e in (bridged.call.caller, bridged.call.callee) if e.notice is NoticeStage.PLAYING
    ]
    cuts = (each.ends for each in (bridged.cut, bridged.withdrawn) if each is not None)
    if not any(_is_about(end, told) for end in chain(playing, *cuts)):
        return bridged
    bridged = with_played(bridged, told)
    exchange.calls.keep(bridged)
    return bridged


def notice_told(exchange: Exchange, bridged: BridgedCall, told: Played, now: Now) -> None:
    """The evidence of a prompt joins the recording, before anything follows from it."""
    end = bridged.call.end(told.side)
    if end.notice is NoticeStage.PLAYING and _is_about(end, told):
        _proved(exchange, bridged, end, told, now)


def _is_of(end: End, told: Played) -> bool:
    return end.side is told.side and end.plays is not None and end.plays.serial == told.serial


def _is_about(end: End, told: Played) -> bool:
    """Also of what was cut short to be said in another codec."""
    return _is_of(end, told) or (end.side is told.side and told.serial in end.superseded)


def _proved(exchange: Exchange, bridged: BridgedCall, end: End, told: Played, now: Now) -> None:
    session = exchange.node.sessions.get(bridged.key)
    if session is None:
        return
    try:
        exchange.node.sessions.keep(played(session, end, told, now.us))
    except SessionFull:
        return


def unproved(before: InlineCall, event: CallEvent) -> tuple[End, ...]:
    """The ends that heard a notice until this event, whose evidence it does not bring itself."""
    told = event.side if isinstance(event, NoticePlayed) else None
    return tuple(
        end
        for end in (before.caller, before.callee)
        if end.notice is NoticeStage.PLAYING and end.plays is not None and end.side is not told
    )


def interrupted(before: InlineCall, call: InlineCall) -> tuple[End, ...]:
    """The ends whose notice was withdrawn while they heard it: the relay has its word to say."""
    return tuple(
        end
        for end in (before.caller, before.callee)
        if end.notice is NoticeStage.PLAYING and call.end(end.side).notice is NoticeStage.WITHDRAWN
    )


def cut_told(exchange: Exchange, bridged: BridgedCall, told: Played, now: Now) -> None:
    """How far a notice came before the call ended."""
    if bridged.cut is not None:
        left = left_after(exchange, bridged, bridged.cut, told, now)
        cut = msgspec.structs.replace(bridged.cut, ends=left)
        exchange.calls.keep(msgspec.structs.replace(bridged, cut=cut))


def left_after(
    exchange: Exchange, bridged: BridgedCall, cut: UnfinishedCall, told: Played, now: Now
) -> tuple[End, ...]:
    """Whose notice the relay has not spoken of yet, once what it says now is an event."""
    for end in cut.ends:
        if _is_about(end, told):
            _proved(exchange, bridged, end, told, as_it_ended(cut, now))
    return tuple(end for end in cut.ends if not _is_of(end, told))


def as_it_ended(cut: UnfinishedCall, now: Now) -> Now:
    """What is told only now was so when it ended."""
    return Now(s=now.s, us=cut.since_us)
