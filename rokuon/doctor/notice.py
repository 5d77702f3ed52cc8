"""The check of what callers are told: can every notice be played?

A pure function of `Facts`. Knows nothing of sound or of how facts are gathered.
"""

from rokuon.doctor.facts import Facts
from rokuon.messages.check_result import Check, Finding
from rokuon.messages.i18n import tr


def playable(facts: Facts) -> Finding:
    """Whether a route has a notice that cannot be played: its calls are blocked, or unrecorded."""
    check = Check("NOTE-001", tr("notices of the routes"))
    threshold = tr("every one can be played")
    if not facts.unplayable_prompts:
        return check.passed(tr("none is broken"), threshold)
    return check.error(
        ", ".join(facts.unplayable_prompts),
        threshold,
        tr("rokuon prompt check FILE says what is wrong with the file of [[prompt]]"),
    )
