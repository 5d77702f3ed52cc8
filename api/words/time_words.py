"""Times, lengths and sizes as people read them, in Japanese or English; the zone is always named.

Pure. Knows nothing of pages.
"""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

JAPANESE: Final = "ja"
_KIB: Final = 1024
_DAYS: Final = {"ja": "月火水木金土日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def day_told(day: date, language: str) -> str:
    """`2026年10月29日(木)`, `Thu 29 Oct 2026`."""
    name = _DAYS[JAPANESE if language == JAPANESE else "en"][day.weekday()]
    if language == JAPANESE:
        return f"{day.year}年{day.month}月{day.day}日({name})"
    return f"{name} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_told(moment: datetime, zone: tzinfo, language: str, *, seconds: bool = True) -> str:
    """A day and a time of day in a zone: `2026年10月29日(木) 17:42:10`."""
    local = moment.astimezone(zone)
    clock = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    between = " " if language == JAPANESE else ", "
    return f"{day_told(local.date(), language)}{between}{clock}"


def span_told(begin: datetime, end: datetime, zone: tzinfo, language: str) -> str:
    """From one moment until just before another; whole days are told by their days alone."""
    first, after = begin.astimezone(zone), end.astimezone(zone)
    if first.time() != time() or after.time() != time():
        ends = (moment_told(each, zone, language, seconds=False) for each in (begin, end))
        return " – ".join(ends)
    last = (after - timedelta(days=1)).date()
    days = dict.fromkeys((first.date(), max(last, first.date())))
    return " – ".join(day_told(each, language) for each in days)


def clock_told(moment: datetime, zone: tzinfo) -> str:
    """A time of day in a zone, to the second."""
    return moment.astimezone(zone).strftime("%H:%M:%S")


def zone_told(moment: datetime, zone: tzinfo) -> str:
    """What a zone is called then, with its offset: `JST (+09:00)`."""
    local = moment.astimezone(zone)
    offset = local.strftime("%z")
    name, told = local.tzname() or "", f"{offset[:3]}:{offset[3:5]}"
    return f"{name} ({told})" if name and not name.startswith(("+", "-")) else told


def length_told(ms: float) -> str:
    """A length as a clock shows it: `9:51`, `1:02:03`; below a minute `0:07`."""
    whole = round(ms / 1000)
    hours, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length_said(ms: float, language: str) -> str:
    """A length as it is spoken, for who hears the page: `9 分 51 秒`, `9 minutes 51 seconds`."""
    hours, rest = divmod(round(ms / 1000), 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [(hours, ("時間", "hour")), (minutes, ("分", "minute")), (seconds, ("秒", "second"))]
    said = [
        f"{count} {words[0]}" if language == JAPANESE else f"{count} {words[1]}{'s' * (count != 1)}"
        for count, words in parts
        if count
    ]
    nothing = "0 秒" if language == JAPANESE else "0 seconds"
    return " ".join(said) or nothing


def size_told(size_bytes: int) -> str:
    """A size as people read it: `0 B`, `1.5 MiB`, `2.0 TiB`."""
    size, unit = float(size_bytes), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if size < _KIB:
            break
        size, unit = size / _KIB, larger
    return f"{size:,.0f} B" if unit == "B" else f"{size:,.1f} {unit}"
