"""The whole SIP side as one pure machine: messages in, messages and events out, all calls.

Holds the calls as values and a heap of their deadlines. Knows no socket, clock or randomness, and
nothing of what is recorded.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, Literal

from capture.errors import PeerBrokeProtocol
from capture.sip.acknowledgement import acknowledge
from capture.sip.agent import OWN_OPTIONS, Agent, Doorkeeper
from capture.sip.build import Answer, Header
from capture.sip.call import CallSignalling, OutgoingRequest, decode_call, encode_call
from capture.sip.client_side import fail_requests, receive_response, release_waiting, send_request
from capture.sip.client_transaction import ClientState
from capture.sip.credentials import Account
from capture.sip.dialog import Dialog
from capture.sip.events import AnsweredAlready, NoSuchDialog, Output
from capture.sip.flow import Flow, stamp_via, transport_of
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.message import Request, Response
from capture.sip.out_of_dialog_request import attempt, cancel
from capture.sip.outgoing_call import OutgoingCall
from capture.sip.owner import Owner
from capture.sip.parser import check_request, check_response, split_message
from capture.sip.refer_subscription import notify
from capture.sip.refusal import answer_broken, check_measured, malformed
from capture.sip.repairs import repaired
from capture.sip.request_intake import receive_request
from capture.sip.server_side import Arrival, Step, respond
from capture.sip.timers import expire_timers
from capture.sip.transaction import TIMEOUT_S

# Outdated heap entries are swept out once they outnumber the calls this many times over.
STALE_ENTRIES_A_CALL: Final = 4
SMALLEST_SWEEP: Final = 1024


class SipCore:
    """Every call of this node.

    `node` is a token that stands in Contact and tags, `tokens` returns a fresh unguessable token,
    `options` are the option tags (lower case) that a peer may require of the layer above, `quiet`
    more of them, named only by that layer (`supporting`). Times are seconds of one monotonic clock,
    also across a restart.
    """

    def __init__(
        self,
        *,
        node: bytes,
        tokens: Callable[[], bytes],
        options: frozenset[bytes] = frozenset(),
        quiet: frozenset[bytes] = frozenset(),
    ) -> None:
        options |= OWN_OPTIONS
        self._agent = Agent(node=node, tokens=tokens, options=options, quiet=quiet)
        self._calls: dict[bytes, CallSignalling] = {}
        self._deadlines: dict[bytes, float] = {}
        self._heap: list[tuple[float, bytes]] = []
        self._changed: set[bytes] = set()
        self._hosts: Counter[str] = Counter()
        self._answered: Callable[[DialogId, Flow, float], None] = lambda _dialog, _flow, _at_s: None
        self._heard: Callable[[DialogId], None] = lambda _dialog: None

    def use_accounts(self, accounts: Callable[[str], Account | None]) -> None:
        """From now on challenges in dialogs are answered by these; names are those of dialogs."""
        self._agent = replace(self._agent, accounts=accounts)

    def use_leniency(self, lenient_source: Callable[[Flow], str]) -> None:
        """From now on whoever has a name here is read as he means, not by the letter alone."""
        self._agent = replace(self._agent, lenient_source=lenient_source)

    def use_door(self, door: Doorkeeper) -> None:
        """From now on this says who may say what in a dialog."""
        self._agent = replace(self._agent, door=door)

    def use_crowding(self, is_crowded: Callable[[Request, Flow, float], bool]) -> None:
        """From now on an INVITE of which this holds is refused with 503, and nothing kept."""
        self._agent = replace(self._agent, is_crowded=is_crowded)

    def tell_answers(
        self,
        answered: Callable[[DialogId, Flow, float], None],
        heard: Callable[[DialogId], None],
    ) -> None:
        """From now on say which calls wait for their ACK, and since when; and which no longer."""
        self._answered, self._heard = answered, heard

    def new_tag(self) -> bytes:
        """A tag of ours for an attempt; it names this node (RFC 3261 §19.3)."""
        return self._agent.new_tag()

    def supporting(self, *more: bytes) -> Header:
        """Supported, with option tags that are for one peer alone."""
        return self._agent.supporting(*more)

    def receive(self, data: bytes, flow: Flow, now_s: float) -> list[Output]:
        """Take one datagram, or one frame of a stream; never raises for what a peer sent."""
        try:
            message = split_message(data)
        except PeerBrokeProtocol as broken:
            return [malformed(flow, broken, 0)] if data.strip() else []
        if isinstance(message, Request):
            return self._receive_request(message, flow, now_s)
        return self._receive_response(message, flow, now_s)

    def _receive_request(self, request: Request, flow: Flow, now_s: float) -> list[Output]:
        if self._agent.lenient_source(flow):
            request = repaired(request)
        try:
            check_request(request)
            check_measured(request, flow)
        except PeerBrokeProtocol as broken:
            return answer_broken(request, flow, broken, self._agent)
        arrival = Arrival(request=stamp_via(request, flow), flow=flow, now_s=now_s)
        call = self._calls.get(request.call_id) or CallSignalling(call_id=request.call_id)
        after, outputs = receive_request(call, arrival, self._agent)
        if request.method == b"ACK":
            after, released = release_waiting(after, self._agent, now_s)
            outputs = [*outputs, *released]
        return self._keep(call, (after, outputs))

    def _receive_response(self, response: Response, flow: Flow, now_s: float) -> list[Output]:
        if self._agent.lenient_source(flow):
            response = repaired(response)
        try:
            check_response(response)
            call = self._calls.get(response.call_id)
            if call is None:
                return []
            return self._keep(call, receive_response(call, response, self._agent, now_s))
        except PeerBrokeProtocol as broken:
            return [malformed(flow, broken, 0)]

    def unreached(
        self, flow: Flow, now_s: float, live: frozenset[int] = frozenset()
    ) -> list[Output]:
        """There is no way where this flow leads: what waits for an answer from there has failed.

        Where it names a connection, that is gone: what was written to it is written to another one,
        once. What went by one of the connections that are `live` is waited for.
        """
        outputs: list[Output] = []
        for call in list(self._calls.values()):
            outputs += self._keep(call, fail_requests(call, (flow, live), self._agent, now_s))
        return outputs

    def respond(self, key: TransactionKey, answer: Answer, now_s: float) -> list[Output]:
        """Answer a request that an event brought.

        Contact goes into 101–299 by itself, Allow and Supported into 2xx. What may not go out
        before a PRACK does behind it; of several provisional responses the last. Raises
        `AnsweredAlready` once a final answer was sent, also by a CANCEL or BYE.
        """
        call = self._calls.get(key.call_id)
        if call is None:
            raise AnsweredAlready("the call is over")
        return self._keep(call, respond(call, key, answer, self._agent, now_s))

    def send_request(
        self, dialog: DialogId, request: OutgoingRequest, now_s: float
    ) -> list[Output]:
        """Send a request in a dialog, early or confirmed; it ends with the answer to a BYE.

        Raises `NoSuchDialog`, or `RequestPending` for an INVITE beside another and where too much
        is under way.
        """
        call = self._known(dialog)
        return self._keep(call, send_request(call, dialog, request, self._agent, now_s))

    def notify(
        self, dialog: DialogId, request: OutgoingRequest, until_s: float, now_s: float
    ) -> list[Output]:
        """Tell the peer of a dialog how its REFER goes; it may be told more until then.

        That outlives a BYE. `until_s` not later than `now_s`: this is the last. Raises
        `NoSuchDialog` once nobody is to be told, or `RequestPending` where too much is under way.
        """
        call = self._known(dialog)
        return self._keep(call, notify(call, dialog, request, until_s, self._agent, now_s))

    def call(self, outgoing: OutgoingCall, now_s: float) -> list[Output]:
        """Send an INVITE outside of any dialog; `outgoing.attempt` names it.

        Each To-tag of its responses is a dialog of its own. Raises `RequestPending` beside an
        INVITE of the same name.
        """
        assert outgoing.method == b"INVITE"
        return self._attempt(outgoing, now_s)

    def ask(self, outgoing: OutgoingCall, now_s: float) -> list[Output]:
        """Send any other request outside of dialogs (OPTIONS, REGISTER); none arises."""
        assert outgoing.method not in {b"INVITE", b"ACK", b"CANCEL"}
        return self._attempt(outgoing, now_s)

    def _attempt(self, outgoing: OutgoingCall, now_s: float) -> list[Output]:
        call = self._calls.get(outgoing.call_id) or CallSignalling(call_id=outgoing.call_id)
        return self._keep(call, attempt(call, outgoing, self._agent, now_s))

    def cancel(
        self, attempt: DialogId, now_s: float, headers: tuple[Header, ...] = ()
    ) -> list[Output]:
        """Give up an INVITE of ours: by CANCEL, as soon as a provisional response allows it.

        Its final response is told all the same, or `TransactionTimedOut`; nothing happens where
        that has come already.
        """
        call = self._calls.get(attempt.call_id)
        return [] if call is None else self._keep(call, cancel(call, attempt, now_s, headers))

    def acknowledge(
        self, dialog: DialogId, headers: tuple[Header, ...], body: bytes, now_s: float
    ) -> list[Output]:
        """Send the ACK of a 2xx to an INVITE of ours that had no body: with our answer.

        Raises `NoSuchDialog` where no 2xx waits for it.
        """
        call = self._known(dialog)
        ack = OutgoingRequest(method=b"ACK", headers=headers, body=body)
        return self._keep(call, acknowledge(call, dialog, ack, self._agent, now_s))

    def _known(self, dialog: DialogId) -> CallSignalling:
        call = self._calls.get(dialog.call_id)
        if call is None:
            raise NoSuchDialog("the call is over")
        return call

    def forget_dialog(self, dialog: DialogId) -> None:
        """Drop a dialog without a word, where the peer is known to be gone."""
        call = self._calls.get(dialog.call_id)
        if call is not None:
            gone = call.without_dialog(dialog).without_subscription(dialog)
            self._keep(call, (gone, []))

    def has_dialog(self, dialog: DialogId) -> bool:
        """Is the dialog there, early or confirmed?"""
        call = self._calls.get(dialog.call_id)
        return call is not None and call.dialog(dialog) is not None

    def is_answering(self, attempt: DialogId) -> bool:
        """Has a provisional response come to our INVITE, be it 100?"""
        call = self._calls.get(attempt.call_id)
        invite = None if call is None else call.pending_invite(attempt)
        return invite is not None and invite.state is ClientState.PROCEEDING

    def allows_update(self, dialog: DialogId) -> bool:
        """Does the peer of this dialog take UPDATE (RFC 3311 §4)?"""
        call = self._calls.get(dialog.call_id)
        known = None if call is None else call.dialog(dialog)
        return known is not None and known.allows_update

    def transport(self, dialog: DialogId) -> Literal["udp", "tcp", "tls"] | None:
        """By what this dialog goes; None for one that is not there."""
        call = self._calls.get(dialog.call_id)
        known = None if call is None else call.dialog(dialog)
        return None if known is None else transport_of(known.flow)

    def known(self, dialog: DialogId) -> Dialog | None:
        call = self._calls.get(dialog.call_id)
        return None if call is None else call.dialog(dialog)

    def owners(self) -> frozenset[Owner]:
        return frozenset(dialog.owner for call in self._calls.values() for dialog in call.dialogs)

    def has_peer(self, host: str) -> bool:
        """Is somebody there whom we have called, in a dialog that is up?"""
        return self._hosts[host] > 0

    def next_deadline_s(self) -> float | None:
        """When `expire_timers` is due next, or None while no timer runs."""
        while self._heap:
            deadline_s, call_id = self._heap[0]
            if self._deadlines.get(call_id) == deadline_s:
                return deadline_s
            heapq.heappop(self._heap)
        return None

    def expire_timers(self, now_s: float) -> list[Output]:
        """Run every timer that is due by `now_s`."""
        outputs: list[Output] = []
        due: list[CallSignalling] = []
        while (deadline_s := self.next_deadline_s()) is not None and deadline_s <= now_s:
            _, call_id = heapq.heappop(self._heap)
            del self._deadlines[call_id]
            due.append(self._calls[call_id])
        for call in due:
            outputs += self._keep(call, expire_timers(call, self._agent, now_s))
        return outputs

    def take_changed(self) -> dict[bytes, bytes | None]:
        """What changed since the last time: Call-ID → the call as bytes, None once it is over."""
        changed = {
            call_id: encode_call(call) if (call := self._calls.get(call_id)) else None
            for call_id in self._changed
        }
        self._changed.clear()
        return changed

    def restore(self, kept: Iterable[bytes]) -> None:
        """Take up the calls that another process kept with `take_changed`."""
        for value in kept:
            call = decode_call(value)
            self._calls[call.call_id] = call
            self._see(CallSignalling(call_id=call.call_id), call)
            self._schedule(call)

    def _keep(self, before: CallSignalling, step: Step) -> list[Output]:
        after, outputs = step
        if after != before:
            self._changed.add(after.call_id)
            self._see(before, after)
            if after.is_over:
                self._calls.pop(after.call_id, None)
                self._deadlines.pop(after.call_id, None)
                return outputs
            self._calls[after.call_id] = after
        self._schedule(after)
        return outputs

    def _see(self, before: CallSignalling, after: CallSignalling) -> None:
        """Who waits for an ACK, and where those are whom we have called."""
        self._see_answers(before, after)
        if after.dialogs is before.dialogs or (before.hosts == after.hosts):
            return
        self._hosts.update(after.hosts)
        for host in before.hosts:
            self._hosts[host] -= 1
            if not self._hosts[host]:
                del self._hosts[host]

    def _see_answers(self, before: CallSignalling, after: CallSignalling) -> None:
        waited, waiting = before.unheard, after.unheard
        for dialog in waited.keys() - waiting.keys():
            self._heard(dialog)
        for dialog in waiting.keys() - waited.keys():
            waits = waiting[dialog]
            self._answered(dialog, waits.flow, waits.gives_up_s - TIMEOUT_S)

    def _schedule(self, call: CallSignalling) -> None:
        deadline_s = call.next_deadline_s
        if deadline_s is None or call.call_id not in self._calls:
            self._deadlines.pop(call.call_id, None)
        elif self._deadlines.get(call.call_id) != deadline_s:
            self._deadlines[call.call_id] = deadline_s
            heapq.heappush(self._heap, (deadline_s, call.call_id))
            self._sweep()

    def _sweep(self) -> None:
        if len(self._heap) > max(SMALLEST_SWEEP, STALE_ENTRIES_A_CALL * len(self._deadlines)):
            self._heap = [(at_s, call_id) for call_id, at_s in self._deadlines.items()]
            heapq.heapify(self._heap)
