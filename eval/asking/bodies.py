"""A request as `POST /calls/search` takes it: as one text, or each clue in a field of its own.

Knows nothing of what was meant.
"""

from calendar import day_name, month_name
from collections.abc import Iterator
from typing import Any, Final, Literal

from eval.memory.clue import Clue
from eval.memory.dates import ASKED, WEEKDAYS
from eval.phrases.wording import Wording, phrase, phrase_alone
from eval.requests.drawn import Request
from eval.world.calendar import ZONE

Way = Literal["clues", "text"]
WAYS: Final[tuple[Way, ...]] = ("clues", "text")
# A page of candidates; a call that is not among them counts as not found.
PAGE: Final = 50
_WHEN: Final = ("date", "clock")
_WORDS: Final = {
    "ja": {
        "last": "下{last}桁が{digits}", "first": "{digits}で始まる", "withheld": "非通知",
        "about": "{count}{unit}くらい", "short": "短い", "long": "長い", "or": "、",
    },
    "en": {
        "last": "last {last} digits {digits}", "first": "starts with {digits}",
        "withheld": "withheld", "about": "about {count}{unit}", "short": "short",
        "long": "long", "or": " or ",
    },
}  # fmt: skip
_DAYS: Final = {
    "ja": "月火水木金土日",
    "en": tuple(day_name),
}
_HALVES: Final = {"before": "0:00-12:00", "after": "12:00-24:00"}
_UNITS: Final = {"ja": ("秒", "分"), "en": (" seconds", " minutes")}
_SINGULAR: Final = {" minutes": " minute"}
_MINUTE_S: Final = 60
_WAYS: Final = {"they": "inbound", "we": "outbound"}

Body = dict[str, Any]


def body_of(request: Request, way: Way, templates: Wording, seed: int) -> Body:
    """As it is sent; the same request, way and seed give the same."""
    told = [each for _, each in request.clues]
    own = {"zone": ZONE, "as_of": f"{ASKED.isoformat()}T00:00:00+09:00", "limit": PAGE}
    if way == "text":
        return {**own, "text": phrase(told, request.language, seed=seed, templates=templates)}
    return {**own, "clues": list(_fields(request, templates))}


def asked_again(body: Body, question: str, answer: Clue, language: str) -> Body:
    """The same, with what was answered to a question in a field of its own."""
    clues = [*body.get("clues", ()), _field(answer, language)]
    return {**body, "clues": clues, "asked": [question]}


def _fields(request: Request, templates: Wording) -> Iterator[Body]:
    """Day and time of day share a field."""
    told = [each for _, each in request.clues]
    when = [each for each in told if each.kind.startswith(_WHEN)]
    if when:
        # One wording of each: how else it can be said is asked of texts.
        yield _likely("when", phrase_alone(when, request.language, templates=templates))
    for each in told:
        if each not in when:
            yield _field(each, request.language)


def _field(told: Clue, language: str) -> Body:
    slots = {name: str(value) for name, value in told.slots}
    sort, _, kind = told.kind.partition(".")
    if sort == "agent":
        return _agent(kind, slots, language)
    if sort == "number":
        return _number(kind, slots, language)
    if sort == "answer":
        return _likely("when", _time(kind, slots, language))
    if sort == "event":
        return {**_likely("happened", kind), "was": slots["was"] == "1"}
    if sort == "length":
        return _likely(sort, _length(kind, slots, language))
    value = next(iter(slots.values()))
    return _likely(sort, _WAYS[value] if sort == "direction" else value)


def _time(kind: str, slots: dict[str, str], language: str) -> str:
    if kind == "half_day":
        return _HALVES[slots["half"]]
    if kind == "month":
        month = int(slots["month"])
        return f"{month}月" if language == "ja" else month_name[month]
    day = _DAYS[language][WEEKDAYS.index(slots["weekday"])]
    return f"{day}曜日" if language == "ja" else day


def _likely(kind: str, value: str) -> Body:
    return {"kind": kind, "value": value, "likely": True}


def _agent(kind: str, slots: dict[str, str], language: str) -> Body:
    if kind in {"team", "extension"}:
        return _likely(kind, slots[kind])
    names = [slots["name"], *(slots[each] for each in ("or_name",) if each in slots)]
    return _likely("agent", _WORDS[language]["or"].join(names))


def _number(kind: str, slots: dict[str, str], language: str) -> Body:
    if kind == "dialled":
        return _likely("dialled", slots["number"])
    words = _WORDS[language]
    if kind == "withheld":
        return _likely("number", words["withheld"])
    digits = slots.get("number") or slots.get("last") or slots["first"]
    form = words.get(kind, "{digits}")
    return _likely("number", form.format(digits=digits, last=len(digits)))


def _length(kind: str, slots: dict[str, str], language: str) -> str:
    words = _WORDS[language]
    if kind == "short_or_long":
        return words[slots["length"]]
    seconds = int(slots["seconds"])
    in_minutes = seconds % _MINUTE_S == 0
    count = seconds // _MINUTE_S if in_minutes else seconds
    unit = _UNITS[language][in_minutes]
    return words["about"].format(
        count=count, unit=_SINGULAR.get(unit, unit) if count == 1 else unit
    )
