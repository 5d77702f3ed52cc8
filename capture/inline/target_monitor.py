"""Targets between calls: registered with where they want it, asked whether they live.

Pure: the clock comes in, requests go out. Nothing is kept over a restart; a successor registers the
same contact and asks anew. Knows nothing of calls.
"""

from collections.abc import Iterable
from typing import Final

from capture.inline.registration import is_same_binding, left, registered, registrar_said
from capture.inline.state.exchange import Exchange
from capture.inline.target_state import Place, TargetState, untried
from capture.recording.outputs import Find, Now, Output
from capture.sip.events import (
    Event as SipEvent,
    RequestPending,
    ResponseReceived,
    TransactionTimedOut,
)
from capture.sip.identity import DialogId
from capture.sip.outgoing_call import OutgoingCall
from capture.sip.registration import Wish
from capture.sip.targets import hops, questions

# A target that has not answered for so long is passed over; an answer takes a few ms.
SILENT_S: Final = 1.5
# Where a name is looked up again although nothing failed.
FIND_AGAIN_S: Final = 300.0
# Names of what is looked for here, among the keys of calls (which have 16 bytes).
_PREFIX: Final = b"target/"
# A server that is there and answers is alive, whatever it says, but for these (RFC 3261 §21.5).
_DEAD: Final = frozenset({408, 502, 503, 504})
_FIRST_FINAL: Final = 200


class TargetMonitor:
    """Every target that is asked or registered with."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self._known: dict[str, TargetState] = {}
        self._names: dict[tuple[bytes, bytes], TargetState] = {}

    def has_host(self, host: str) -> bool:
        """Does a target that we ask, register with, or still take leave of answer from there?"""
        return any(each.has_host(host) for each in (*self._known.values(), *self._names.values()))

    @property
    def down(self) -> frozenset[str]:
        """The targets that do not answer, by any of their hops."""
        return frozenset(name for name, each in self._known.items() if each.is_down)

    @property
    def is_leaving(self) -> bool:
        """Does a registrar owe us its answer to our farewell?"""
        registrations = (each.registration for each in self._names.values())
        return any(each is not None and each.wish is Wish.LEAVE for each in registrations)

    def tick(self, now: Now) -> list[Output]:
        """Ask and register where it is time."""
        outputs = self._follow(now)
        for state in self._known.values():
            outputs += self._looked_for(state, now)
            if state.places:
                requests = registered(self.exchange, state, now)
                outputs += self._send_all(state, requests, now)
                outputs += self._asked(state, now)
        return outputs

    def leave(self, now: Now) -> list[Output]:
        """The node stops: nobody is to send it calls any more."""
        return [each for name in list(self._known) for each in self._forget(name, now)]

    def _follow(self, now: Now) -> list[Output]:
        """Targets come and go with the configuration; who goes is told so."""
        wanted = {
            name: target
            for name, target in self.exchange.switch.targets.items()
            if target.check_s or target.register
        }
        outputs: list[Output] = []
        for name in [name for name in self._known if name not in wanted]:
            outputs += self._forget(name, now)
        for name, target in wanted.items():
            known, fresh = self._known.get(name), TargetState(target)
            if known is not None and known.target == target:
                continue
            if known is not None:
                self._hand_on(known, fresh)
                outputs += self._forget(name, now)
            self._known[name] = fresh
        return outputs

    def _hand_on(self, known: TargetState, fresh: TargetState) -> None:
        """A binding that is still wanted is not taken away for the sake of another setting."""
        registration = known.registration
        if registration is None or not is_same_binding(known.target, fresh.target):
            return
        fresh.registration, known.registration = registration, None
        if _name(registration.attempt) in self._names:
            self._names[_name(registration.attempt)] = fresh

    def _forget(self, name: str, now: Now) -> list[Output]:
        """What is left of it is its farewell, until that is answered."""
        state = self._known.pop(name)
        requests, registration = left(state), state.registration
        self._names = {key: each for key, each in self._names.items() if each is not state}
        if state.is_bound and registration is not None:
            self._names[_name(registration.attempt)] = state
        return self._send_all(state, requests, now)

    # -- where it is ------------------------------------------------------------------------------

    def _looked_for(self, state: TargetState, now: Now) -> list[Output]:
        is_old = now.s - state.found_s > FIND_AGAIN_S
        if state.looks or (state.places and not is_old):
            return []
        uri = state.target.uri.encode()
        if not questions(uri, {}):
            self._found(state, [(h.transport, h.remote) for h in hops(uri, {}, _no_chance)], now)
            return []
        state.looks = True
        return [Find(_PREFIX + state.target.name.encode(), uri, uri)]

    def is_ours(self, key: bytes) -> bool:
        """Was a name looked for from here?"""
        return key.startswith(_PREFIX)

    def found(self, key: bytes, places: Iterable[Place], now: Now) -> None:
        """A name was looked up, or could not be: then it is as silent."""
        state = self._known.get(key.removeprefix(_PREFIX).decode("utf-8", "replace"))
        if state is not None:
            state.looks = False
            self._found(state, places, now)

    def _found(self, state: TargetState, places: Iterable[Place], now: Now) -> None:
        state.found_s = now.s
        state.places = tuple(places) or state.places
        state.is_down |= not state.places

    # -- is it there ------------------------------------------------------------------------------

    def _asked(self, state: TargetState, now: Now) -> list[Output]:
        """OPTIONS every so often; who is silent for long is passed over until he answers."""
        if not state.target.check_s:
            return []
        if state.check.request is not None:
            is_silent = now.s - state.check.sent_s > SILENT_S
            return self._ask_next(state, now) if is_silent else []
        if now.s < state.check.due_s:
            return []
        state.check.due_s = now.s + state.target.check_s
        state.check.tried = []
        return self._ask_next(state, now)

    def _ask_next(self, state: TargetState, now: Now) -> list[Output]:
        """By the next hop (RFC 3263 §4.3); it is down where none of them has answered."""
        state.check.request = None
        place = untried(state.places, state.check.tried)
        if place is None:
            state.is_down = True
            return []
        state.check.tried.append(place)
        state.check.request, state.check.sent_s = self._question(state, place), now.s
        return self._send(state, state.check.request, now)

    def _question(self, state: TargetState, place: Place) -> OutgoingCall:
        flow = self.exchange.flow_to(state.target, *place)
        uri = state.target.uri.encode()
        return OutgoingCall(
            call_id=self.exchange.tokens(),
            local_tag=self.exchange.node.sip.new_tag(),
            flow=flow,
            uri=uri,
            from_address=b"<sip:rokuon@%s>" % flow.local.host.encode(),
            to_address=b"<" + uri + b">",
            method=b"OPTIONS",
        )

    # -- what comes back --------------------------------------------------------------------------

    def has(self, event: SipEvent) -> bool:
        dialog = getattr(event, "dialog", None)
        return isinstance(dialog, DialogId) and (dialog.call_id, dialog.local_tag) in self._names

    def handle(self, event: SipEvent, now: Now) -> list[Output]:
        """A target has answered, or has not."""
        dialog = getattr(event, "dialog", None)
        assert isinstance(dialog, DialogId)
        state = self._names[_name(dialog)]
        registration = state.registration
        if registration is not None and _name(registration.attempt) == _name(dialog):
            requests = registrar_said(self.exchange, state, event, now)
            if not state.is_bound:
                self._names.pop(_name(dialog), None)
            return self._send_all(state, requests, now)
        if isinstance(event, ResponseReceived) and event.response.status < _FIRST_FINAL:
            return []
        self._names.pop(_name(dialog), None)
        return self._pinged(state, event, now)

    def _pinged(self, state: TargetState, event: SipEvent, now: Now) -> list[Output]:
        """A sign of life by any hop will do; of who is away only the last question counts."""
        if isinstance(event, ResponseReceived) and event.response.status not in _DEAD:
            state.is_down, state.check.request = False, None
            return []
        asked = state.check.request
        is_last = asked is not None and _name(asked.attempt) == _name(event_dialog(event))
        is_over = isinstance(event, ResponseReceived | TransactionTimedOut)
        return self._ask_next(state, now) if is_last and is_over else []

    def _send_all(
        self, state: TargetState, requests: Iterable[OutgoingCall], now: Now
    ) -> list[Output]:
        return [output for each in requests for output in self._send(state, each, now)]

    def _send(self, state: TargetState, asked: OutgoingCall, now: Now) -> list[Output]:
        self._names[_name(asked.attempt)] = state
        node = self.exchange.node
        try:
            return node.sent(node.sip.ask(asked, now.s), now)
        except RequestPending:
            return []


def event_dialog(event: SipEvent) -> DialogId:
    dialog = getattr(event, "dialog", None)
    assert isinstance(dialog, DialogId)
    return dialog


def _name(dialog: DialogId) -> tuple[bytes, bytes]:
    return dialog.call_id, dialog.local_tag


def _no_chance() -> float:
    """Of an address there is nothing to choose."""
    return 0.0
