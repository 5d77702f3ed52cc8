"""The check of overdue recordings."""

import dataclasses

import pytest

from api.destruction.figures import RetentionFigures
from archive.catalog.destruction.due_counts import DueCount
from rokuon.doctor.facts import CatalogFacts
from rokuon.doctor.retention import altered, overdue
from rokuon.messages.check_result import CheckResult, Severity
from tests.rokuon.doctor import examples

HOUR_US = 3_600_000_000
COUNTED = DueCount(at_us=0)


def checked(figures: RetentionFigures) -> CheckResult:
    """What the check says of them."""
    facts = dataclasses.replace(examples.healthy(), calls=CatalogFacts(retention=figures))
    return overdue(facts)


@pytest.mark.parametrize(
    ("figures", "severity", "measured"),
    [
        (RetentionFigures(), Severity.OK, "not counted yet"),
        (RetentionFigures(count=COUNTED), Severity.OK, "none"),
        (
            RetentionFigures(count=COUNTED, overdue={"waits": 2, "cooling_off": 1}),
            Severity.OK,
            "its plan cools off: 1, its plan waits for its turn: 2",
        ),
        (
            RetentionFigures(count=COUNTED, overdue={"held": 4}),
            Severity.WARNING,
            "a legal hold protects it: 4",
        ),
        (
            RetentionFigures(count=COUNTED, overdue={"not_approved": 3, "waits": 2}),
            Severity.WARNING,
            "its plan waits for another person's word: 3, its plan waits for its turn: 2",
        ),
        (
            RetentionFigures(count=COUNTED, at_us=49 * HOUR_US),
            Severity.WARNING,
            "counted 49 h ago",
        ),
    ],
)
def test_what_waits_for_a_person_is_a_finding(
    figures: RetentionFigures, severity: Severity, measured: str
) -> None:
    """What goes by itself is none."""
    found = checked(figures)

    assert (found.severity, found.measured) == (severity, measured)
    assert bool(found.fix) is (severity is Severity.WARNING)


def test_a_plan_that_was_altered_is_an_error() -> None:
    """Somebody writes to the catalog who should not."""
    figures = RetentionFigures(altered=2)
    facts = dataclasses.replace(examples.healthy(), calls=CatalogFacts(retention=figures))

    assert altered(examples.healthy()).severity is Severity.OK
    assert (altered(facts).severity, altered(facts).measured) == (Severity.ERROR, "2")
