"""A change that who asked for it has taken back, by CANCEL: the session stays as it was.

Steps over the call's value (RFC 3261 §9.2, §14.1). Knows nothing of changes that are wanted.
"""

from typing import Final

import msgspec

from capture.inline.bridge.call_end import hung_up
from capture.inline.descriptions.offers import NothingInCommon, offer_across, standing_answer
from capture.inline.state.call import Change, InlineCall
from capture.inline.state.call_commands import Acknowledge, Offer, Retract, Step
from capture.inline.state.call_events import HungUp, Reanswered, Retracted
from capture.inline.state.ends import other
from capture.links.relay_messages import Side
from capture.sdp.description import SessionDescription

_INVITE: Final = b"INVITE"
NOT_ACCEPTABLE: Final = b'SIP;cause=488;text="no media is left"'


def retracted(call: InlineCall, event: Retracted) -> Step:
    """What the other side was asked for it is taken back; it may have said yes already."""
    change = call.change
    if change is None or change.key != event.key:
        return call, []
    later = msgspec.structs.replace(change, key=None, is_retracted=True)
    return msgspec.structs.replace(call, change=later), [Retract(other(change.asker))]


def undone(call: InlineCall, change: Change, event: Reanswered) -> Step:
    """A yes that has crossed our CANCEL: who said it is asked for what held before."""
    call = msgspec.structs.replace(call, change=None)
    if change.offer is None:
        return stood_by(call, event.side, event.description)
    asker, to = call.end(change.asker), call.end(event.side)
    codecs = frozenset(call.plan.codecs)
    assert asker.theirs is not None
    try:
        asked = offer_across(change.offer, to.seat, to.ours, codecs=codecs)
        before = offer_across(asker.theirs, to.seat, asked, codecs=codecs)
    except NothingInCommon:
        return call, []
    theirs = event.description or to.theirs
    to = msgspec.structs.replace(to, ours=asked, theirs=theirs, is_answering=False)
    again = Change(asker=asker.side, key=None, offer=asker.theirs)
    call = msgspec.structs.replace(call.with_end(to), change=again)
    return call, [Offer(to.side, _INVITE, before)]


def stood_by(call: InlineCall, side: Side, offer: SessionDescription | None) -> Step:
    """A 2xx whose offer nobody else answers gets its ACK, and all is as it was.

    Where nothing of that is offered any more, there is no session left to have.
    """
    call, commands = answered_by_us(call, side, offer)
    ours = call.end(side).ours
    if offer is None or (ours is not None and any(each.port for each in ours.media)):
        return call, commands
    call, goodbyes = hung_up(call, HungUp(side, NOT_ACCEPTABLE, still_there=True))
    return call, [*commands, *goodbyes]


def answered_by_us(call: InlineCall, side: Side, offer: SessionDescription | None) -> Step:
    """The ACK of such a 2xx: what holds there already is the answer (RFC 3261 §13.2.1)."""
    if offer is None:
        return call, [Acknowledge(side, None)]
    end = call.end(side)
    ours = standing_answer(offer, end.seat, end.ours)
    later = msgspec.structs.replace(end, ours=ours, theirs=offer, is_answering=True)
    return call.with_end(later), [Acknowledge(side, ours)]
