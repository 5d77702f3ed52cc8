"""A notice as it is shown: who was told what, from when to when, and what is known of its coming.

Knows nothing of where it is shown, or of how an outcome is found.
"""

from datetime import UTC, datetime, tzinfo
from typing import Final

from archive.notices import Notice

Shown = dict[str, object]
US_PER_S: Final = 1_000_000


def notice_row(notice: Notice, zone: tzinfo = UTC) -> Shown:
    """One playing of a prompt to one party; "" where nothing has left, or nothing was reported."""
    sent, word = notice.sent, notice.word
    return {
        "to": sent.to,
        "prompt": sent.prompt,
        "language": sent.language,
        "wording": sent.wording,
        "wording_sha256": sent.wording_sha256,
        "outcome": notice.outcome,
        "from": _exact(sent.from_us, zone),
        "until": _exact(sent.until_us, zone),
        "sent_ms": sent.sent_ms,
        "whole_ms": sent.whole_ms,
        "packets": sent.packets,
        "reports": word.reports if word else 0,
        "through": word is not None and word.through,
        "lost": word.lost if word and word.reports else "",
        "discarded": word.discarded if word and word.reports else "",
    }


def _exact(at_us: int, zone: tzinfo) -> str:
    if not at_us:
        return ""
    return datetime.fromtimestamp(at_us / US_PER_S, zone).isoformat(timespec="microseconds")
