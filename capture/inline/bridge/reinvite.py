"""Changes of a call that is up: hold, codecs, addresses, by re-INVITE or UPDATE, across.

Steps over the call's value (RFC 3261 §14, RFC 3311, RFC 6141). Each side has its own `o=` line and
version. Knows nothing of timers or of who refreshes.
"""

from collections.abc import Collection
from typing import Final

import msgspec

from capture.inline.bridge.call_end import hung_up
from capture.inline.bridge.glare import PENDING, put_off
from capture.inline.bridge.recording_indication import marked
from capture.inline.bridge.recording_preference import obeyed
from capture.inline.bridge.refusal_translation import TranslatedRefusal, across, not_acceptable
from capture.inline.bridge.reinvite_cancel import stood_by, undone
from capture.inline.descriptions.offers import (
    NothingInCommon,
    again,
    answer_across,
    offer_across,
    preferring,
)
from capture.inline.descriptions.speech import codecs_of, is_news, speech_line
from capture.inline.notices.notice import listens_again
from capture.inline.state.call import Change, InlineCall
from capture.inline.state.call_commands import Acknowledge, Command, Offer, Reply, Step
from capture.inline.state.call_events import Acknowledged, HungUp, Reanswered, Reoffered
from capture.inline.state.ends import other
from capture.inline.state.prompt_stock import PromptStock
from capture.links.relay_messages import Side
from capture.sdp.record_attribute import differs_in_nothing_else, indicated

# The answer to a request inside a dialog that says there is none (RFC 3261 §12.2.1.2).
DIALOG_IS_GONE: Final = frozenset({408, 481})
_OK: Final = 200
_FIRST_REFUSAL: Final = 300
INVITE: Final = b"INVITE"


def reoffered(call: InlineCall, event: Reoffered, stock: PromptStock) -> Step:
    """One side wants something changed: the other is asked, where it concerns it."""
    end = call.end(event.side)
    if call.change is not None:
        return call, [Reply(event.key, PENDING)]
    if event.description is None:
        return _without_offer(call, event)
    if not is_news(end.theirs, event.description):
        return _said_again(call, event)
    if end.theirs is not None and differs_in_nothing_else(end.theirs, event.description):
        return _about_recording(call, event, stock)
    if not call.is_joined:
        return _by_ourselves(call, event, stock)
    return _asked_across(call, event)


def _said_again(call: InlineCall, event: Reoffered) -> Step:
    """An offer without news gets what we have said; its first format stays the one that is spoken.

    Where that was our offer, the answer to it said so: by ours alone it would be another one.
    """
    end = call.end(event.side)
    ours = end.ours
    if ours is not None and not end.is_answering and end.agreed:
        ours = preferring(ours, end.agreed[0])
        end = msgspec.structs.replace(end, ours=ours, is_answering=True)
    return call.with_end(end), [Reply(event.key, _OK, ours)]


def _about_recording(call: InlineCall, event: Reoffered, stock: PromptStock) -> Step:
    """What a party says of recording is between it and us: the other side is not bothered.

    What comes of it is in our answer already (RFC 7866 §7.1.3).
    """
    end = msgspec.structs.replace(call.end(event.side), theirs=event.description)
    call, commands = obeyed(call.with_end(end), stock)
    call = marked(call)
    end = call.end(event.side)
    place = speech_line(end.ours) if end.ours is not None else None
    if end.ours is None or place is None:
        return call, [Reply(event.key, _OK, end.ours), *commands]
    ours = indicated(end.ours, place, end.seat.record)
    call = call.with_end(msgspec.structs.replace(end, ours=ours, is_answering=True))
    return call, [Reply(event.key, _OK, ours), *commands]


def _without_offer(call: InlineCall, event: Reoffered) -> Step:
    """An UPDATE without a body refreshes; an INVITE without one wants an offer of the other."""
    if event.method != INVITE:
        return call, [Reply(event.key, _OK)]
    if not call.is_joined:
        return call, [Reply(event.key, _OK, call.end(event.side).ours)]
    change = Change(asker=event.side, key=event.key, offer=None)
    call = msgspec.structs.replace(call, change=change)
    return call, [Offer(other(event.side), INVITE, None, event.headers)]


def _by_ourselves(call: InlineCall, event: Reoffered, stock: PromptStock) -> Step:
    """Before the parties are joined a hold is between one of them and us."""
    end = call.end(event.side)
    assert event.description is not None
    if end.ours is None:
        return call, [_refusal(event)]
    try:
        spoken = frozenset(each.encoding.upper() for each in end.agreed[:1])
        ours = again(end.ours, event.description, end.seat, spoken)
    except NothingInCommon:
        return call, [_refusal(event)]
    later = msgspec.structs.replace(end, ours=ours, theirs=event.description, is_answering=True)
    call, commands = listens_again(_asked_as_well(call.with_end(later), event.side), stock)
    return call, [Reply(event.key, _OK, ours), *commands]


def _refusal(event: Reoffered, codecs: Collection[str] = ()) -> Reply:
    told = not_acceptable(codecs, event.description)
    return Reply(event.key, told.status, headers=told.headers)


def _asked_as_well(call: InlineCall, side: Side) -> InlineCall:
    """Nothing is transcoded: whom the other one will hear is asked to speak what that one takes.

    A hold is between him and us as long as they are not joined.
    """
    end, stays = call.end(side), call.end(other(side))
    talks = end.speaks and end.listens and call.has_answered
    if not talks or end.ours is None or stays.ours is None or stays.theirs is None:
        return call
    if not stays.agreed or stays.agreed[0].encoding.upper() in codecs_of(end.ours):
        return call
    return call.owing(stays.side)


def _asked_across(call: InlineCall, event: Reoffered) -> Step:
    to = call.end(other(event.side))
    assert event.description is not None
    try:
        offer = offer_across(
            event.description, to.seat, to.ours, codecs=frozenset(call.plan.codecs)
        )
    except NothingInCommon:
        return call, [_refusal(event, call.plan.codecs)]
    change = Change(asker=event.side, key=event.key, offer=event.description)
    call = msgspec.structs.replace(call, change=change)
    return call, [Offer(to.side, event.method, offer, event.headers)]


def reanswered(call: InlineCall, event: Reanswered, stock: PromptStock, now_us: int) -> Step:
    """The side that was asked has answered: so is the one that asked.

    What we have asked for ourselves we ask for again, where a change of its own came in between.
    """
    change = call.change
    if change is None or event.side is change.asker:
        return call, []
    if event.status < _FIRST_REFUSAL:
        return _taken(call, change, event, stock)
    if event.status == PENDING and change.key is None and not change.is_retracted:
        return put_off(call.owing(event.side), event, now_us), []
    return _change_refused(call, change, across(event.status))


def _taken(call: InlineCall, change: Change, event: Reanswered, stock: PromptStock) -> Step:
    """A yes, to what is still wanted or is not."""
    if change.is_retracted:
        return undone(call, change, event)
    if change.offer is None:
        return _offered_back(call, change, event)
    if event.description is None:
        return _change_refused(call, change, not_acceptable())
    return _agreed(call, change, event, stock)


def _change_refused(call: InlineCall, change: Change, told: TranslatedRefusal) -> Step:
    """Everything stays as it was; a dialog that is gone takes the call with it."""
    call = msgspec.structs.replace(call, change=None)
    replies: list[Command] = (
        [] if change.key is None else [Reply(change.key, told.status, headers=told.headers)]
    )
    if told.status not in DIALOG_IS_GONE:
        return call, replies
    call, goodbyes = hung_up(call, HungUp(change.asker, still_there=True))
    return call, [*replies, *goodbyes]


def _agreed(call: InlineCall, change: Change, event: Reanswered, stock: PromptStock) -> Step:
    """Both sides' descriptions become those of the change."""
    asker, to, answer = call.end(change.asker), call.end(event.side), event.description
    assert change.offer is not None
    assert answer is not None
    try:
        ours = answer_across(answer, change.offer, asker.seat, asker.ours)
        asked = offer_across(change.offer, to.seat, to.ours, codecs=frozenset(call.plan.codecs))
    except NothingInCommon:
        return _change_refused(call, change, not_acceptable())
    to = msgspec.structs.replace(to, ours=asked, theirs=answer, is_answering=False)
    if change.key is not None:
        asker = msgspec.structs.replace(asker, ours=ours, theirs=change.offer, is_answering=True)
    call = msgspec.structs.replace(call.with_end(asker).with_end(to), change=None)
    replies: list[Command] = (
        [] if change.key is None else [Reply(change.key, _OK, ours, event.headers)]
    )
    call, more = listens_again(call, stock)
    return call, [*replies, *more]


def _offered_back(call: InlineCall, change: Change, event: Reanswered) -> Step:
    """The other side's 2xx is the offer that was asked for; the asker's ACK will answer it."""
    asker, to, key = call.end(change.asker), call.end(event.side), change.key
    if event.description is None or key is None:
        return _offered_in_vain(call, change, event)
    try:
        codecs = frozenset(call.plan.codecs)
        ours = offer_across(event.description, asker.seat, asker.ours, codecs=codecs)
    except NothingInCommon:
        return _offered_in_vain(call, change, event)
    asker = msgspec.structs.replace(asker, ours=ours)
    to = msgspec.structs.replace(to, theirs=event.description)
    change = msgspec.structs.replace(change, awaits_answer=True)
    call = msgspec.structs.replace(call.with_end(asker).with_end(to), change=change)
    return call, [Reply(key, _OK, ours, event.headers)]


def _offered_in_vain(call: InlineCall, change: Change, event: Reanswered) -> Step:
    """Who asked gets nothing of it; who offered gets his ACK all the same."""
    call, replies = _change_refused(call, change, not_acceptable())
    call, commands = stood_by(call, event.side, event.description)
    return call, [*replies, *commands]


def acknowledged_inside(call: InlineCall, event: Acknowledged) -> Step:
    """The ACK of a re-INVITE of theirs; it carries the answer where the offer was ours."""
    change = call.change
    if change is None or not change.awaits_answer or change.asker is not event.side:
        return call, []
    call = msgspec.structs.replace(call, change=None)
    asker, to = call.end(event.side), call.end(other(event.side))
    if event.description is None or to.theirs is None:
        return stood_by(call, to.side, to.theirs)
    try:
        answer = answer_across(event.description, to.theirs, to.seat, to.ours)
    except NothingInCommon:
        return stood_by(call, to.side, to.theirs)
    asker = msgspec.structs.replace(asker, theirs=event.description, is_answering=False)
    to = msgspec.structs.replace(to, ours=answer, is_answering=True)
    return call.with_end(asker).with_end(to), [Acknowledge(to.side, answer)]
