"""What the callee is offered of the caller's words, and what once that was refused.

Steps over the call's value (docs/inline.md section A call). Knows nothing of where the callee is.
"""

from typing import Final

import msgspec

from capture.inline.descriptions.media_lines import unused_line
from capture.inline.descriptions.offers import offer_across, own_offer
from capture.inline.descriptions.speech import codecs_of, speech_line
from capture.inline.routing.route import TargetSrtp
from capture.inline.state.call import InlineCall
from capture.sdp.description import SessionDescription

# What a callee says that takes none of the codecs, or no SRTP (RFC 3261 §21.4.26, RFC 4568 §7).
MEDIA_REFUSED: Final = frozenset({415, 488, 606})


def offer_to_callee(call: InlineCall) -> SessionDescription | None:
    """The caller's offer across; once he is answered alone, what he was answered, while that goes.

    None: the callee is asked for an offer. Raises `NothingInCommon`.
    """
    seat, codecs = call.callee.seat, frozenset(call.plan.codecs)
    secure = secure_by(call.dialled.srtp, is_plain=call.dialled.is_plain)
    if call.is_offerless:
        return own_offer(seat, call.plan.codecs, secure=secure) if codecs else None
    theirs, answer = call.caller.theirs, _answer_alone(call)
    assert theirs is not None
    if answer is None:
        return offer_across(theirs, seat, None, codecs=codecs, secure=secure)
    if call.dialled.is_wide:
        return offer_across(_speech_alone(theirs), seat, None, codecs=codecs, secure=secure)
    return offer_across(answer, seat, None, secure=secure)


def _answer_alone(call: InlineCall) -> SessionDescription | None:
    """What the caller was answered before anybody was called; None where he was not."""
    return None if call.plan.notice.order == "dial-first" else call.caller.ours


def _speech_alone(offer: SessionDescription) -> SessionDescription:
    """The offer without what its author was refused when he was answered alone."""
    place = speech_line(offer)
    media = (each if n == place else unused_line(each) for n, each in enumerate(offer.media))
    return msgspec.structs.replace(offer, media=tuple(media))


def secure_by(srtp: TargetSrtp, *, is_plain: bool) -> bool | None:
    """Whether SRTP is offered; None: as the other side has it."""
    match srtp:
        case "as-offered":
            return None
        case "never":
            return False
        case "offer":
            return not is_plain
        case "require":
            return True


def conceded(call: InlineCall, status: int) -> InlineCall | None:
    """The call with another offer for the same place; None where this refusal is final.

    A caller who was answered with one codec alone has others: those come before a call in the
    clear, for SRTP is given up last.
    """
    if status not in MEDIA_REFUSED:
        return None
    if _is_narrow(call):
        return _widened(call)
    if call.dialled.srtp == "offer" and not call.dialled.is_plain:
        dialled = msgspec.structs.replace(call.dialled, is_plain=True)
        return msgspec.structs.replace(call, dialled=dialled)
    return None


def _widened(call: InlineCall) -> InlineCall:
    dialled = msgspec.structs.replace(call.dialled, is_wide=True)
    return msgspec.structs.replace(call, dialled=dialled)


def _is_narrow(call: InlineCall) -> bool:
    """Has the caller a codec that the callee was not offered?"""
    if call.dialled.is_wide or call.is_offerless or _answer_alone(call) is None:
        return False
    wide = offer_to_callee(_widened(call))
    return codecs_of(wide) != codecs_of(call.callee.ours)
