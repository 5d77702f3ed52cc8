"""Values of retention as people read them: policies, simulations, legal holds, jobs.

Pure. A part of the tables of `words.py`.
"""

from collections.abc import Mapping
from typing import Final

from api.texts import said

RETENTION: Final[Mapping[str, Mapping[str, str]]] = {
    "policy_state": {
        "called_back": said("called back"),
        "cooling_off": said("cools off"),
        "in_force": said("in force"),
        "replaced": said("replaced"),
    },
    "policy_because": {
        "shortens": said("by its rules it may shorten"),
        "bulk": said("many recordings would go earlier, whatever the rules say"),
    },
    "simulated_change": {
        "newly_due": said("due at once, not today"),
        "earlier": said("go earlier"),
        "later": said("go later"),
        "same": said("go as today"),
    },
    "simulated_stand": {
        "due": said("due"),
        "dated": said("with a day on which they go"),
        "protected": said("protected by a minimum, a hold or a case"),
        "unknown": said("kept, for something is not known"),
        "no_end": said("kept, without an end"),
    },
    "circumstance": {
        "held": said("a legal hold protects it"),
        "frozen": said("an open case protects it"),
        "protected": said("past its maximum, kept by a minimum"),
        "kept_past_its_end": said("its minimum is later than its maximum"),
        "no_end": said("without an end date"),
        "uncovered": said("no rule names its queue"),
        "unknown": said("kept, for something is not known"),
    },
    "job_state": {
        "queued": said("waits"),
        "running": said("runs"),
        "done": said("done"),
        "failed": said("failed"),
        "cancelled": said("cancelled"),
    },
    "hold_state": {
        "placing": said("being placed"),
        "active": said("active"),
        "released": said("released"),
        "cancelled": said("cancelled"),
    },
    "held_state": {
        "meant": said("about to be held"),
        "held": said("kept by the hold"),
        "destroyed": said("destroyed before"),
        "unknown": said("unknown here"),
    },
    "held_because": {
        "placed": said("when it was placed"),
        "part": said("another part came"),
        "changed": said("it came to fit"),
    },
}
