"""Two names in one run of kana, of which either may be meant: たなかかなかた, みなみもしくはみみな.

Pure. One of them is known, and the other known or made of the same sounds: か stands in names too.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archive.locate.request.known_names import KnownNames
from archive.locate.request.name_shapes import is_like_kana_name
from archive.locate.traced_text import Span
from archive.locate.who.titles import TITLE_JA

_RUN: Final = re.compile(r"[ぁ-ゖー]{5,40}")
_OR: Final = re.compile(r"もしくは|または|あるいは|それとも|ないし|か")
# Behind a word a particle stands before the name, at the beginning of a phrase it is of it.
_PARTICLE: Final = re.compile(r"[はがのとにでも]")
_WORD: Final = re.compile(r"[一-鿿々ァ-ヺーA-Za-z0-9]")
_BEHIND: Final = re.compile(
    r"さん|さま|くん|という|って|とか|との|と|が|に|で|だ|の|を|は|も|どちら"
)
_TITLED: Final = re.compile(rf"{TITLE_JA}$")
# What tells of names before them in their run, and what does behind them.
_TELLS: Final = re.compile(
    r"(?:担当(?:者|の方)?|オペレーター?|(?:応|対|受)[対応電付]者?|受け手|相手|名前|人|方|者"
    r"|[たっ]の)(?:は|が|の)?\s*[:=]?\s*$"
)
_TOLD: Final = re.compile(rf"{TITLE_JA}|と(?:いう|名乗|聞こえ|話)|って|のどちら|のいずれ")
_WHO: Final = re.compile(r"(?<=[たっ]の)[はが]")
_MIN: Final = 2
_MAX: Final = 8
_MOST_ENDS: Final = 4
# Of the longer name this part of its kana stands in the other: ぎむら, きむら.
_ALIKE: Final = 0.5
_PLAIN: Final = str.maketrans(
    "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽ",
    "かきくけこさしすせそたちつてとはひふへほはひふへほ",
)


@dataclass(frozen=True, slots=True)
class EitherName:
    """Both names, and where they stand."""

    names: tuple[str, str]
    span: Span


def find_either(text: str, known: KnownNames) -> Iterator[EitherName]:
    """Find each such pair of a text."""
    for run in _RUN.finditer(text):
        begins = {run.start()}
        before = text[run.start() - 1 : run.start()]
        if _WORD.match(before) and _PARTICLE.match(run[0]):
            begins = {run.start() + 1}
        begins |= {each.end() for each in _WHO.finditer(text, *run.span())}
        if (found := _best(run, begins, known)) is not None:
            yield found


def both_names(name: str, known: KnownNames) -> tuple[str, ...]:
    """The two names that a name is, else itself."""
    run = _RUN.fullmatch(name)
    found = None if run is None else _best(run, {0}, known)
    return (name,) if found is None else found.names


def _best(run: re.Match[str], begins: set[int], known: KnownNames) -> EitherName | None:
    pairs = [pair for between in _between(run) for pair in _pairs(run, between, begins)]
    rated = [(rate, pair) for pair in pairs if (rate := _rate(run.string, pair, known)) > 0]
    return max(rated, key=lambda each: each[0])[1] if rated else None


def _between(run: re.Match[str]) -> Iterator[Span]:
    for each in re.finditer(rf"(?=({_OR.pattern}))", run[0]):
        yield run.start() + each.start(1), run.start() + each.end(1)


def _pairs(run: re.Match[str], between: Span, begins: set[int]) -> Iterator[EitherName]:
    text, (end, again) = run.string, between
    for begin in begins:
        one = _TITLED.sub("", text[begin:end])
        if not _MIN <= len(one) <= _MAX:
            continue
        for last in _ends(run, again):
            other = _TITLED.sub("", text[again:last])
            if _MIN <= len(other) <= _MAX:
                yield EitherName((one, other), (begin, last))


def _ends(run: re.Match[str], begin: int) -> list[int]:
    """Where a name may end: where the run does, or before what stands behind names."""
    some = [
        at
        for at in range(begin + _MIN, min(run.end(), begin + _MAX + 1))
        if _BEHIND.match(run.string, at, run.end())
    ]
    return [*some[:_MOST_ENDS], run.end()]


def _rate(text: str, pair: EitherName, known: KnownNames) -> float:
    """How surely both are names; 0 where they are not."""
    names, (begin, end) = pair.names, pair.span
    one, other = (Counter(each.translate(_PLAIN)) for each in names)
    alike = (one & other).total() / max(one.total(), other.total())
    are_known = sum(map(known.is_person, names))
    if are_known == len(names) or (are_known and alike >= _ALIKE):
        return are_known + alike
    # Names that nobody knows: they are told as such, and one is heard for the other.
    told = (
        _TELLS.search(text, 0, begin) or _TOLD.match(text, end) or _TITLED.search(text, begin, end)
    )
    if alike >= _ALIKE and told and all(map(is_like_kana_name, names)):
        return alike
    return 0.0
