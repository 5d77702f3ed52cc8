"""The options of clues that only ranking knows, and which of all clues are likely, not certain.

Knows nothing of what is asked with them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from archive.access.query import MAX_CLUES as MAX_AGENTS
from archive.locate.clues import MAX_CLUES
from archive.locate.when.values import Calendar
from rokuon.cli.terminal.output import Row
from rokuon.cli.terminal.shared_options import OptionsOf
from rokuon.cli.terminal.time_options import said_at
from rokuon.messages.choices import Asked, Happened, RankedClue
from rokuon.messages.i18n import tr

_CLUE: Final = re.compile(r"/clues/(\d+)")
# Which a text is not asked for by name.
_OF_NO_TEXT: Final = frozenset({"tag", "before", "after"})
# How long it was at least and at most is one clue.
_DURATION: Final = "min-duration"

WhenIs = Annotated[
    str, typer.Option("--when", help=tr("when it was, in words: late October, evening"))
]
TeamIs = Annotated[str, typer.Option("--team", help=tr("the team of the agent"))]
ExtensionIs = Annotated[str, typer.Option("--extension", help=tr("the agent's extension"))]
DialledIs = Annotated[
    str, typer.Option("--dialled", help=tr("the number of ours that was called, or its end"))
]
LengthIs = Annotated[
    str, typer.Option("--length", help=tr("how long it was, in words: about 10 min"))
]
HappenedIs = Annotated[
    list[Happened] | None,
    typer.Option("--happened", help=tr("what happened: transferred, held or called_back")),
]
NotHappenedIs = Annotated[
    list[Happened] | None, typer.Option("--not-happened", help=tr("what did not happen"))
]
GistIs = Annotated[
    str, typer.Option("--gist", help=tr("what it was about: words of notes and tags, an order"))
]
NotIs = Annotated[
    list[str] | None, typer.Option("--not", help=tr("a call that it is not, by its id"))
]
BeforeIs = Annotated[
    str, typer.Option("--before", help=tr("it was before this call of the same party, by its id"))
]
AfterIs = Annotated[
    str, typer.Option("--after", help=tr("it was after this call of the same party, by its id"))
]
LikelyIs = Annotated[
    list[RankedClue] | None,
    typer.Option("--likely", help=tr("an option that is only likely and excludes nothing; or all")),
]
CertainIs = Annotated[
    list[RankedClue] | None,
    typer.Option(
        "--certain",
        help=tr("certain all the same: an option beside --likely, else what the text says"),
    ),
]
AsOf = Annotated[
    str, typer.Option("--as-of", help=tr("when that was said, where not now: a day or a time"))
]
AskedIs = Annotated[
    list[Asked] | None,
    typer.Option("--asked", help=tr("a question that was asked in vain: another one is put")),
]
Cursor = Annotated[
    str, typer.Option("--cursor", help=tr("goes on behind a page of ranked calls, as it says"))
]
Explain = Annotated[
    bool, typer.Option("--explain", help=tr("also how much each clue says, and what is among them"))
]


_LINES: Final = re.compile(r"[\t\n\v\f\r]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """Clues that only ranking knows, and how sure somebody is of which."""

    clues: tuple[Row, ...]
    likely: frozenset[str]
    certain: frozenset[str]
    as_of: str = ""
    asked: tuple[str, ...] = ()
    cursor: str = ""
    explained: bool = False

    @property
    def ranks(self) -> bool:
        """Whether a search with these is ranked."""
        return bool(self.clues or self.likely)

    def refuse_unranked(self, context: typer.Context) -> None:
        """Say of what only a ranking has that there is none, not pass it over."""
        given = {
            "--as-of": self.as_of,
            "--asked": self.asked,
            "--cursor": self.cursor,
            "--explain": self.explained,
        }
        for option in (option for option, value in given.items() if value):
            said = tr("{option} is of ranked calls: say what is remembered, or --likely")
            context.fail(said.format(option=option))

    def question(
        self, typed: list[str], others: list[Row], place: ZoneInfo, calendar: Calendar
    ) -> Row:
        """What is asked, as the API takes it, but for when; raises `BadParameter`."""
        # A letter is pasted with its lines.
        text = _LINES.sub(" ", " ".join(typed))
        clues = self._beside(others)
        refuse_more(clues, MAX_CLUES)
        if not (text or self.clues or any("likely" in each for each in clues)):
            said = tr("nothing of what is given is likely: say which option is, or tell it as TEXT")
            raise _contradiction("--likely", said)
        question: Row = {
            "text": text,
            "certain": self._of_text(text, clues),
            "clues": clues,
            "as_of": said_at(place, self.as_of, calendar).isoformat() if self.as_of else "",
            "asked": list(self.asked),
            "cursor": self.cursor,
        }
        return {key: value for key, value in question.items() if value}

    def _of_text(self, text: str, clues: list[Row]) -> list[str]:
        """Of what the text says, what is certain: what no option is given for."""
        left = sorted(self.certain - {_option(each) for each in clues} - {RankedClue.ALL})
        for name in left:
            if not text or name in _OF_NO_TEXT:
                said = tr("nothing is given with --{option}: give it, or leave this out")
                raise _contradiction("--certain", said.format(option=name))
        if text and RankedClue.ALL in self.certain:
            said = tr("say what of the text is certain: --certain when")
            raise _contradiction("--certain", said)
        return left

    def _beside(self, others: list[Row]) -> list[Row]:
        """All clues, each likely or certain."""
        clues = [*others, *self.clues]
        given = {_option(each) for each in clues}
        for name in sorted(self.likely - given - {RankedClue.ALL}):
            said = tr(
                "nothing is given with --{option}: give it, or leave this out; what a text says "
                "is likely anyway"
            )
            raise _contradiction("--likely", said.format(option=name))
        return [{**each, "likely": True} if self._is_likely(each) else each for each in clues]

    def _is_likely(self, clue: Row) -> bool:
        option = _option(clue)
        if RankedClue.ALL in self.likely:
            return option in set(RankedClue) and option not in self.certain
        return option in self.likely


def read_remembered(
    when: WhenIs = "",
    team: TeamIs = "",
    extension: ExtensionIs = "",
    dialled: DialledIs = "",
    length: LengthIs = "",
    happened: HappenedIs = None,
    not_happened: NotHappenedIs = None,
    gist: GistIs = "",
    not_: NotIs = None,
    before: BeforeIs = "",
    after: AfterIs = "",
    likely: LikelyIs = None,
    certain: CertainIs = None,
    as_of: AsOf = "",
    asked: AskedIs = None,
    cursor: Cursor = "",
    explain: Explain = False,
) -> Remembered:
    """Return what is remembered beside what every search takes; each parameter is an option."""
    values = {
        "when": when,
        "team": team,
        "extension": extension,
        "dialled": dialled,
        "length": length,
        "gist": gist,
    }
    sure_of = frozenset(map(str, certain or ()))
    if both := sorted(sure_of & frozenset(map(str, likely or ()))):
        said = tr("--{option} is either likely or certain: leave out one of the two")
        raise _contradiction("--likely", said.format(option=both[0]))
    clues = [
        *_valued(values),
        *_happenings(happened or [], not_happened or []),
        *_excluded(not_ or []),
        *_beside({"before": before, "after": after}),
    ]
    return Remembered(
        clues=tuple(clues),
        likely=frozenset(map(str, likely or ())),
        certain=sure_of,
        as_of=as_of,
        asked=tuple(map(str, asked or ())),
        cursor=cursor,
        explained=explain,
    )


# What a command takes that ranks calls.
RememberedOptions = Annotated[Remembered, OptionsOf(read_remembered)]


def refuse_more(clues: Sequence[Row], most: int) -> None:
    """Say how many are too many; of agents, of whom any one is meant, too."""
    told = tr("{count} are given, {most} at most are taken at once: leave some out")
    if len(clues) > most:
        options = ", ".join(f"--{each}" for each in dict.fromkeys(map(_option, clues)))
        raise _contradiction(options, told.format(count=len(clues), most=most))
    for clue in clues:
        names = clue.get("values")
        if isinstance(names, list) and len(names) > MAX_AGENTS:
            raise _contradiction("--agent", told.format(count=len(names), most=MAX_AGENTS))


def _contradiction(option: str, told: str) -> typer.BadParameter:
    """What does not go together, with the option by which it was said."""
    return typer.BadParameter(told, param_hint=f"'{option}'")


def option_at(pointer: str, clues: Sequence[Row]) -> str:
    """By which option a clue was given that a refusal points to; "" where it is about no clue."""
    if pointer.startswith("/certain"):
        return "--certain"
    if found := _CLUE.match(pointer):
        clue = clues[int(found[1])]
        option = "not-happened" if clue.get("was") is False else _option(clue)
        return f"--{option}"
    return ""


def _valued(values: dict[str, str]) -> list[Row]:
    return [{"kind": kind, "value": value} for kind, value in values.items() if value]


def _happenings(happened: list[Happened], not_happened: list[Happened]) -> Iterator[Row]:
    for each in happened:
        yield {"kind": "happened", "value": str(each)}
    for each in not_happened:
        yield {"kind": "happened", "value": str(each), "was": False}


def _excluded(calls: list[str]) -> Iterator[Row]:
    for call in calls:
        yield {"kind": "not", "value": call}


def _beside(calls: dict[str, str]) -> Iterator[Row]:
    for side, call in calls.items():
        if call:
            yield {"kind": "beside", "value": call, "side": side}


def _option(clue: Row) -> str:
    """By which option it was given."""
    kind = str(clue.get("side") or clue["kind"])
    return {"agents": "agent", "duration": _DURATION}.get(kind, kind)
