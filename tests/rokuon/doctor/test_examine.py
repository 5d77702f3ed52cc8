"""All checks together, and what the documentation says of them."""

import re
from collections.abc import Iterable

from rokuon.doctor.examine import CHECKS, examine, for_trial, has_findings, worst_first
from rokuon.messages.check_result import CheckResult, Severity
from tests import ROOT
from tests.rokuon.doctor import examples

DOCUMENT = (ROOT / "docs/cli.md").read_text("utf-8")
CHECKED = DOCUMENT.partition("## Checks of `rokuon doctor`")[2].partition("\n## ")[0]


def test_a_healthy_machine_has_no_finding() -> None:
    """Green means green."""
    assert not has_findings(examine(examples.healthy()))


def test_one_failed_check_is_a_finding() -> None:
    """The exit code hangs on it."""
    assert has_findings(examine(examples.spool(writable=False)))


def test_what_a_laptop_lacks_is_a_warning_where_somebody_only_tries_it() -> None:
    """Open files and the clock; a spool that cannot be written is an error there too."""
    lacking = (examples.kernel(descriptors=1_024), examples.clock(synchronised=False))
    broken = examples.spool(writable=False)

    def worst(outcomes: Iterable[CheckResult]) -> Severity:
        return worst_first(outcomes)[0].severity

    assert {worst(examine(each)) for each in lacking} == {Severity.ERROR}
    assert {worst(for_trial(examine(each))) for each in lacking} == {Severity.WARNING}
    assert worst(for_trial(examine(broken))) is Severity.ERROR


def test_every_check_has_its_own_id_and_its_line_in_the_documentation() -> None:
    """A person who reads an id finds what it means."""
    ids = [outcome.check for outcome in examine(examples.healthy())]

    assert len(set(ids)) == len(ids) == len(CHECKS)
    assert re.findall(r"^\| ([A-Z]+-\d{3}) \|", CHECKED, re.MULTILINE) == ids
