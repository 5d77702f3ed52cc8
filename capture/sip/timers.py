"""Every timer of a call: what is sent once more, given up, refreshed or forgotten when it is due.

Pure steps from one `CallSignalling` to the next. Knows nothing of other calls.
"""

from typing import Final

import msgspec

from capture.sip.agent import Agent
from capture.sip.build import Answer
from capture.sip.call import AwaitedAck, CallSignalling
from capture.sip.client_side import release_waiting, tell
from capture.sip.events import (
    AckMissing,
    Output,
    PrackMissing,
    RefreshDue,
    RefreshMissed,
    SendMessage,
)
from capture.sip.provisional import AwaitedPrack
from capture.sip.refer_subscription import expire_subscriptions
from capture.sip.server_side import Step, finish_invite
from capture.sip.server_transaction import InviteServer
from capture.sip.transaction import is_due


def expire_timers(call: CallSignalling, agent: Agent, now_s: float) -> Step:
    """Run every timer of the call that is due."""
    outputs: list[Output] = []
    for expire in _EXPIRING:
        call, more = expire(call, agent, now_s)
        outputs += more
    return call, outputs


def _expire_servers(call: CallSignalling, _agent: Agent, now_s: float) -> Step:
    outputs: list[Output] = []
    for server in call.servers:
        if is_due(server.next_deadline_s, now_s):
            later, transmits = server.expire_timers(now_s)
            call = call.with_server(later)
            outputs += [SendMessage(flow=later.flow, data=out.data) for out in transmits]
    return call, outputs


def _expire_clients(call: CallSignalling, agent: Agent, now_s: float) -> Step:
    outputs: list[Output] = []
    for client in call.clients:
        if is_due(client.next_deadline_s, now_s):
            after, told = client.expire_timers(now_s)
            call, more = tell(call, after, told, agent, now_s)
            outputs += more
    return call, outputs


def _expire_acks(call: CallSignalling, _agent: Agent, now_s: float) -> Step:
    outputs: list[Output] = []
    for waits in call.awaited_acks:
        if is_due(waits.next_deadline_s, now_s):
            call, more = _expire_ack(call, waits, now_s)
            outputs += more
    return call, outputs


def _expire_ack(call: CallSignalling, waits: AwaitedAck, now_s: float) -> Step:
    if is_due(waits.gives_up_s, now_s):
        return call.without_awaited_ack(waits), [
            AckMissing(dialog=waits.dialog, is_first=waits.is_first)
        ]
    again = msgspec.structs.replace(waits, backoff=waits.backoff.after(now_s))
    repeated = SendMessage(flow=waits.flow, data=waits.response)
    return call.with_awaited_ack(again), [repeated]


def _expire_pracks(call: CallSignalling, _agent: Agent, now_s: float) -> Step:
    outputs: list[Output] = []
    for waits in call.awaited_pracks:
        if is_due(waits.next_deadline_s, now_s):
            call, more = _expire_prack(call, waits, now_s)
            outputs += more
    return call, outputs


def _expire_prack(call: CallSignalling, waits: AwaitedPrack, now_s: float) -> Step:
    """Send a 1xx once more; after 32 s its INVITE is refused (RFC 3262 §3)."""
    if not is_due(waits.gives_up_s, now_s):
        repeated = SendMessage(flow=waits.flow, data=waits.response)
        return call.with_awaited_prack(waits, waits.repeated(now_s)), [repeated]
    call = call.with_awaited_prack(waits, None)
    invite = call.server(waits.invite)
    if waits.backoff is None or not isinstance(invite, InviteServer):
        return call, []
    call, refused = finish_invite(call, invite, Answer(status=504), now_s)
    return call, [*refused, PrackMissing(key=waits.invite, dialog=waits.dialog)]


def _expire_refreshes(call: CallSignalling, _agent: Agent, now_s: float) -> Step:
    outputs: list[Output] = []
    for dialog in call.dialogs:
        if dialog.timer is not None and is_due(dialog.timer.next_deadline_s, now_s):
            kind = RefreshMissed if dialog.timer.refresh_at_s is None else RefreshDue
            tried = msgspec.structs.replace(dialog, timer=dialog.timer.tried(now_s))
            call = call.with_dialog(tried)
            outputs.append(kind(dialog=dialog.id, by_update=dialog.allows_update))
    return call, outputs


_EXPIRING: Final = (
    _expire_servers,
    _expire_clients,
    _expire_acks,
    _expire_pracks,
    _expire_refreshes,
    expire_subscriptions,
    release_waiting,
)
