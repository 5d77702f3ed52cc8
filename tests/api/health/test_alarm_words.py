"""One table for the page, the document and the doctor."""

import re
from pathlib import Path

from api.health.alarm_words import ABOUT, ALARMS, told_alarms
from api.health.board import Health
from api.health.judge import ALL, Alarm, AlarmCode
from api.words.node_words import FULL
from capture.admission.capacity import Full
from rokuon.doctor.examine import examine
from tests.rokuon.doctor.examples import healthy

DOCS = Path(__file__).parents[3] / "docs"
HEALTH = (DOCS / "health.md").read_text("utf-8")
# What docs/health.md says to do stands in rows of this form.
ROW = "| `{code}` | {wrong} | {calls} | {mend} | {who} |"


def test_every_alarm_has_its_words_and_the_document_has_the_same() -> None:
    """Whoever reads one has read the other."""
    assert set(ALARMS) == set(AlarmCode)
    assert {each.about for each in ALL} - {""} <= set(ABOUT)
    for code, words in ALARMS.items():
        row = ROW.format(
            code=code, wrong=words.wrong, calls=words.calls, mend=words.mend, who=words.who
        )
        assert row in HEALTH, row
        assert f"`{code}`" in (DOCS / "ja" / "health.md").read_text("utf-8")


def test_the_checks_of_an_alarm_are_those_of_the_doctor_and_of_the_document() -> None:
    """What a page sends somebody to run is there."""
    known = {each.check for each in examine(healthy())}
    first = HEALTH.partition("## What it means")[0]
    for code, words in ALARMS.items():
        line = re.search(rf"^\| `{code}`.*$", first, re.MULTILINE)
        assert line is not None
        assert set(words.checks) <= known
        assert set(words.checks) == set(re.findall(r"[A-Z]+-\d{3}", line[0]))


def test_what_loses_calls_stands_first() -> None:
    """A backup can wait."""
    old, refused = Alarm(AlarmCode.BACKUP_OLD, "catalog"), Alarm(AlarmCode.CALLS_REFUSED)
    health = Health(seen=None, alarms=(old, refused), since_us={old: 9})  # type: ignore[arg-type]  # is not looked at

    assert [(each.alarm, each.about, each.since_us) for each in told_alarms(health)] == [
        (refused, "", 0),
        (old, "catalog", 9),
    ]


def test_whatever_runs_out_has_its_words() -> None:
    """Capture's words, which the API does not import."""
    assert set(FULL) == {str(each) for each in Full}
