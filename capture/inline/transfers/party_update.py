"""What a call's line says of its parties, as its ends change hands: names, who is there, who left.

Steps over one line, from the call before to the call after. Knows nothing of SIP messages.
"""

from typing import Final

import msgspec

from capture.inline.state.bridged_calls import NO_ONE, Line, Name
from capture.inline.state.call import InlineCall
from capture.inline.state.call_events import Event, Lent, Replaced, Returned
from capture.links.relay_messages import Side
from capture.sip.identity import DialogId

# Whose dialogs and attempts are over is told apart for as long as their last words may come.
MAX_GONE: Final = 32


def moved(line: Line, before: InlineCall, event: Event) -> Line:
    """The line with the call as it is now."""
    if not isinstance(event, Lent | Returned):
        for side in Side:
            line = _without_former(line, before, side)
        line = _picked_up(line, before)
    if isinstance(event, Replaced):
        return _by_himself(line, before, event)
    if before.transfer is None or line.call.transfer is not None:
        return line
    return _settled(line, before, before.transfer.by)


def _without_former(line: Line, before: InlineCall, side: Side) -> Line:
    was, now = before.end(side).dialog, line.call.end(side).dialog
    return line if was is None or was == now else _gone(line, _name(was))


def _picked_up(line: Line, before: InlineCall) -> Line:
    """Whom we have called counts no more, once another one has answered in his place."""
    called, dialog = line.called, line.call.callee.dialog
    if called is None or dialog is None or before.callee.dialog is not None:
        return line
    return line if _name(dialog) == called else _gone(line, called)


def _by_himself(line: Line, before: InlineCall, event: Replaced) -> Line:
    """Who came with an INVITE of his own has a place, is to answer first, or was refused it."""
    transfer = line.call.transfer
    is_coming = transfer is not None and transfer.dialog == event.dialog
    has_come = line.call.end(event.side).dialog == event.dialog
    if not is_coming and not has_come:
        return msgspec.structs.replace(line, coming=NO_ONE)
    if before.transfer is not None and line.successor is not None:
        line = _gone(line, (line.successor.call_id, line.successor.local_tag))
    seats = (*line.seats, (_name(event.dialog), event.side))
    line = msgspec.structs.replace(line, seats=seats)
    return _seated(line, event.side) if has_come else line


def _settled(line: Line, before: InlineCall, by: Side) -> Line:
    """A transfer is over: its newcomer is there, or counts no more."""
    dialog = line.call.end(by).dialog
    if dialog is not None and dialog != before.end(by).dialog:
        return _seated(line, by)
    transfer, successor = before.transfer, line.successor
    assert transfer is not None
    if transfer.dialog is not None:
        line = _gone(line, _name(transfer.dialog))
    elif transfer.brings is None and successor is not None:
        line = _gone(line, (successor.call_id, successor.local_tag))
    return msgspec.structs.replace(line, coming=NO_ONE)


def _seated(line: Line, side: Side) -> Line:
    coming, sources, began = line.coming, list(line.sources), list(line.began_as)
    sources[side], began[side] = coming.source, coming.uri
    return msgspec.structs.replace(
        line.with_who(side, coming.who),
        coming=NO_ONE,
        sources=(sources[Side.CALLER], sources[Side.CALLEE]),
        began_as=(began[Side.CALLER], began[Side.CALLEE]),
        moved=tuple(dict.fromkeys((*line.moved, side))),
    )


def _gone(line: Line, name: Name) -> Line:
    gone = tuple(dict.fromkeys((*line.gone, name)))
    forgotten, gone = gone[:-MAX_GONE], gone[-MAX_GONE:]
    seats = tuple(each for each in line.seats if each[0] not in forgotten)
    return msgspec.structs.replace(line, gone=gone, seats=seats)


def _name(dialog: DialogId) -> Name:
    return (dialog.call_id, dialog.local_tag)
