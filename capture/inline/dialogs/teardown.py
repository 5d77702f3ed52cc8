"""CANCEL and BYE: how an attempt, a fork or a dialog of an inline call ends.

Knows nothing of why.
"""

import contextlib

import msgspec

from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call_commands import GiveUp
from capture.inline.state.exchange import Exchange
from capture.recording.outputs import Now, Output
from capture.sip.build import Header
from capture.sip.call import OutgoingRequest
from capture.sip.events import NoSuchDialog, Output as SipOutput, RequestPending
from capture.sip.identity import DialogId


def given_up(
    exchange: Exchange, bridged: BridgedCall, command: GiveUp, now: Now
) -> tuple[BridgedCall, list[Output]]:
    """A CANCEL, with why (RFC 3326); what its answer says is no word of a successor's."""
    if bridged.attempt is None:
        return bridged, []
    outputs = exchange.node.sip.cancel(bridged.attempt.attempt, now.s, reasons(command.reason))
    bridged = left_alone(bridged) if command.moves_on else bridged
    return bridged, sent(exchange, outputs, now)


def left_alone(bridged: BridgedCall) -> BridgedCall:
    """Without an attempt that counts; the last one may still be answered."""
    if bridged.attempt is None:
        return bridged
    name = (bridged.attempt.call_id, bridged.attempt.local_tag)
    dialogs = bridged.dialogs.given_up(name, bridged.hosts)
    return msgspec.structs.replace(bridged, attempt=None, dialogs=dialogs)


def taken_back(exchange: Exchange, dialog: DialogId | None, now: Now) -> list[Output]:
    """A CANCEL of our re-INVITE in a dialog; nothing where that is answered, or was an UPDATE."""
    if dialog is None:
        return []
    return sent(exchange, exchange.node.sip.cancel(dialog, now.s), now)


def reasons(reason: bytes) -> tuple[Header, ...]:
    """Reason of a request (RFC 3326), where there is one."""
    return ((b"Reason", reason),) if reason else ()


def bye(
    exchange: Exchange, dialog: DialogId | None, headers: tuple[Header, ...], now: Now
) -> list[Output]:
    """BYE in a dialog that is still there; an ACK that waits for its answer goes before it."""
    sip, outputs = exchange.node.sip, []
    if dialog is None:
        return []
    with contextlib.suppress(NoSuchDialog):
        outputs += sip.acknowledge(dialog, (), b"", now.s)
    try:
        outputs += sip.send_request(dialog, OutgoingRequest(method=b"BYE", headers=headers), now.s)
    except (NoSuchDialog, RequestPending):
        sip.forget_dialog(dialog)
    return sent(exchange, outputs, now)


def sent(exchange: Exchange, outputs: list[SipOutput], now: Now) -> list[Output]:
    """What the SIP layer wants, as the shell carries it out."""
    return exchange.node.sent(outputs, now)
