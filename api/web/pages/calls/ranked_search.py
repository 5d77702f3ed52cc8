"""The page of ranked calls: what is remembered, what was understood, which calls may be meant.

Three moves: read, ask, show. The address is the search. Decides nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from api.locate.column_keeper import ColumnsNotReady
from api.locate.question import Located
from api.services import Application
from api.web.pages.calls.clue_form import AT, ClueForm
from api.web.pages.calls.list_by_time import list_address
from api.web.pages.calls.ranked_calls import ranked_values
from api.web.pages.calls.understood import Echo, echo_of
from api.web.pages.frame import render
from api.web.pages.visit import Visit
from api.words.request_flaw_words import text_of
from api.words.texts import Text, said
from archive.call.numbers import calling_code
from archive.flaws import PartRefused
from archive.locate.answer.cursor import CursorRefused, SearchAnew
from archive.locate.clues import Clue, NumberClue

TEMPLATE: Final = "ranked.html"
# The same, asked by a page that waits; no use of a session.
BY_ITSELF: Final = AT + "/likeliest"
# Columns come by months, of which one takes a few seconds.
RETRY_S: Final = 3
_ANEW: Final = said("This search cannot be gone on with, for it has changed since: begin anew.")
_PLACE: Final = "clues."


async def ranked(
    request: Request, visit: Visit, application: Application, form: ClueForm
) -> Response:
    """Rank, and show a page of what may be meant."""
    values = {"form": form, "zone": visit.zone, **_nothing(form)}
    if not form.asks:
        return render(request, TEMPLATE, values=values)
    try:
        located = await application.locate.search(visit.actor, form.query(visit.zone))
    except ColumnsNotReady as missing:
        return _waiting(request, form, values, missing)
    except (SearchAnew, CursorRefused):
        told = visit.reader.told(Text(_ANEW))
        return render(request, TEMPLATE, status=409, values={**values, "anew": told})
    except PartRefused as refused:
        wrong = {_field_of(refused, form): visit.reader.told(text_of(refused))}
        return render(request, TEMPLATE, status=422, values={**values, "wrong": wrong})
    found = _found(located, form, visit, application.place.country)
    return render(request, TEMPLATE, values={**values, **found})


def _nothing(form: ClueForm) -> dict[str, Any]:
    return {
        "echo": Echo(chips=(), fields={}, clues=(), keys={}, unused=(), notes=()),
        "located": None,
        "waiting": None,
        "wrong": {},
        "anew": "",
        "address": form.address(),
        "address_of_list": AT,
        "address_of_first": form.at("", 0).address(),
    }


def _found(located: Located, form: ClueForm, visit: Visit, country: str) -> dict[str, Any]:
    echo = echo_of(located.understood, form, visit.zone, visit.reader)
    unread = located.understood.unread.values()
    return {
        "echo": echo,
        "wrong": {_field_of(each, form): visit.reader.told(text_of(each)) for each in unread},
        "address_of_list": list_address(located.understood.clues, visit.zone),
        "looked": tuple(_looked(located.understood.clues, country)),
        **ranked_values(located, (form, echo), visit.zone, visit.reader),
    }


def _looked(clues: Iterable[Clue], country: str) -> Iterator[str]:
    """The digits of a number that were looked for, as it is written in its country too."""
    for each in clues:
        if isinstance(each.value, NumberClue):
            number = each.value.number
            for digits in (number.digits, number.ending, *number.others):
                yield from (digits, digits.removeprefix(calling_code(country)))


def _waiting(
    request: Request, form: ClueForm, values: dict[str, Any], missing: ColumnsNotReady
) -> Response:
    """How far it is; the page asks again by itself."""
    query = form.address().removeprefix(AT)
    shown = {**values, "waiting": missing, "asked_by_itself": BY_ITSELF + query, "every": RETRY_S}
    answer = render(request, TEMPLATE, status=503, values=shown)
    answer.headers["Retry-After"] = str(RETRY_S)
    return answer


def _field_of(refused: PartRefused, form: ClueForm) -> str:
    """Beside which field it is said: that of the clue, else the text."""
    place = refused.field.removeprefix(_PLACE).partition(".")[0]
    if refused.field.startswith(_PLACE) and place.isdecimal() and int(place) < len(form.counted):
        return form.counted[int(place)].key
    return "text"
