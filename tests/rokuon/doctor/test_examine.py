"""All checks together, and what the documentation says of them."""

import re

from rokuon.doctor.examine import CHECKS, examine, has_findings
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


def test_every_check_has_its_own_id_and_its_line_in_the_documentation() -> None:
    """A person who reads an id finds what it means."""
    ids = [outcome.check for outcome in examine(examples.healthy())]

    assert len(set(ids)) == len(ids) == len(CHECKS)
    assert re.findall(r"^\| ([A-Z]+-\d{3}) \|", CHECKED, re.MULTILINE) == ids
