"""What a bridged call says of its parties, as its ends change hands: names, who is there, who left.

Steps over one line, from the call before to the call after. Knows nothing of SIP messages.
"""

import msgspec

from capture.inline.state.bridged_calls import NO_ONE, BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_dialogs import Name, name_of
from capture.inline.state.call_events import Event, Lent, Replaced, Returned
from capture.links.relay_messages import Side


def moved(bridged: BridgedCall, before: InlineCall, event: Event) -> BridgedCall:
    if not isinstance(event, Lent | Returned):
        for side in Side:
            bridged = _without_former(bridged, before, side)
        bridged = _picked_up(bridged, before)
    if isinstance(event, Replaced):
        return _by_himself(bridged, before, event)
    if before.transfer is None or bridged.call.transfer is not None:
        return bridged
    return _settled(bridged, before, before.transfer.by)


def _without_former(bridged: BridgedCall, before: InlineCall, side: Side) -> BridgedCall:
    was, now = before.end(side).dialog, bridged.call.end(side).dialog
    return bridged if was is None or was == now else _gone(bridged, name_of(was))


def _picked_up(bridged: BridgedCall, before: InlineCall) -> BridgedCall:
    """Whom we have called counts no more, once another one has answered in his place."""
    called, dialog = bridged.called, bridged.call.callee.dialog
    if called is None or dialog is None or before.callee.dialog is not None:
        return bridged
    return bridged if name_of(dialog) == called else _gone(bridged, called)


def _by_himself(bridged: BridgedCall, before: InlineCall, event: Replaced) -> BridgedCall:
    """Who came with an INVITE of his own has a place, is to answer first, or was refused it."""
    transfer = bridged.call.transfer
    is_arriving = transfer is not None and transfer.dialog == event.dialog
    has_come = bridged.call.end(event.side).dialog == event.dialog
    if not is_arriving and not has_come:
        return msgspec.structs.replace(bridged, arriving=NO_ONE)
    if before.transfer is not None and bridged.successor is not None:
        bridged = _gone(bridged, (bridged.successor.call_id, bridged.successor.local_tag))
    dialogs = bridged.dialogs.seated(name_of(event.dialog), event.side)
    bridged = bridged.with_dialogs(dialogs)
    return _seated(bridged, event.side) if has_come else bridged


def _settled(bridged: BridgedCall, before: InlineCall, by: Side) -> BridgedCall:
    """A transfer is over: its transfer target is there, or counts no more."""
    dialog = bridged.call.end(by).dialog
    if dialog is not None and dialog != before.end(by).dialog:
        return _seated(bridged, by)
    transfer, successor = before.transfer, bridged.successor
    assert transfer is not None
    if transfer.dialog is not None:
        bridged = _gone(bridged, name_of(transfer.dialog))
    elif transfer.borrowed is None and successor is not None:
        bridged = _gone(bridged, (successor.call_id, successor.local_tag))
    return msgspec.structs.replace(bridged, arriving=NO_ONE)


def _seated(bridged: BridgedCall, side: Side) -> BridgedCall:
    arriving = bridged.arriving
    sides = bridged.sides.changed(side, arriving.source, arriving.uri)
    bridged = bridged.with_who(side, arriving.who)
    return msgspec.structs.replace(bridged, arriving=NO_ONE, sides=sides)


def _gone(bridged: BridgedCall, name: Name) -> BridgedCall:
    return bridged.with_dialogs(bridged.dialogs.over(name))
