"""The list by time beside a ranking, and the ranking beside a list: the address of the other one.

Pure. What one of them cannot ask is left out; the list is exact, so that it takes what is exact.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from api.web.pages.calls.clue_form import AT, ClueForm
from archive.locate.clues import (
    AgentClue,
    Clue,
    CustomerClue,
    DirectionClue,
    IdClue,
    NumberClue,
    QueueClue,
    WhenClue,
)
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.when.values import DaySpan
from archive.moments import moment

# Where nothing says when.
_ANY_TIME: Final = (("range", "30days"),)
_MIN_DIGITS: Final = 3
# Fields that both have, by the same name.
_SHARED: Final = ("agent", "customer", "number", "direction", "queue", "id")
_DIRECTIONS: Final = ("inbound", "outbound")


def list_address(clues: Sequence[Clue], zone: ZoneInfo) -> str:
    """The list of what was understood, as far as it can be asked exactly; each field once."""
    asked: dict[str, str] = {}
    for clue in clues:
        for name, value in _listed(clue, zone):
            asked.setdefault(name, value)
    when = () if "from" in asked else _ANY_TIME
    return f"{AT}?{urlencode([*when, *asked.items()])}"


def _listed(clue: Clue, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    match clue.value:
        case WhenClue():
            yield from zip(("from", "to"), _days(clue.value, zone), strict=False)
        case AgentClue(names):
            yield "agent", ", ".join(names)
        case CustomerClue(names):
            yield "customer", names[0]
        case QueueClue(names):
            yield "queue", names[0]
        case DirectionClue(direction):
            yield "direction", direction
        case IdClue(text):
            yield "id", text
        case NumberClue(number):
            yield from (("number", each) for each in _digits(number))
        case _:
            return


def _days(clue: WhenClue, zone: ZoneInfo) -> tuple[str, ...]:
    """The first and the last that are told of; none where no day is."""
    if not clue.days or not clue.stretches:
        return ()
    days = [each for own in clue.alternatives for span in own.days for each in _ends(span)]
    if not days:
        ends = (
            min(each.begin_us for each in clue.stretches),
            max(max(each.end_us - 1, each.begin_us) for each in clue.stretches),
        )
        days = [moment(each).astimezone(zone).date() for each in ends]
    return (min(days).isoformat(), max(days).isoformat())


def _ends(span: DaySpan) -> tuple[date, date]:
    return (span.first, span.last)


def _digits(number: RememberedNumber) -> Iterator[str]:
    """Of either of several none: a list takes one."""
    match number.form:
        case _ if number.others:
            return
        case Form.WHOLE:
            # In E.164 no number begins with 0.
            yield number.digits if number.digits.startswith("0") else f"+{number.digits}"
        case Form.LAST if len(number.digits) >= _MIN_DIGITS:
            yield number.digits
        case _:
            return


def ranked_address(typed: Mapping[str, str]) -> str:
    """A ranking by what a list was asked for; "" where it was asked for a time alone."""
    form = ClueForm()
    for name in _SHARED:
        text = typed.get(name, "")
        if text and (name != "direction" or text in _DIRECTIONS):
            form = form.with_value(name, text)
    if not form.values:
        return ""
    ends = [text for name in ("from", "to") if (text := typed.get(name, ""))]
    return (form.with_value("when", "–".join(ends)) if ends else form).address()
