"""The checks of legal holds."""

import dataclasses
from collections.abc import Callable

import pytest

from archive.catalog.register.legal_holds import HoldFigures
from rokuon.doctor.facts import CatalogFacts, HostFacts
from rokuon.doctor.holds import placing, reviewed
from rokuon.messages.check_result import CheckResult, Severity
from tests.rokuon.doctor import examples


def with_holds(figures: HoldFigures) -> HostFacts:
    return dataclasses.replace(examples.healthy(), calls=CatalogFacts(holds=figures))


@pytest.mark.parametrize(
    ("check", "figures", "fix"),
    [
        (placing, HoldFigures(placing=(3, 4)), "rokuon hold resume"),
        (reviewed, HoldFigures(past_review=(3, 4)), "rokuon hold preview"),
    ],
)
def test_what_somebody_must_look_at_is_named(
    check: Callable[[HostFacts], CheckResult], figures: HoldFigures, fix: str
) -> None:
    """By its number, with the command that goes on."""
    found = check(with_holds(figures))

    assert (found.severity, found.measured) == (Severity.WARNING, "3, 4")
    assert fix in found.fix
    assert check(with_holds(HoldFigures(held=9))).severity is Severity.OK


def test_a_fence_of_which_the_catalog_knows_nothing_is_seen() -> None:
    """After a catalog that was put back: nothing is destroyed, and no hold says why."""
    facts = examples.healthy()
    found = placing(dataclasses.replace(facts, keys=dataclasses.replace(facts.keys, placing=2)))

    assert (found.severity, found.measured) == (Severity.WARNING, "2 at the key daemon alone")
