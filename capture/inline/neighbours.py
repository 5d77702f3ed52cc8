"""Targets between calls: registered with where they want it, asked whether they live.

Pure: the clock comes in, requests go out. Nothing is kept over a restart; a successor registers the
same contact and asks anew. Knows nothing of calls.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from capture.inline.exchange import Exchange
from capture.inline.registration import registration_at
from capture.inline.routing.route import Target
from capture.sip.credentials import Account
from capture.sip.events import Event as SipEvent
from capture.sip.events import RequestPending, ResponseReceived, TransactionTimedOut
from capture.sip.flow import Address, Flow
from capture.sip.identity import DialogId
from capture.sip.outgoing import OutgoingCall
from capture.sip.registering import Registration
from capture.sip.targets import hops, questions
from capture.siprec.outputs import Find, Now, Output

# A neighbour that has not answered for so long is passed over; an answer takes a few ms.
SILENT_S: Final = 1.5
# Where a name is looked up again although nothing failed.
FIND_AGAIN_S: Final = 300.0
# Names of what is looked for here, among the keys of calls (which have 16 bytes).
_PREFIX: Final = b"neighbour/"
# A server that is there and answers is alive, whatever it says, but for these (RFC 3261 §21.5).
_DEAD: Final = frozenset({408, 502, 503, 504})
_FIRST_FINAL: Final = 200


@dataclass(slots=True)
class Neighbour:
    """One target: the way to it, its registration, and how it answered last."""

    target: Target
    place: tuple[str, Address] | None = None
    found_s: float = 0.0
    looks: bool = False
    registration: Registration | None = None
    asked: OutgoingCall | None = None
    asked_s: float = 0.0
    ask_at_s: float = 0.0
    is_down: bool = False


class Neighbours:
    """Every target that is asked or registered with."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self._known: dict[str, Neighbour] = {}
        self._names: dict[tuple[bytes, bytes], str] = {}

    def has_host(self, host: str) -> bool:
        """Does a target that we ask or register with answer from there?"""
        return any(
            each.place is not None and each.place[1].host == host for each in self._known.values()
        )

    @property
    def down(self) -> frozenset[str]:
        """The targets that do not answer."""
        return frozenset(name for name, each in self._known.items() if each.is_down)

    def registered(self, now: Now) -> dict[str, bool]:
        """Which registrations are up."""
        return {
            name: each.registration.is_up(now.s)
            for name, each in self._known.items()
            if each.registration is not None
        }

    def tick(self, now: Now) -> list[Output]:
        """Ask and register where it is time."""
        self._follow()
        outputs: list[Output] = []
        for neighbour in self._known.values():
            outputs += self._looked_for(neighbour, now)
            if neighbour.place is not None:
                outputs += self._registered(neighbour, now)
                outputs += self._asked(neighbour, now)
        return outputs

    def _follow(self) -> None:
        """Targets come and go with the configuration."""
        wanted = {
            name: target
            for name, target in self.exchange.switch.targets.items()
            if target.check_s or target.register
        }
        for name in [name for name in self._known if name not in wanted]:
            self._forget(name)
        for name, target in wanted.items():
            known = self._known.get(name)
            if known is None:
                self._known[name] = Neighbour(target)
            elif known.target != target:
                self._forget(name)
                self._known[name] = Neighbour(target)

    def _forget(self, name: str) -> None:
        del self._known[name]
        self._names = {key: each for key, each in self._names.items() if each != name}

    # -- where it is ------------------------------------------------------------------------------

    def _looked_for(self, neighbour: Neighbour, now: Now) -> list[Output]:
        is_old = now.s - neighbour.found_s > FIND_AGAIN_S
        if neighbour.looks or (neighbour.place is not None and not is_old):
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

    def found(self, key: bytes, places: Iterable[tuple[str, Address]], now: Now) -> None:
        """A name was looked up, or could not be: then it is as silent."""
        neighbour = self._known.get(key.removeprefix(_PREFIX).decode("utf-8", "replace"))
        if neighbour is not None:
            neighbour.looks = False
            self._found(neighbour, places, now)

    def _found(self, neighbour: Neighbour, places: Iterable[tuple[str, Address]], now: Now) -> None:
        neighbour.found_s = now.s
        first = next(iter(places), None)
        if first is not None:
            neighbour.place = first
        elif neighbour.place is None:
            neighbour.is_down = True

    def _flow(self, neighbour: Neighbour) -> Flow:
        assert neighbour.place is not None
        return self.exchange.flow_to(neighbour.target, *neighbour.place)

    # -- is it there ------------------------------------------------------------------------------

    def _asked(self, neighbour: Neighbour, now: Now) -> list[Output]:
        """OPTIONS every so often; who is silent for long is passed over until he answers."""
        target = neighbour.target
        if not target.check_s:
            return []
        if neighbour.asked is not None and now.s - neighbour.asked_s > SILENT_S:
            neighbour.is_down = True
        if now.s < neighbour.ask_at_s:
            return []
        neighbour.ask_at_s = now.s + target.check_s
        uri = target.uri.encode()
        here = self._flow(neighbour).local
        asked = OutgoingCall(
            call_id=self.exchange.tokens(),
            local_tag=self.exchange.premises.sip.new_tag(),
            flow=self._flow(neighbour),
            uri=uri,
            from_address=b"<sip:rokuon@%s>" % here.host.encode(),
            to_address=b"<" + uri + b">",
            method=b"OPTIONS",
        )
        neighbour.asked, neighbour.asked_s = asked, now.s
        return self._send(neighbour, asked, now)

    # -- is it told where we are ------------------------------------------------------------------

    def _registered(self, neighbour: Neighbour, now: Now) -> list[Output]:
        target = neighbour.target
        if not target.register:
            return []
        if neighbour.registration is None:
            neighbour.registration = registration_at(self.exchange, target, self._flow(neighbour))
        return self._step(
            neighbour, neighbour.registration.expire(now.s, self._flow(neighbour)), now
        )

    def _step(
        self, neighbour: Neighbour, step: tuple[Registration, list[OutgoingCall]], now: Now
    ) -> list[Output]:
        neighbour.registration, requests = step
        return [output for each in requests for output in self._send(neighbour, each, now)]

    # -- what comes back --------------------------------------------------------------------------

    def has(self, event: SipEvent) -> bool:
        """Is an event about a request of ours to a target?"""
        dialog = getattr(event, "dialog", None)
        return isinstance(dialog, DialogId) and (dialog.call_id, dialog.local_tag) in self._names

    def handle(self, event: SipEvent, now: Now) -> list[Output]:
        """A target has answered, or has not."""
        dialog = getattr(event, "dialog", None)
        assert isinstance(dialog, DialogId)
        neighbour = self._known.get(self._names[dialog.call_id, dialog.local_tag])
        if neighbour is None:
            return []
        registration = neighbour.registration
        if registration is not None and _name(registration.attempt) == _name(dialog):
            return self._registrar_said(neighbour, registration, event, now)
        self._pinged(neighbour, event)
        if not isinstance(event, ResponseReceived) or event.response.status >= _FIRST_FINAL:
            self._names.pop(_name(dialog), None)
        return []

    def _registrar_said(
        self, neighbour: Neighbour, registration: Registration, event: SipEvent, now: Now
    ) -> list[Output]:
        match event:
            case ResponseReceived():
                target = neighbour.target
                account = Account(user=target.user, password=target.password)
                cnonce = self.exchange.tokens()
                step = registration.receive(event.response, account, cnonce, now.s)
                return self._step(neighbour, step, now)
            case TransactionTimedOut():
                return self._step(neighbour, registration.timed_out(now.s), now)
            case _:
                return []

    def _pinged(self, neighbour: Neighbour, event: SipEvent) -> None:
        asked = neighbour.asked
        is_last = asked is not None and _name(asked.attempt) == _name(event_dialog(event))
        if isinstance(event, ResponseReceived) and event.response.status >= _FIRST_FINAL:
            neighbour.is_down = event.response.status in _DEAD
        elif isinstance(event, TransactionTimedOut) and is_last:
            neighbour.is_down = True
        if is_last:
            neighbour.asked = None

    def _send(self, neighbour: Neighbour, asked: OutgoingCall, now: Now) -> list[Output]:
        self._names[_name(asked.attempt)] = neighbour.target.name
        premises = self.exchange.premises
        try:
            return premises.sent(premises.sip.ask(asked, now.s), now)
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
