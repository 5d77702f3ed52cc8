"""Checks of the catalog."""

import dataclasses

import pytest

from archive.catalog.database.schema_revision import HEAD
from rokuon.doctor import catalog
from rokuon.doctor.facts import CatalogFacts, CatalogState
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor import examples
from tests.rokuon.doctor.examples import found


@pytest.mark.parametrize(
    ("calls", "findings"),
    [
        (
            CatalogFacts(state=CatalogState(revision=HEAD, away="no way")),
            [("CAT-001", Severity.ERROR)],
        ),
        (CatalogFacts(state=CatalogState(revision="0001")), [("CAT-002", Severity.ERROR)]),
        (CatalogFacts(state=CatalogState(revision="9999")), [("CAT-002", Severity.ERROR)]),
        (
            CatalogFacts(state=CatalogState(revision=HEAD, unguarded=("a", "b"))),
            [("CAT-003", Severity.ERROR)],
        ),
        (
            CatalogFacts(state=CatalogState(revision=HEAD), unread=("01a",)),
            [("IDX-001", Severity.WARNING)],
        ),
        (CatalogFacts(), []),
    ],
)
def test_a_catalog_that_cannot_be_used_is_a_finding(
    calls: CatalogFacts, findings: list[tuple[str, Severity]]
) -> None:
    """One that is not there yet is none."""
    assert found(dataclasses.replace(examples.healthy(), calls=calls)) == findings


@pytest.mark.parametrize(
    ("revision", "advice"),
    [("0030", "begin with folders of their own"), ("0100", "begin with"), ("0107", "begin with")],
)
def test_who_has_a_catalog_from_before_the_first_release_is_told_to_begin_anew(
    revision: str, advice: str
) -> None:
    """No keeper brings it up to date."""
    facts = dataclasses.replace(
        examples.healthy(), calls=CatalogFacts(state=CatalogState(revision=revision))
    )

    assert advice in catalog.revision(facts).fix
