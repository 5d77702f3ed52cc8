"""What a verification can find."""

from archive.verification.faults import Fault, Finding
from tests import ROOT

DOCUMENT = ROOT / "docs/tampering.md"


def test_the_document_says_what_each_finding_means() -> None:
    """Who reads a code must be able to look it up."""
    lines = DOCUMENT.read_text("utf-8").splitlines()

    assert [
        each for each in Fault if not any(line.startswith(f"| `{each}` |") for line in lines)
    ] == []


def test_a_finding_has_its_part_and_its_code() -> None:
    """What else is known of it may be missing."""
    assert (Finding("p", Fault.KEY_GONE).detail, Finding("p", Fault.KEY_GONE).error) == ("", None)
