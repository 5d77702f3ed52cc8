"""What RTCP says of a notice, kept until the recording ends.

Steps over the exchange. Knows nothing of how reports travel.
"""

from capture.inline.exchange import Exchange, NoticeReports
from capture.inline.lines import Line
from capture.relaying import Reported


def report_kept(exchange: Exchange, line: Line, told: Reported) -> None:
    """The last report of a party counts; `is_through`: it came behind the notice's last packet."""
    before = exchange.reports.get((line.key, told.side))
    exchange.reports[line.key, told.side] = NoticeReports(
        count=1 + (before.count if before is not None else 0),
        is_through=not line.call.notices,
        lost=told.lost,
        jitter=told.jitter,
    )
