"""What a party asks within an inline call: INFO, MESSAGE, REFER, NOTIFY, and keys that it presses.

Says what each means for the call. Knows nothing of offers and answers.
"""

from capture.inline.driver import Driver
from capture.inline.forwarded_requests import (
    NOBODY_THERE,
    OK,
    answered,
    notified,
    passed_on,
    referral_passed,
)
from capture.inline.messages.info_digits import digit_in
from capture.inline.recordings.key_codes import keyed
from capture.inline.recordings.recording_control import keyed_in
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call_events import KeyPressed, Referred
from capture.inline.state.exchange import Exchange
from capture.inline.transfer_requests import asked
from capture.links.relay_messages import Keyed, Side
from capture.recording.outputs import Now, Output
from capture.sip.build import Answer
from capture.sip.events import (
    Event as SipEvent,
    OptionsReceived,
    PrackReceived,
    ReinviteReceived,
    RequestReceived,
    UpdateReceived,
)

# What waits for an answer of ours.
Asking = OptionsReceived | RequestReceived | ReinviteReceived | UpdateReceived | PrackReceived


class Requests:
    """Requests and keys of those who are in a call."""

    def __init__(self, exchange: Exchange, driver: Driver) -> None:
        self._exchange, self._driver = exchange, driver

    def asked(
        self, bridged: BridgedCall, side: Side, event: RequestReceived, now: Now
    ) -> list[Output]:
        """INFO and MESSAGE cross; a REFER does, or is carried out here; a NOTIFY is taken."""
        match event.request.method:
            case b"INFO" if digit := digit_in(event.request):
                return self._keyed_aside(bridged, side, digit, event, now)
            case b"INFO" | b"MESSAGE":
                passed = passed_on(self._exchange, bridged, side, event, now, alone=NOBODY_THERE)
                return self._did(*passed)
            case b"NOTIFY":
                return notified(self._exchange, bridged, event, now)
            case b"REFER" if bridged.call.plan.transfer == "pass":
                return self._did(*referral_passed(self._exchange, bridged, side, event, now))
            case b"REFER":
                return self._referred(bridged, side, event, now)
            case _:
                return self.answered(event, Answer(status=603), now)

    def keyed(self, bridged: BridgedCall, told: Keyed, now: Now) -> tuple[list[Output], bool]:
        """A key may pause recording, or begin it, and may say no to it; was it a code's last?"""
        bridged, code = keyed(self._exchange, bridged, told)
        if code is None:
            return self._driver.step(bridged, KeyPressed(told.side, told.digit), now), False
        outputs, event = keyed_in(self._exchange, bridged, told.side, code, now)
        return outputs if event is None else self._driver.step(bridged, event, now), True

    def answered(self, event: SipEvent, answer: Answer, now: Now) -> list[Output]:
        """Our answer, where the event waits for one."""
        if isinstance(event, Asking):
            return answered(self._exchange, event.key, answer, now)
        return []

    def _keyed_aside(
        self, bridged: BridgedCall, side: Side, digit: str, event: RequestReceived, now: Now
    ) -> list[Output]:
        """A key in an INFO is one as in the media; the last of a code is nobody else's business."""
        told = Keyed(call=bridged.key, side=side, digit=digit, at_us=now.us)
        outputs, is_ours = self.keyed(bridged, told, now)
        if is_ours:
            return [*answered(self._exchange, event.key, OK, now), *outputs]
        bridged = self._exchange.calls.get(bridged.key) or bridged
        passed = self._did(*passed_on(self._exchange, bridged, side, event, now, alone=OK))
        return [*passed, *outputs]

    def _referred(
        self, bridged: BridgedCall, side: Side, event: RequestReceived, now: Now
    ) -> list[Output]:
        told = asked(self._exchange, bridged, side, event, now)
        if isinstance(told, Referred):
            return self._driver.step(bridged, told, now)
        return self.answered(event, told, now)

    def _did(self, bridged: BridgedCall, outputs: list[Output]) -> list[Output]:
        self._exchange.calls.keep(bridged)
        return outputs
