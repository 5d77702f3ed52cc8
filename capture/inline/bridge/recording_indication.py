"""What a party that is recording-aware is told of recording, and when it is told anew.

Steps over the call's value (RFC 7866 §6.1.2, §7.1.2). Knows nothing of who began or paused it.
"""

from typing import Final

import msgspec

from capture.inline.bridge.glare import PENDING, put_off
from capture.inline.descriptions.speech import agreed_media, speech_line
from capture.inline.notices.notice import listens_again
from capture.inline.state.call import Change, InlineCall
from capture.inline.state.call_commands import Offer, Step
from capture.inline.state.call_events import Reanswered, RecordingSeen
from capture.inline.state.ends import End, other
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import CallerStage
from capture.links.relay_messages import Side
from capture.sdp.record_attribute import Indication, indicated, indication_in

UPDATE: Final = b"UPDATE"
# The option tag of who wants to be told (RFC 7866 §11.1.2).
OPTION: Final = b"record-aware"
_FIRST_REFUSAL: Final = 300


def is_aware_by(tags: tuple[bytes, ...]) -> bool:
    """Does a party with these option tags want to be told?"""
    return OPTION in {tag.lower() for tag in tags}


def indication(call: InlineCall, side: Side) -> Indication:
    """What this side should know: ours, or that of another recorder beyond the other side.

    How many there are is nobody's to know; the strongest word counts.
    """
    end = call.end(other(side))
    beyond = indication_in(end.theirs, end.media)
    return max(_ours(call), beyond, key=lambda each: each.strength)


def _ours(call: InlineCall) -> Indication:
    """On from the first word that is kept; without a notice that is the first word at all."""
    if not call.is_recorded:
        return Indication.OFF
    if call.recording.is_paused:
        return Indication.PAUSED
    at_once = not call.recording.is_started and (
        not call.plan.notice.prompts or call.plan.notice.is_recorded
    )
    return Indication.ON if at_once or call.recording.gate_us else Indication.OFF


def marked(call: InlineCall) -> InlineCall:
    """Whatever is described to a recording-aware party from now on says how it is."""
    for side in Side:
        end = call.end(side)
        word = indication(call, side) if end.is_aware else Indication.NONE
        if end.seat.record is not word:
            seat = msgspec.structs.replace(end.seat, record=word)
            call = call.with_end(msgspec.structs.replace(end, seat=seat))
    return call


def told(call: InlineCall, now_us: int) -> Step:
    """A party that knows it otherwise is told, by a description that changes nothing else."""
    end = untold(call, now_us)
    if end is None:
        return call, []
    place = speech_line(end.ours) if end.ours is not None else None
    assert end.ours is not None
    assert place is not None
    ours = indicated(end.ours, place, indication(call, end.side))
    change = Change(asker=other(end.side), key=None, offer=None, told=ours)
    return msgspec.structs.replace(call, change=change), [Offer(end.side, UPDATE, ours)]


def untold(call: InlineCall, now_us: int) -> End | None:
    """Who is to be told something now; nobody while anything else is being changed."""
    is_quiet = call.change is None and call.transfer is None and call.owed.side is None
    is_up = call.has_answered and call.caller_stage is CallerStage.TALKING
    if not (is_quiet and is_up) or now_us < call.owed.quiet_until_us:
        return None
    return next((each for each in (call.caller, call.callee) if _is_untold(call, each)), None)


def _is_untold(call: InlineCall, end: End) -> bool:
    said = agreed_media(end.ours)
    if not end.is_aware or end.dialog is None or end.theirs is None or said is None:
        return False
    word = indication(call, end.side)
    return word not in {indication_in(end.ours, said), end.declined}


def is_due(call: InlineCall, now_us: int, *, is_paused: bool) -> bool:
    """Has recording changed by itself, or is its time come for who could not be told?"""
    if not (call.caller.is_aware or call.callee.is_aware):
        return False
    seen = call.with_recording(msgspec.structs.replace(call.recording, is_paused=is_paused))
    return is_paused != call.recording.is_paused or untold(seen, now_us) is not None


def seen(call: InlineCall, event: RecordingSeen) -> InlineCall:
    return call.with_recording(msgspec.structs.replace(call.recording, is_paused=event.is_paused))


def is_about_recording(call: InlineCall, event: Reanswered) -> bool:
    """Is it the answer of a party that was told, and still has its dialog?"""
    change = call.change
    return change is not None and change.told is not None and event.side is not change.asker


def heard(call: InlineCall, event: Reanswered, stock: PromptStock, now_us: int) -> Step:
    """It knows, or will not hear of it: then it is told the next word only.

    Of a change of its own that crossed ours, it is told again.
    """
    change, end = call.change, call.end(event.side)
    assert change is not None
    if event.status == PENDING:
        return put_off(call, event, now_us), []
    call = msgspec.structs.replace(call, change=None)
    if event.status >= _FIRST_REFUSAL:
        declined = indication_in(change.told, agreed_media(change.told))
        return call.with_end(msgspec.structs.replace(end, declined=declined)), []
    end = msgspec.structs.replace(
        end,
        ours=change.told,
        theirs=event.description or end.theirs,
        is_answering=False,
        declined=Indication.NONE,
    )
    return listens_again(call.with_end(end), stock)
