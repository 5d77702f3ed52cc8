"""What tests of journal share."""

from bench.filled_journal import FilledJournal
from bench.journal import REACH, WHO_HEARD, JournalFigures
from bench.journal_entries import Appended
from bench.questions import Ran, Waited


def figures(heard_ms: float, reach_ms: float, ratio: float) -> JournalFigures:
    """Of a journal of two entries."""
    filled = FilledJournal(entries=2, calls=1, size_bytes=3 << 20)
    found = JournalFigures(command=["bench", "-x"], machine={}, filled=filled, index_bytes=1 << 20)
    found.questions = [
        Ran(waited=Waited(name=WHO_HEARD, times_ms=[heard_ms]), cpu_ms=[1.5]),
        Ran(waited=Waited(name=REACH, times_ms=[reach_ms]), cpu_ms=[1.5]),
        Ran(waited=Waited(name="a page of a month", times_ms=[900.0]), cpu_ms=[1.5]),
    ]
    found.appended = [
        Appended(
            name="read", bytes_a_row=94, with_ms=[ratio], without_ms=[1.0], with_cpu_ms=[0.5],
            without_cpu_ms=[0.5],
        )
    ]  # fmt: skip
    return found
