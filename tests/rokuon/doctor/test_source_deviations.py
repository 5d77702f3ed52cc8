"""What a source does in its own way, in words."""

from archive.call.events import Tolerated
from capture.siprec.client_tolerances import STRICT_ANSWERS
from rokuon.compose.archive.keeper import recover
from rokuon.doctor.source_deviations import WORDS, report_of
from tests import ROOT
from tests.archive.reading.scenes import START_US
from tests.rokuon.installation import installation

DOCUMENT = ROOT / "docs/siprec.md"


def test_a_report_has_words_an_example_and_a_count() -> None:
    """Enough for a letter to the vendor."""
    with installation() as made:
        recording = made.put_call(Tolerated(at_us=START_US, code="TOL-006", detail="m-line 1"))
        recover(made.config)
        row, *_ = report_of(made.config, "loopback").rows
        assert report_of(made.config, "another").rows == []

    assert (row["code"], row["recordings"], row["detail"]) == ("TOL-006", 1, "m-line 1")
    assert row["what"] == WORDS["TOL-006"]
    assert row["example"] == str(recording)


def test_every_code_of_the_document_has_words_and_the_reverse() -> None:
    """The table in docs/siprec.md is what the codes mean."""
    text = DOCUMENT.read_text("utf-8")
    documented = {
        line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| TOL-")
    }

    assert documented == set(WORDS)
    assert set(STRICT_ANSWERS) <= documented
