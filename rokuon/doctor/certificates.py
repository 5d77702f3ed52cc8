"""Checks of the certificates of both doors: that they last.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from api.health.judge import CERTIFICATE_DAYS, days_of
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr


def sip(facts: HostFacts) -> CheckResult:
    """Whether peers can still connect over TLS in two weeks."""
    return _lasting(facts, Check("CERT-001", tr("certificate of SIP over TLS")), "sip")


def http(facts: HostFacts) -> CheckResult:
    """Whether people and programs can."""
    return _lasting(facts, Check("CERT-002", tr("certificate of the API")), "http")


def _lasting(facts: HostFacts, check: Check, door: str) -> CheckResult:
    threshold = tr("valid for {count} days").format(count=CERTIFICATE_DAYS)
    found = next((each for each in facts.seen.certificates if each.door == door), None)
    if found is None:
        return check.passed(tr("there is none, or this user may not read it"), threshold)
    fix = tr(
        "renew it: {door}.certificate and {door}.key; docs/configuration.md says how it is taken"
    )
    if found.reason:
        return check.error(found.reason, threshold, fix.format(door=door))
    days = days_of(found, facts.seen.at_us)
    measured = tr("{count} days").format(count=int(days))
    if days <= 0:
        return check.error(measured, threshold, fix.format(door=door))
    if days < CERTIFICATE_DAYS:
        return check.warning(measured, threshold, fix.format(door=door))
    return check.passed(measured, threshold)
