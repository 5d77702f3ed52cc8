"""Checks of legal holds: is one left half placed, is one past its day of review?

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr


def placing(facts: HostFacts) -> CheckResult:
    """Whether the fence is up: nothing is destroyed while a hold is being placed."""
    check = Check("HOLD-001", tr("placing of legal holds"))
    threshold = tr("none was left unfinished")
    found = facts.calls.holds.placing
    if not found and facts.keys.placing:
        # Of a catalog that was put back, or of another one.
        return check.warning(
            tr("{count} at the key daemon alone").format(count=facts.keys.placing),
            threshold,
            tr("nothing is destroyed until the catalog that knows them is put back"),
        )
    if not found:
        return check.passed(tr("none"), threshold)
    return check.warning(
        _numbered(found),
        threshold,
        tr("nothing is destroyed until rokuon hold resume NUMBER has finished it, or hold cancel"),
    )


def reviewed(facts: HostFacts) -> CheckResult:
    """Whether somebody should look at a hold again."""
    check = Check("HOLD-002", tr("review dates of legal holds"))
    threshold = tr("none is over")
    found = facts.calls.holds.past_review
    if not found:
        return check.passed(tr("none"), threshold)
    return check.warning(
        _numbered(found),
        threshold,
        tr("rokuon hold preview NUMBER, then release it or place it anew with another date"),
    )


def _numbered(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))
