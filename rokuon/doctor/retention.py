"""Check of what must have gone by now and is still there.

Pure function of `HostFacts`. Knows nothing of how facts are gathered.
"""

from typing import Final

from api.destruction.figures import ALTERED_US, RetentionFigures
from api.destruction.plan_course import OF_PEOPLE
from api.words.retention_values import RETENTION
from retention.decisions.due import Waiting
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr

_US_PER_H: Final = 3_600_000_000
_DAY_US: Final = 24 * _US_PER_H
# It is counted once a day.
OLDEST_COUNT_H: Final = 48
# These go by themselves.
_ON_THE_WAY: Final = frozenset(Waiting) - OF_PEOPLE


def overdue(facts: HostFacts) -> CheckResult:
    """Whether what must go is on its way, as far as it is counted."""
    check = Check("RET-001", tr("overdue recordings"))
    threshold = tr("none that waits for a person, counted within {hours} h").format(
        hours=OLDEST_COUNT_H
    )
    found = facts.calls.retention
    if found.count is None:
        return check.passed(tr("not counted yet"), threshold)
    if found.age_us > OLDEST_COUNT_H * _US_PER_H:
        measured = tr("counted {hours} h ago").format(hours=found.age_us // _US_PER_H)
        return check.warning(measured, threshold, tr("see whether the API runs: it counts"))
    if set(found.overdue) <= _ON_THE_WAY:
        return check.passed(_told(found), threshold)
    return check.warning(
        _told(found), threshold, tr("rokuon retention overdue lists them; rokuon retention plan")
    )


def altered(facts: HostFacts) -> CheckResult:
    """Whether a plan was altered between two persons and the key daemon."""
    check = Check("RET-002", tr("plans are as they were approved"))
    threshold = tr("none altered in the last {days} days").format(days=ALTERED_US // _DAY_US)
    found = facts.calls.retention.altered
    if not found:
        return check.passed(tr("none"), threshold)
    return check.error(
        str(found),
        threshold,
        tr("nothing of it was destroyed; see who writes to the catalog (docs/destruction.md)"),
    )


def _told(found: RetentionFigures) -> str:
    counts = sorted(found.overdue.items())
    words = RETENTION["overdue"]
    return ", ".join(f"{tr(words.get(reason, reason))}: {count}" for reason, count in counts) or tr(
        "none"
    )
