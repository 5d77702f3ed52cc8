"""Times as recording clients write them: the text, and the instant if it is one (RFC 3339).

Knows neither the clock nor the configured zone; both are the caller's.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

import msgspec

from capture.metadata.body_limits import MAX_TIME_CHARS

# Older than SIPREC itself; a device that never set its clock says 1970.
FIRST_PLAUSIBLE_YEAR: Final = 2000
_SECONDS: Final = slice(17, 19)


class Moment(msgspec.Struct, frozen=True):
    """`raw` as received; `at` in UTC, None where `raw` is no time or cannot be right."""

    raw: str
    at: datetime | None


def read_moment(raw: str, zone: tzinfo) -> Moment:
    """Read a time; one without an offset is in `zone`.

    Takes RFC 3339 §5.6, and what is sent instead: offsets without a colon, a space for the T.
    """
    at = _instant(raw, zone)
    if at is not None and at.year < FIRST_PLAUSIBLE_YEAR:
        at = None
    return Moment(raw, at)


def _instant(raw: str, zone: tzinfo) -> datetime | None:
    text = raw.upper()
    if len(text) > MAX_TIME_CHARS or ":" not in text or not text.isascii():
        return None
    # A leap second (RFC 3339 §5.7) is a second after the one before it.
    is_leap = text[_SECONDS] == "60"
    if is_leap:
        text = f"{text[: _SECONDS.start]}59{text[_SECONDS.stop :]}"
    try:
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        return at + timedelta(seconds=is_leap)
    except (ValueError, OverflowError):
        return None
