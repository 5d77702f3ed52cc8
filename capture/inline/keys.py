"""Keys that pause and resume the recording of an inline call, pressed by the agent.

Steps over the exchange. Knows nothing of how keys travel.
"""

from typing import Final

import msgspec

from capture.inline.exchange import Exchange
from capture.inline.keeping import parties_at
from capture.inline.lines import Line
from capture.relaying import Keyed
from capture.siprec.outputs import Now, Output
from capture.siprec.pausing import ControlRefused, pause, resume

# The longest code of a route.
MAX_KEYS: Final = 8
# Who waits longer between two keys has begun anew.
PATIENCE_US: Final = 5_000_000
REASON: Final = "keys"


def keyed(exchange: Exchange, line: Line, told: Keyed, now: Now) -> list[Output]:
    """The agent has pressed a key; a customer's keys are his own affair."""
    plan = line.call.plan
    session = exchange.premises.sessions.get(line.key)
    if session is None or not (plan.pause_code or plan.resume_code):
        return []
    party = parties_at(exchange, line, session)[told.side]
    if party.side != "agent":
        return []
    before = line.keys if told.at_us - line.keyed_us <= PATIENCE_US else ""
    keys = (before + told.digit)[-MAX_KEYS:]
    pauses = bool(plan.pause_code) and keys.endswith(plan.pause_code)
    resumes = bool(plan.resume_code) and keys.endswith(plan.resume_code)
    left = "" if pauses or resumes else keys
    exchange.lines.keep(msgspec.structs.replace(line, keys=left, keyed_us=told.at_us))
    try:
        if pauses:
            return pause(exchange.premises, session, party.aor, REASON, now)
        return resume(exchange.premises, session, party.aor, now) if resumes else []
    except ControlRefused:
        return []  # pressed twice: it is as they want it
