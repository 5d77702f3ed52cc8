"""Checks of certificates."""

import pytest

from api.health.seen import CertificateSeen
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor import examples
from tests.rokuon.doctor.examples import NOW_US, found

DAY_US = 86_400_000_000


@pytest.mark.parametrize(("door", "check"), [("sip", "CERT-001"), ("http", "CERT-002")])
@pytest.mark.parametrize(
    ("days", "severities"), [(14, []), (13, [Severity.WARNING]), (0, [Severity.ERROR])]
)
def test_a_certificate_that_ends_soon_is_a_finding(
    door: str, check: str, days: int, severities: list[Severity]
) -> None:
    """Peers are turned away from one second to the next."""
    certificate = CertificateSeen(door=door, ends_us=NOW_US + days * DAY_US)
    facts = examples.seen(certificates=(certificate,))

    assert found(facts) == [(check, severity) for severity in severities]


def test_a_certificate_that_cannot_be_read_is_an_error_with_the_reason() -> None:
    """It was renewed to another name."""
    gone = CertificateSeen(door="http", reason="/etc/x.pem: there is no such file or folder")

    assert found(examples.seen(certificates=(gone,))) == [("CERT-002", Severity.ERROR)]
