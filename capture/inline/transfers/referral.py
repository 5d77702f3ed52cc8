"""How a transfer stands: who asked is told of it, and leaves or stays; nobody comes after all.

Steps over the call's value (RFC 3515 §2.4.4). Knows nothing of how the transfer target is called.
"""

from typing import Final

import msgspec

from capture.inline.bridge.call_end import hung_up
from capture.inline.notices.notice import ringback
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import (
    Command,
    GiveBack,
    GiveUpTransferTarget,
    KeepBorrowed,
    LetGo,
    Notify,
    Step,
)
from capture.inline.state.call_events import HungUp, Refused
from capture.inline.state.ends import other
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import CallerStage, TransferStage
from capture.inline.state.transfer import Transfer
from capture.inline.transfers.party_change import held_back

DIALLED: Final = frozenset({TransferStage.DIALLING, TransferStage.RINGING})


_TERMINATED: Final = 487


def transfer_of(call: InlineCall) -> Transfer:
    """The transfer that is under way."""
    assert call.transfer is not None
    return call.transfer


def changed(call: InlineCall, **changes: object) -> InlineCall:
    return msgspec.structs.replace(
        call, transfer=msgspec.structs.replace(transfer_of(call), **changes)
    )


def told(call: InlineCall, status: int, reason: bytes = b"", *, is_over: bool = False) -> Step:
    """How it goes, to who asked, even once he has hung up (RFC 5057 §4.1); each status once."""
    transfer = transfer_of(call)
    asked = transfer.transferor
    if asked.dialog is None or not asked.notifies or asked.told == status:
        return call, []
    notify = Notify(asked.dialog, asked.event, status, reason, is_over)
    return changed(call, transferor=msgspec.structs.replace(asked, told=status)), [notify]


def rung(call: InlineCall, stock: PromptStock) -> InlineCall:
    """Who stays hears that it rings, where nobody else is to be heard."""
    transfer = transfer_of(call)
    is_alone = transfer.is_vacant or not call.end(transfer.by).speaks
    if transfer.stage is not TransferStage.RINGING or not is_alone:
        return call
    return ringback(call, other(transfer.by), stock)


def failed(call: InlineCall, last: Refused) -> Step:
    """Nobody comes: who asked is told and talks on; with nobody left the call is over."""
    call, commands = told(call, last.status, last.reason, is_over=True)
    transfer = transfer_of(call)
    borrowed = transfer.borrowed
    if borrowed is not None:
        commands.append(GiveBack(borrowed.key, borrowed.end.side, borrowed.dialog))
    call = msgspec.structs.replace(call, transfer=None)
    if transfer.is_vacant:
        call, more = hung_up(call, HungUp(transfer.by, b"SIP;cause=%d" % last.status))
        return call, [*commands, *more]
    stays = call.end(other(transfer.by))
    quiet = call.with_end(msgspec.structs.replace(stays, plays=None))
    return (quiet if call.is_joined else call), commands


def is_vacating(call: InlineCall, event: HungUp) -> bool:
    """Does somebody hang up whose place another one is about to take?"""
    transfer = call.transfer
    if transfer is None or event.still_there or transfer.is_given_up:
        return False
    return event.side is transfer.by and not transfer.is_vacant


def vacated(call: InlineCall, stock: PromptStock) -> Step:
    """Who asked is gone; who stays waits for the transfer target."""
    by = transfer_of(call).by
    call, commands = held_back(call, by)
    end = msgspec.structs.replace(
        call.end(by), dialog=None, ours=None, theirs=None, forks=(), plays=None
    )
    call = msgspec.structs.replace(call.with_end(end), is_joined=False)
    return rung(changed(call, is_vacant=True), stock), commands


def abandoned(call: InlineCall) -> Step:
    """The call is over: the transfer target is given up as soon as he can be told."""
    transfer = call.transfer
    if transfer is None or transfer.is_given_up or call.caller_stage is not CallerStage.GONE:
        return call, []
    call, notes = told(call, _TERMINATED, is_over=True)
    if transfer.stage in DIALLED:
        return changed(call, is_given_up=True), [*notes, GiveUpTransferTarget()]
    over = msgspec.structs.replace(call, transfer=None)
    borrowed = transfer.borrowed
    if borrowed is None:
        return over, notes if transfer.dialog is None else [*notes, LetGo(transfer.dialog)]
    commands: list[Command] = [
        *notes,
        LetGo(borrowed.dialog),
        KeepBorrowed(borrowed.key, borrowed.end.side, call.group or call.key),
    ]
    return over, commands
