"""Checks of the way into the archive."""

import dataclasses

from archive.keeper.state_file import Backlog, StuckPart
from rokuon.doctor.examine import examine
from rokuon.doctor.facts import CatalogFacts, CatalogState
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor import examples
from tests.rokuon.doctor.examples import NOW_US, found

MINUTE_US = 60_000_000
STUCK = tuple(StuckPart(f"{n}.rkn", "catalog_refused", "54000") for n in range(6))


def test_what_is_stuck_is_named_with_its_reason_and_counted() -> None:
    """The first five fill a line."""
    facts = examples.keeper(counts={"catalog_refused": 15}, stuck=STUCK)
    (finding,) = [each for each in examine(facts) if each.check == "KEEP-001"]

    assert found(facts) == [("KEEP-001", Severity.ERROR)]
    assert finding.measured.startswith("0.rkn catalog_refused 54000, 1.rkn")
    assert finding.measured.endswith("4.rkn catalog_refused 54000 … (15)")


def test_a_keeper_that_tells_nothing_does_not_run() -> None:
    """Or its catalog's disk takes nothing: calls wait in the spool either way."""
    assert found(examples.keeper(at_us=NOW_US - MINUTE_US)) == []
    assert found(examples.keeper(at_us=NOW_US - MINUTE_US - 1)) == [("KEEP-002", Severity.WARNING)]
    assert found(examples.seen(keeper=None)) == [("KEEP-002", Severity.WARNING)]


def test_where_nothing_was_started_or_may_be_seen_nothing_is_missed() -> None:
    """The doctor is called before the first start, and by people without rights."""
    for calls in (CatalogFacts(), CatalogFacts(state=CatalogState(is_hidden=True, revision=""))):
        assert found(dataclasses.replace(examples.seen(keeper=None), calls=calls)) == []


def test_a_keeper_that_waits_for_a_minute_says_for_whom() -> None:
    """A restart of the key daemon is none."""
    waiting = examples.keeper(awaits="keys", round_us=NOW_US - MINUTE_US - 1)
    (finding,) = [each for each in examine(waiting) if each.check == "KEEP-002"]

    assert found(examples.keeper(awaits="keys", round_us=NOW_US - MINUTE_US)) == []
    assert found(waiting) == [("KEEP-002", Severity.ERROR)]
    assert "the key daemon" in finding.measured


def test_recordings_that_wait_for_long_are_a_finding() -> None:
    """Few or many: it is time that says that something is wrong."""
    for minutes, findings in ((10, []), (11, [("KEEP-003", Severity.WARNING)])):
        backlog = Backlog(parts=1, size_bytes=5, oldest_us=NOW_US - minutes * MINUTE_US)
        assert found(examples.keeper(backlog=backlog)) == findings
