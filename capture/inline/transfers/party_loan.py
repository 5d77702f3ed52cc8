"""A party of a call is asked to go on in another one: lent, given back, or lost to it.

Steps over the value of the call that lends. Knows nothing of the one that borrows.
"""

import msgspec

from capture.inline.bridge.call_end import hung_up
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Step
from capture.inline.state.call_events import Grouped, HungUp, Lent, Lost, Returned


def lent(call: InlineCall, event: Lent) -> Step:
    """Its dialog is not ours to speak in until it comes back."""
    end = msgspec.structs.replace(call.end(event.side), dialog=None)
    return call.with_end(end), []


def returned(call: InlineCall, event: Returned) -> Step:
    end = msgspec.structs.replace(call.end(event.side), dialog=event.dialog)
    return call.with_end(end), []


def grouped(call: InlineCall, event: Grouped) -> Step:
    """The two are of one conversation."""
    return msgspec.structs.replace(call, group=event.group), []


def lost(call: InlineCall, event: Lost) -> Step:
    """It goes on elsewhere: whoever is left here is let go."""
    return hung_up(call, HungUp(event.side))
