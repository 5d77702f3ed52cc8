"""The forms of the journal: what was typed, what it means, and what of it cannot be understood.

Pure: `now` is handed in. Knows nothing of who may read the journal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar, get_args
from zoneinfo import ZoneInfo

from api.web.http.language import Reader
from api.web.pages.forms import Form
from api.words.texts import Text, said
from api.words.typed_times import Edge, MomentUnclear, moment, window
from archive.catalog.journal.breach import AccountPeriod
from archive.catalog.journal.entries import Action
from archive.catalog.search.audit import JournalQuery
from archive.ids import ConversationId, RecordingId
from archive.locate.when.values import Calendar
from archive.moments import microseconds

_Asked = TypeVar("_Asked")
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
# Entries on a page, so that it is read and not scrolled.
PAGE: Final = 100
MAX_TEXT: Final = 200
_MAX_PLACE: Final = 1 << 62
_NOW: Final = "-0m"

TAIL_FIELDS: Final = ("account", "action", "from", "to", "behind")
HEARD_FIELDS: Final = ("id", "behind")
REACH_FIELDS: Final = ("account", "from", "to", "behind")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalForm(Generic[_Asked]):
    """What stands in a form, by field; `wrong` says of a field what is wrong with it.

    `asked` is what it means: None where nothing was typed, or something is wrong.
    """

    typed: Mapping[str, str]
    wrong: Mapping[str, Text] = field(default_factory=dict)
    asked: _Asked | None = None

    def __getitem__(self, name: str) -> str:
        """What was typed into a field."""
        return self.typed.get(name, "")

    def what_is_wrong(self, name: str, reader: Reader) -> str:
        """What is wrong with a field; "" where nothing is."""
        return reader.told(self.wrong[name]) if name in self.wrong else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When and where a form is read."""

    zone: ZoneInfo
    now: datetime
    calendar: Calendar


class _Unclear(Exception):
    """A field means nothing."""

    def __init__(self, name: str, told: Text) -> None:
        super().__init__(told.source)
        self.name = name
        self.told = told


def read_tail(form: Form, clock: Clock) -> JournalForm[JournalQuery]:
    """Which entries are asked for; nothing typed is all of them."""
    return _read(form, TAIL_FIELDS, lambda typed: _tail(typed, clock))


def read_heard(form: Form) -> JournalForm[tuple[bytes, int]]:
    """Of which call or recording is asked, and the place behind which the page begins."""
    return _read(form, HEARD_FIELDS, _heard)


def read_reach(form: Form, clock: Clock) -> JournalForm[AccountPeriod]:
    """Of which account and time is asked."""
    return _read(form, REACH_FIELDS, lambda typed: _reach(typed, clock))


def _read(
    form: Form, names: tuple[str, ...], read: Callable[[Mapping[str, str]], _Asked | None]
) -> JournalForm[_Asked]:
    typed = {name: form.text(name) for name in names}
    wrong = {
        name: Text(said("at most {most} characters"), {"most": str(MAX_TEXT)})
        for name, value in typed.items()
        if len(value) > MAX_TEXT
    }
    if wrong:
        return JournalForm(typed=typed, wrong=wrong)
    try:
        return JournalForm(typed=typed, asked=read(typed))
    except _Unclear as unclear:
        return JournalForm(typed=typed, wrong={unclear.name: unclear.told})


def _tail(typed: Mapping[str, str], clock: Clock) -> JournalQuery:
    begin, end = _between(typed, clock)
    return JournalQuery(
        behind=_place(typed["behind"]),
        actor=typed["account"],
        action=_action(typed["action"]),
        from_us=None if begin is None else _us(begin),
        to_us=None if end is None else _us(end),
        limit=PAGE,
    )


def _heard(typed: Mapping[str, str]) -> tuple[bytes, int] | None:
    if not typed["id"]:
        return None
    try:
        return RecordingId.parse(typed["id"]).raw, _place(typed["behind"])
    except ValueError as unreadable:
        raise _Unclear("id", Text(said("an id has 32 hexadecimal digits"))) from unreadable


def _reach(typed: Mapping[str, str], clock: Clock) -> AccountPeriod | None:
    if not any(typed.values()):
        return None
    if not typed["account"]:
        raise _Unclear("account", Text(said("type the account as the journal names it")))
    if not typed["from"]:
        raise _Unclear("from", Text(said("type a day, e.g. 2026-10-29")))
    begin, end = _between({**typed, "to": typed["to"] or _NOW}, clock)
    assert begin is not None
    assert end is not None
    return AccountPeriod(
        actor=typed["account"],
        from_us=_us(begin),
        to_us=_us(end),
        behind=_call(typed["behind"]),
        limit=PAGE,
    )


def _between(typed: Mapping[str, str], clock: Clock) -> tuple[datetime | None, datetime | None]:
    """Both ends of a time, each of which may be open."""
    begin = _end(typed, "from", Edge.BEGIN, clock)
    end = _end(typed, "to", Edge.END, clock)
    if begin is not None and end is not None:
        try:
            window(typed["from"], typed["to"], clock.zone, clock.now, clock.calendar)
        except MomentUnclear as unclear:
            raise _Unclear("from", unclear.told) from unclear
    return begin, end


def _end(typed: Mapping[str, str], name: str, edge: Edge, clock: Clock) -> datetime | None:
    if not typed[name]:
        return None
    try:
        return moment(typed[name], clock.zone, edge, clock.now, clock.calendar)
    except MomentUnclear as unclear:
        raise _Unclear(name, unclear.told) from unclear


def _action(text: str) -> Action | None:
    found = next((each for each in ACTIONS if each == text), None)
    if text and found is None:
        raise _Unclear("action", Text(said("there is no such action")))
    return found


def _place(text: str) -> int:
    is_place = text.isascii() and text.isdigit() and int(text) <= _MAX_PLACE
    if text and not is_place:
        raise _Unclear("behind", Text(said("there is no such page")))
    return int(text or 0)


def _call(text: str) -> ConversationId | None:
    try:
        return ConversationId.parse(text) if text else None
    except ValueError as no_id:
        raise _Unclear("behind", Text(said("there is no such page"))) from no_id


def _us(at: datetime) -> int:
    return microseconds(at)
