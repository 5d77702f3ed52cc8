"""Codes that the agent keys while an inline call is up: pause, resume, start.

Steps over the exchange. Knows nothing of how keys travel, nor of what a code does.
"""

from enum import StrEnum
from typing import Final

import msgspec

from capture.inline.recordings.call_parties import parties_at
from capture.inline.state.bridged_calls import BridgedCall, PressedKeys
from capture.inline.state.call_plan import Plan
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Keyed

# The longest code of a route.
MAX_KEYS: Final = 8
# Who waits longer between two keys has begun anew.
PATIENCE_US: Final = 5_000_000


class Code(StrEnum):
    """What somebody in the call wants of its recording."""

    PAUSE = "pause"
    RESUME = "resume"
    START = "start"


def keyed(exchange: Exchange, bridged: BridgedCall, told: Keyed) -> tuple[BridgedCall, Code | None]:
    """The agent has pressed a key, and with it perhaps a code; a customer's are his own affair."""
    codes = _codes(bridged.call.plan)
    session = exchange.node.sessions.get(bridged.key)
    if session is None or not codes:
        return bridged, None
    if parties_at(exchange, bridged, session)[told.side].side != "agent":
        return bridged, None
    pressed = bridged.pressed
    before = pressed.digits if told.at_us - pressed.at_us <= PATIENCE_US else ""
    keys = (before + told.digit)[-MAX_KEYS:]
    code = next((each for each, said in codes.items() if keys.endswith(said)), None)
    pressed = PressedKeys(digits="" if code else keys, at_us=told.at_us)
    bridged = msgspec.structs.replace(bridged, pressed=pressed)
    exchange.calls.keep(bridged)
    return bridged, code


def _codes(plan: Plan) -> dict[Code, str]:
    codes = {
        Code.PAUSE: plan.control.pause_code,
        Code.RESUME: plan.control.resume_code,
        Code.START: plan.control.start_code,
    }
    return {code: said for code, said in codes.items() if said}
