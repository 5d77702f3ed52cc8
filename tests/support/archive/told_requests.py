"""Clues as tests write them, and the names of a site by which their sentences are read."""

from archive.locate.clues import (
    AgentClue,
    Clue,
    CustomerClue,
    DeniedClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    HappenedClue,
    IdClue,
    LengthClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
)
from archive.locate.numbers import RememberedNumber
from archive.locate.request.known_names import known_names
from archive.locate.request.lengths import MAX_MS
from archive.locate.request.sentence import Request

KNOWN = known_names(
    people=[
        "田中 真由", "たなか まゆ", "Tanaka Mayu", "中田 恵", "なかた めぐみ", "Nakata Megumi",
        "渡邉 大輔", "わたなべ だいすけ", "髙橋 美咲", "たかはし みさき", "Takahashi Misaki",
        "伊東 健", "いとう けん", "森 歩", "もり あゆむ", "Mori Ayumu", "Karen Smyth", "Tom Becker",
        "Catherine Reed", "Kathryn Reid", "Priya Raman",
    ],
    ids=["A01"],
    extensions=["2601"],
    teams=["契約", "accounts"],
    queues=["受付", "契約", "解約", "配送", "夜間", "billing", "orders"],
)  # fmt: skip


def told(value: Value, text: str) -> str:
    match value:
        case DeniedClue(denied):
            return f"not {told(denied, text)}"
        case AgentClue(names) | CustomerClue(names) | QueueClue(names) | TeamClue(names):
            words = "|".join(names)
        case NumberClue(number) | DialledClue(number):
            words = told_number(number)
        case ExtensionClue(number):
            words = number.digits
        case LengthClue(min_ms=least, max_ms=most, about_ms=about):
            words = told_length(least, most, about)
        case GistClue(text) | IdClue(text):
            words = text
        case _:
            return told_course(value, text)
    kind = Clue(value=value).kind
    return f"{'about' if kind == 'gist' else kind} {words}"


def told_course(value: Value, text: str) -> str:
    match value:
        case DirectionClue(direction):
            return direction
        case HappenedClue(what, was):
            return what if was else f"not {what}"
        case _:
            return f"when {text}"


def told_number(number: RememberedNumber) -> str:
    ending = f"+{number.ending}" if number.ending else ""
    return f"{number.form} {number.reason or number.digits}{ending}"


def told_length(least: int, most: int, about: int | None) -> str:
    if about is not None:
        return str(about // 1000)
    if most == MAX_MS:
        return f">{least // 1000}"
    return f"{least // 1000}-{most // 1000}" if least else f"<{most // 1000}"


def told_request(request: Request, text: str) -> list[str]:
    told_clues = []
    for clue in request.clues:
        words = told(clue.value, text[slice(*clue.span)])
        kind, space, rest = words.partition(" ")
        told_clues.append(f"{kind}?{space}{rest}" if clue.guessed else words)
    return told_clues
