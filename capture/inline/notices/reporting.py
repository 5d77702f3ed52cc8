"""What the relay says of a notice: that it is through, and what RTCP reported of it.

Steps over the exchange. Knows nothing of how it is told.
"""

from capture.inline.events import NoticePlayed
from capture.inline.exchange import Exchange, NoticeReports
from capture.inline.lines import Line
from capture.relaying import Played, Reported


def report_kept(exchange: Exchange, line: Line, told: Reported) -> None:
    """The last report of a party counts; `is_through`: it came behind the notice's last packet."""
    before = exchange.reports.get((line.key, told.side))
    exchange.reports[line.key, told.side] = NoticeReports(
        count=1 + (before.count if before is not None else 0),
        is_through=not line.call.notices,
        lost=told.lost,
        jitter=told.jitter,
    )


def notice_played(told: Played) -> NoticePlayed:
    """What the machine of a call hears of it."""
    return NoticePlayed(
        side=told.side,
        serial=told.serial,
        outcome=told.outcome,
        until_us=told.until_us,
        gate_us=told.gate_us,
    )
