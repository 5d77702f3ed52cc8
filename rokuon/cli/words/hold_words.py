"""What the values of a legal hold are called in lines of their own.

Knows nothing of what a hold does.
"""

from rokuon.messages.i18n import tr


def hold_labels() -> dict[str, str]:
    """By key, of a hold or a preview in lines of its own."""
    return {
        "number": tr("number"),
        "id": tr("id"),
        "matter": tr("matter"),
        "review_on": tr("to be reviewed on"),
        "hold_state": tr("state"),
        "placed_by": tr("placed by"),
        "placed_at": tr("placed"),
        "active_at": tr("active since"),
        "ended_at": tr("ended"),
        "grace_until": tr("kept all the same until"),
        "one_person": tr("one person"),
        "whole_conversation": tr("with whole conversations"),
        "future": tr("also what comes to fit later"),
        "recordings_held": tr("recordings held"),
        "recordings_meant": tr("recordings about to be held"),
        "recordings_destroyed": tr("recordings destroyed before"),
        "recordings_unknown": tr("unknown ids"),
        "held": tr("recordings held"),
        "judged": tr("of these judged"),
        "due": tr("due at once without it"),
        "dated": tr("due later without it"),
        "grace_days": tr("days of grace after its release"),
        "kept_otherwise": tr("kept by something else"),
    }
