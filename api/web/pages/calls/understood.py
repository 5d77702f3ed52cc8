"""What was made of a question, in words: under each field and, for the text, clue by clue.

Each clue can be made certain or left aside, by an address. Knows nothing of what is found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from api.locate.question import Understood
from api.web.http.language import Reader
from api.web.pages.calls.clue_form import NOT, ClueForm, Mark, TypedValue
from api.web.pages.calls.clue_words import in_field
from api.words.locate_words import clue_told, note_told
from archive.locate.clues import Clue, WhenClue
from archive.moments import moment

_OF_A_FIELD: Final = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A clue in words, and where it is more or less sure; "" where it is that already.

    `call`: of "not this one" the call.
    """

    told: str
    state: str
    is_guess: bool = False
    call: str = ""
    certain: str = ""
    likely: str = ""
    aside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """All chips, what stands under which field, what was not used, what is odd.

    `clues` are those of the question in words, by their places; `keys` are of those in fields, by
    the same places.
    """

    chips: tuple[Chip, ...]
    fields: Mapping[str, str]
    clues: tuple[str, ...]
    keys: Mapping[int, str]
    unused: tuple[str, ...]
    notes: tuple[str, ...]


def echo_of(understood: Understood, form: ClueForm, zone: ZoneInfo, reader: Reader) -> Echo:
    """What was understood, to who typed it."""
    told = tuple(_told(each, zone, reader) for each in understood.clues)
    said_first = sum(each.span != _OF_A_FIELD for each in understood.clues)
    counted = form.counted
    keys = {said_first + at: counted[place].key for at, place in enumerate(understood.fields)}
    of_fields = {key: told[at] for at, key in keys.items()}
    unread = [counted[place] for place in understood.unread]
    used = [each for each in form.values if each not in unread]
    return Echo(
        chips=(
            *_of_text(understood.clues[:said_first], told, form),
            *(_chip(each, of_fields.get(each.key, each.text), form) for each in used),
        ),
        fields=of_fields,
        clues=told,
        keys=keys,
        unused=(
            *(form.text[begin:end] for begin, end in understood.unused),
            *(each.text for each in unread),
        ),
        notes=tuple(note_told(each, reader.words, reader.language) for each in understood.notes),
    )


def _told(clue: Clue, zone: ZoneInfo, reader: Reader) -> str:
    """Of a time with its zone, as it is called then."""
    told = clue_told(clue.value, zone, reader.words, reader.language)
    if isinstance(clue.value, WhenClue) and clue.value.stretches:
        name = moment(clue.value.stretches[0].begin_us).astimezone(zone).tzname()
        return f"{told} {name}"
    return told


def _of_text(of_text: tuple[Clue, ...], told: tuple[str, ...], form: ClueForm) -> Iterator[Chip]:
    for place, clue in enumerate(of_text):
        yield Chip(
            told=told[place],
            state="likely",
            is_guess=clue.guessed,
            certain=in_field(form, of_text, place, "certain").address(),
            aside=in_field(form, of_text, place, "aside").address(),
        )


def _chip(typed: TypedValue, told: str, form: ClueForm) -> Chip:
    if typed.kind == NOT:
        return Chip(told="", state=NOT, call=typed.text, aside=form.without(typed.key).address())

    def at(mark: Mark) -> str:
        return "" if mark == typed.mark else form.marked(typed.key, mark).address()

    return Chip(
        told=told,
        state=typed.mark,
        certain=at("certain"),
        likely=at("likely"),
        aside=at("aside"),
    )
