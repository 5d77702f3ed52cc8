"""Values of retention as people read them: policies, simulations, plans, legal holds, jobs.

Pure: English, translated by whoever shows it. Knows nothing of where a value comes from.
"""

from collections.abc import Mapping
from typing import Final

from api.words.texts import said

# Why a recording that was, or could be, planned is kept after all.
_CAUSES: Final[Mapping[str, str]] = {
    "held": said("a legal hold protects it"),
    "frozen": said("an open case protects it"),
    "unknown": said("something that a rule asks is not known"),
    "restricted": said("past its maximum, kept by a minimum"),
    "not_due": said("it is not due any more"),
    "other_grounds": said("another rule decides now"),
    "metadata_lives_longer": said("what is told of the call has to live longer"),
    "gone": said("it was gone already"),
    "not_archived": said("not all of it is archived"),
    "key_unknown": said("the key daemon does not know its key"),
    "other_keys": said("it has other keys than when it was planned"),
    "stopped": said("the plan was stopped"),
    "plan_altered": said("the plan was altered after it was made"),
}
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
        "stopping": said("is to stop"),
        "done": said("done"),
        "failed": said("failed"),
        "cancelled": said("cancelled"),
    },
    "job_kind": {"simulation": said("simulation of a policy")},
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
    "destroyed_by": {
        "destroyed": said("when they were destroyed"),
        "began": said("when their calls began"),
    },
    "scope": {
        "whole": said("all of it"),
        "audio": said("its audio; what is told of it stays"),
        "facts": said("what was told of it"),
        "ledger": said("a page of calls without a recording"),
    },
    "plan_state": {
        "done": said("carried out"),
        "stopped": said("stopped"),
        "altered": said("ended: it was altered after it was made"),
        "runs": said("runs"),
        "not_approved": said("waits for another person's approval"),
        "not_applied": said("approved, waits to be carried out"),
        "not_handed_over": said("waits for the key daemon"),
        "cooling_off": said("cools off"),
        "waits": said("waits for its turn"),
        "window": said("waits for the hours in which may be destroyed"),
        "share": said("waits: today as much of the archive is gone as may be"),
        "median": said("waits: today far more is gone than is usual"),
        "clock": said("waits: the clock was set; somebody has to look"),
        "clock_unsure": said("waits: nobody knows whether date and time of the machine are right"),
        "placing": said("waits: a legal hold is being placed"),
        "recheck": said("waits: its recordings are looked at again"),
        "brake": said("waits: the key daemon lets no more go today"),
        "not_planned": said("waits: the key daemon does not know the plan"),
    },
    "clock_doubt": {
        "": said("yes"),
        "unsynchronised": said("no: the kernel does not say that its clock is synchronised"),
        "settling": said("no: the clock is synchronised for less than ten minutes"),
        "pause": said("no: nobody was here for more than 36 hours"),
        "behind": said("no: the clock is behind the last sign of life"),
    },
    "clock_kernel": {
        "synchronised": said("its clock is synchronised"),
        "unsynchronised": said("its clock is not synchronised"),
        "unasked": said("it is not asked"),
        "refused": said("the key daemon may not ask it: a filter of system calls refuses that"),
    },
    "stage": {
        "planned": said("planned"),
        "intended": said("about to go"),
        "keyless": said("its keys are gone"),
        "gone": said("destroyed"),
        "dropped": said("kept after all"),
    },
    "overdue": {
        **_CAUSES,
        "not_planned": said("in no plan yet"),
        "not_approved": said("its plan waits for another person's word"),
        "not_applied": said("its plan is approved and not yet carried out"),
        "not_handed_over": said("its plan waits for the key daemon"),
        "cooling_off": said("its plan cools off"),
        "waits": said("its plan waits for its turn"),
    },
    "cause": _CAUSES,
    "held_because": {
        "placed": said("when it was placed"),
        "part": said("another part came"),
        "changed": said("it came to fit"),
    },
}
