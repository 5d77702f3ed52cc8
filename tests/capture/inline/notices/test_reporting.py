"""What RTCP says of a notice."""

from capture.inline.notices.reporting import report_kept
from capture.relaying import Reported, Side
from tests.capture.inline.stage import Stage


def told(stage: Stage, lost: int) -> tuple[int, bool, int]:
    """A report of the caller's; count, whether the notice was through, and what was lost."""
    (line,) = stage.inline.lines
    report = Reported(
        call=line.key, side=Side.CALLER, highest_sequence=7, lost=lost, jitter=3, at_us=1
    )
    report_kept(stage.exchange, line, report)
    kept = stage.exchange.reports[line.key, Side.CALLER]
    return kept.count, kept.is_through, kept.lost


def test_the_last_report_counts_and_all_are_counted() -> None:
    """One that comes while the notice plays does not speak of its end."""
    stage = Stage().answered()

    assert told(stage, 1) == (1, False, 1)
    stage.played()
    assert told(stage, 4) == (2, True, 4)
