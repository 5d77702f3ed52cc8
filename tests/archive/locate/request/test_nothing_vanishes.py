"""Every word of a text is read, is shown as not used, or is known to say nothing."""

import random
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from archive.locate.request.empty_words import EMPTY_EN, EMPTY_JA
from archive.locate.request.request import read_request
from archive.locate.when.reader import MAX_TEXT, read_when
from archive.locate.when.values import Calendar
from tests.support.archive.told_requests import KNOWN

TOKYO: Final = ZoneInfo("Asia/Tokyo")
NOW: Final = datetime(2026, 11, 1, tzinfo=TOKYO)
CALENDAR: Final = Calendar(country="JP", date_order="month_first", fiscal_month=4)
PHRASES: Final = tomllib.loads(Path("eval/phrases/open.toml").read_text())
SLOT: Final = re.compile(r"\{(\w+)(?::\w+)?\}")
# Digits, names and topics; of other places a number.
VALUES: Final = {
    "digits": "7788",
    "number": "090-1234-7788",
    "team": "契約",
    "queue": "billing",
    "topic": "解約",
    "agent": "Nakata",
    "name": "Tanaka",
    "customer": "Reed",
    "surname": "中田",
    "tag": "vip",
    "order": "1234567",
}
WORD: Final = re.compile(r"[A-Za-z]{3,}(?:['’][a-z]+)?|\d+|[一-鿿]{2,}|[ァ-ヺー]{2,}")
# Of a word that is done: 思 of 思います.
VERB: Final = re.compile(r"(?<=[一-鿿])[ぁ-ゖ]")


def filled(template: str) -> str:
    return SLOT.sub(lambda slot: VALUES.get(slot[1], "10"), template)


def phrases() -> list[str]:
    every: list[dict[str, Any]] = PHRASES["template"]
    return sorted({filled(text) for each in every for text in each["texts"]})


def vanished(text: str) -> list[str]:
    """The words of a text that nobody hears of again."""
    request = read_request(text, now=NOW, zone=TOKYO, calendar=CALENDAR, country="JP", known=KNOWN)
    spans = [*(each.span for each in request.clues), *request.unused]
    return [
        each[0]
        for each in WORD.finditer(text)
        if not is_empty(each[0])
        and not any(begin < each.end() and each.start() < end for begin, end in spans)
    ]


def is_empty(word: str) -> bool:
    plain = word.lower().replace("’", "'")
    if plain.isascii():
        return plain.removesuffix("'s") in EMPTY_EN or plain.endswith("n't")
    heads = (at for at in range(1, len(word)) if word[:at] in EMPTY_JA)
    return word in EMPTY_JA or any(is_empty(word[at:]) for at in heads)


@pytest.mark.parametrize("text", phrases())
def test_no_word_of_a_phrase_vanishes(text: str) -> None:
    assert vanished(text) == []


def test_no_word_of_phrases_thrown_together_vanishes() -> None:
    """2,000 texts of up to four phrases, and of words that nobody has thought of."""
    chance = random.Random(7)  # noqa: S311  # the same texts each time
    some = [*phrases(), "Zakrzewski", "粗大ゴミ", "xy12", "¥5,000", "3 times", "not Tanaka", "2601"]
    for _ in range(2_000):
        text = chance.choice(("、", ", ", " ", "。", " / ")).join(
            chance.choices(some, k=chance.randrange(1, 5))
        )
        assert (text, vanished(text)) == (text, [])


def told_of_time(text: str) -> str:
    """The text without what its time is made of, and without what is said to be left over."""
    reading = read_when(text, now=NOW, zone=TOKYO, calendar=CALENDAR)
    spans = [*((each.begin, each.end) for each in reading.understood), *reading.unused]
    for begin, end in (*spans, *reading.void):
        text = text[:begin] + "\0" * (end - begin) + text[end:]
    return text


def test_no_word_of_a_time_is_neither_used_nor_told() -> None:
    """Of every phrase, and of 500 mixed ones with days that are counted from a holiday."""
    chance = random.Random(66)  # noqa: S311  # the same texts each time
    some = [*phrases(), "the Tuesday before the holiday", "祝日の前の火曜日", "my holiday"]
    mixed = [
        chance.choice(("、", ", ", " ", "。")).join(chance.sample(some, 2)) for _ in range(500)
    ]
    for text in (*some, *mixed):
        rest = told_of_time(text[:MAX_TEXT])
        assert (text, [each for each in WORD.findall(rest) if not is_empty(each)]) == (text, [])
