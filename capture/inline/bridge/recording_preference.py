"""What a party would like of its recording, and that it ends where the route gives it a say.

Steps over the call's value and its recording (RFC 7866 §7.1.3). Knows nothing of what parties are
told.
"""

from typing import Final, Literal

from archive.call.events import RecordingPreferred
from capture.inline.notices.notice import settled
from capture.inline.notices.objection import refused
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Step
from capture.inline.state.ends import End
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.recording_events import in_recording
from capture.links.relay_messages import Side
from capture.recording.session import RecordingSession
from capture.sdp.record_attribute import Preference, preference_in

_SAID: Final[dict[Preference, Literal["on", "off", "pause", "nopreference"]]] = {
    Preference.ON: "on",
    Preference.OFF: "off",
    Preference.PAUSE: "pause",
    Preference.NOPREFERENCE: "nopreference",
}
_NAMES: Final[dict[Side, Literal["caller", "callee"]]] = {
    Side.CALLER: "caller",
    Side.CALLEE: "callee",
}


def preference(end: End) -> Preference:
    """What the party at this end has said last."""
    return preference_in(end.theirs, end.media)


def changed(before: InlineCall, call: InlineCall) -> tuple[Side, ...]:
    """The sides that would like it otherwise than before."""
    return tuple(
        side
        for side in Side
        if preference(call.end(side)) not in {Preference.NONE, preference(before.end(side))}
    )


def obeyed(call: InlineCall, stock: PromptStock) -> Step:
    """Nothing more is kept of who would rather not; nobody need hear a notice of it out."""
    if not call.is_recorded or not is_unwanted(call):
        return call, []
    return settled(refused(call), stock)


def is_unwanted(call: InlineCall) -> bool:
    """Would one of the parties rather not, where the route gives it a say?"""
    ends = (call.caller, call.callee)
    return call.plan.control.honours and Preference.OFF in {preference(end) for end in ends}


def noted(
    session: RecordingSession, call: InlineCall, sides: tuple[Side, ...], now_us: int
) -> RecordingSession:
    """It is an event of the recording, whatever comes of it. Raises `SessionFull`."""
    for side in sides:
        said = RecordingPreferred(
            at_us=now_us,
            by=_NAMES[side],
            preference=_SAID[preference(call.end(side))],
            honoured=call.plan.control.honours,
        )
        session = in_recording(session, said)
    return session


def spoken(call: InlineCall) -> tuple[Side, ...]:
    """The sides that have said what they would like."""
    return tuple(side for side in Side if preference(call.end(side)) is not Preference.NONE)
