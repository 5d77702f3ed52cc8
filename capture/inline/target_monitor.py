"""Targets between calls: registered with where they want it, asked whether they live.

Pure: the clock comes in, requests go out. Nothing is kept over a restart; a successor registers the
same contact and asks anew. Knows nothing of calls.
"""

from collections.abc import Iterable
from typing import Final

from capture.inline.registration import is_same_binding, left, registered, registrar_said
from capture.inline.state.exchange import Exchange
from capture.inline.target_state import Neighbour, Place, untried
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

# A neighbour that has not answered for so long is passed over; an answer takes a few ms.
SILENT_S: Final = 1.5
# Where a name is looked up again although nothing failed.
FIND_AGAIN_S: Final = 300.0
# Names of what is looked for here, among the keys of calls (which have 16 bytes).
_PREFIX: Final = b"neighbour/"
# A server that is there and answers is alive, whatever it says, but for these (RFC 3261 §21.5).
_DEAD: Final = frozenset({408, 502, 503, 504})
_FIRST_FINAL: Final = 200


class Neighbours:
    """Every target that is asked or registered with."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self._known: dict[str, Neighbour] = {}
        self._names: dict[tuple[bytes, bytes], Neighbour] = {}

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

    def registered(self, now: Now) -> dict[str, bool]:
        """Which registrations are up."""
        return {
            name: each.registration.is_up(now.s)
            for name, each in self._known.items()
            if each.registration is not None
        }

    def tick(self, now: Now) -> list[Output]:
        """Ask and register where it is time."""
        outputs = self._follow(now)
        for neighbour in self._known.values():
            outputs += self._looked_for(neighbour, now)
            if neighbour.places:
                requests = registered(self.exchange, neighbour, now)
                outputs += self._send_all(neighbour, requests, now)
                outputs += self._asked(neighbour, now)
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
            known, fresh = self._known.get(name), Neighbour(target)
            if known is not None and known.target == target:
                continue
            if known is not None:
                self._hand_on(known, fresh)
                outputs += self._forget(name, now)
            self._known[name] = fresh
        return outputs

    def _hand_on(self, known: Neighbour, fresh: Neighbour) -> None:
        """A binding that is still wanted is not taken away for the sake of another setting."""
        registration = known.registration
        if registration is None or not is_same_binding(known.target, fresh.target):
            return
        fresh.registration, known.registration = registration, None
        if _name(registration.attempt) in self._names:
            self._names[_name(registration.attempt)] = fresh

    def _forget(self, name: str, now: Now) -> list[Output]:
        """What is left of it is its farewell, until that is answered."""
        neighbour = self._known.pop(name)
        requests, registration = left(neighbour), neighbour.registration
        self._names = {key: each for key, each in self._names.items() if each is not neighbour}
        if neighbour.is_bound and registration is not None:
            self._names[_name(registration.attempt)] = neighbour
        return self._send_all(neighbour, requests, now)

    # -- where it is ------------------------------------------------------------------------------

    def _looked_for(self, neighbour: Neighbour, now: Now) -> list[Output]:
        is_old = now.s - neighbour.found_s > FIND_AGAIN_S
        if neighbour.looks or (neighbour.places and not is_old):
            return []
        uri = neighbour.target.uri.encode()
        if not questions(uri, {}):
            self._found(
                neighbour, [(h.transport, h.remote) for h in hops(uri, {}, _no_chance)], now
            )
            return []
        neighbour.looks = True
        return [Find(_PREFIX + neighbour.target.name.encode(), uri, uri)]

    def is_ours(self, key: bytes) -> bool:
        """Was a name looked for from here?"""
        return key.startswith(_PREFIX)

    def found(self, key: bytes, places: Iterable[Place], now: Now) -> None:
        """A name was looked up, or could not be: then it is as silent."""
        neighbour = self._known.get(key.removeprefix(_PREFIX).decode("utf-8", "replace"))
        if neighbour is not None:
            neighbour.looks = False
            self._found(neighbour, places, now)

    def _found(self, neighbour: Neighbour, places: Iterable[Place], now: Now) -> None:
        neighbour.found_s = now.s
        neighbour.places = tuple(places) or neighbour.places
        neighbour.is_down |= not neighbour.places

    # -- is it there ------------------------------------------------------------------------------

    def _asked(self, neighbour: Neighbour, now: Now) -> list[Output]:
        """OPTIONS every so often; who is silent for long is passed over until he answers."""
        if not neighbour.target.check_s:
            return []
        if neighbour.asked is not None:
            is_silent = now.s - neighbour.asked_s > SILENT_S
            return self._ask_next(neighbour, now) if is_silent else []
        if now.s < neighbour.ask_at_s:
            return []
        neighbour.ask_at_s = now.s + neighbour.target.check_s
        neighbour.tried = []
        return self._ask_next(neighbour, now)

    def _ask_next(self, neighbour: Neighbour, now: Now) -> list[Output]:
        """By the next hop (RFC 3263 §4.3); it is down where none of them has answered."""
        neighbour.asked = None
        place = untried(neighbour.places, neighbour.tried)
        if place is None:
            neighbour.is_down = True
            return []
        neighbour.tried.append(place)
        neighbour.asked, neighbour.asked_s = self._question(neighbour, place), now.s
        return self._send(neighbour, neighbour.asked, now)

    def _question(self, neighbour: Neighbour, place: Place) -> OutgoingCall:
        flow = self.exchange.flow_to(neighbour.target, *place)
        uri = neighbour.target.uri.encode()
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
        """Is an event about a request of ours to a target?"""
        dialog = getattr(event, "dialog", None)
        return isinstance(dialog, DialogId) and (dialog.call_id, dialog.local_tag) in self._names

    def handle(self, event: SipEvent, now: Now) -> list[Output]:
        """A target has answered, or has not."""
        dialog = getattr(event, "dialog", None)
        assert isinstance(dialog, DialogId)
        neighbour = self._names[_name(dialog)]
        registration = neighbour.registration
        if registration is not None and _name(registration.attempt) == _name(dialog):
            requests = registrar_said(self.exchange, neighbour, event, now)
            if not neighbour.is_bound:
                self._names.pop(_name(dialog), None)
            return self._send_all(neighbour, requests, now)
        if isinstance(event, ResponseReceived) and event.response.status < _FIRST_FINAL:
            return []
        self._names.pop(_name(dialog), None)
        return self._pinged(neighbour, event, now)

    def _pinged(self, neighbour: Neighbour, event: SipEvent, now: Now) -> list[Output]:
        """A sign of life by any hop will do; of who is away only the last question counts."""
        if isinstance(event, ResponseReceived) and event.response.status not in _DEAD:
            neighbour.is_down, neighbour.asked = False, None
            return []
        asked = neighbour.asked
        is_last = asked is not None and _name(asked.attempt) == _name(event_dialog(event))
        is_over = isinstance(event, ResponseReceived | TransactionTimedOut)
        return self._ask_next(neighbour, now) if is_last and is_over else []

    def _send_all(
        self, neighbour: Neighbour, requests: Iterable[OutgoingCall], now: Now
    ) -> list[Output]:
        return [output for each in requests for output in self._send(neighbour, each, now)]

    def _send(self, neighbour: Neighbour, asked: OutgoingCall, now: Now) -> list[Output]:
        self._names[_name(asked.attempt)] = neighbour
        node = self.exchange.node
        try:
            return node.sent(node.sip.ask(asked, now.s), now)
        except RequestPending:
            return []


def event_dialog(event: SipEvent) -> DialogId:
    """The attempt that an event is about."""
    dialog = getattr(event, "dialog", None)
    assert isinstance(dialog, DialogId)
    return dialog


def _name(dialog: DialogId) -> tuple[bytes, bytes]:
    return dialog.call_id, dialog.local_tag


def _no_chance() -> float:
    """Of an address there is nothing to choose."""
    return 0.0
