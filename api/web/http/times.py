"""Times as they are sent and answered.

Knows nothing of what happened then.
"""

import re
from datetime import datetime, tzinfo
from typing import Annotated, Final

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from api.web.http.request_faults import NO_MOMENT
from archive.moments import moment

_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def _moment(value: object) -> object:
    """Read a time of RFC 3339 §5.6; a time without an offset is none."""
    found = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError(NO_MOMENT, "no time with an offset")
    day, time, fraction, offset = found.groups(default="")
    try:
        return datetime.fromisoformat(f"{day}T{time}{fraction[:7]}{offset.upper()}")
    except ValueError as never:
        raise PydanticCustomError(NO_MOMENT, "no time that there is") from never


Moment = Annotated[datetime, BeforeValidator(_moment)]


def shown(at_us: int, zone: tzinfo) -> datetime:
    """A time in µs since 1970 UTC as it is shown in a zone."""
    return moment(at_us).astimezone(zone)
