"""A text cut into words of time, numbers and signs, in one pass; the rest is "unknown".

Pure. Knows nothing of what they mean together.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from archive.locate.when import words
from archive.locate.when.numerals import CARDINALS, KANJI, ORDINALS, Numeral, read_kanji
from archive.locate.when.pieces import Piece

# A longer one is a telephone's or an order's number.
MAX_DIGITS: Final = 8
_DASHES: Final = frozenset("-‐‑‒–—―−〜~～ｰ")
_SIGNS: Final = frozenset("/:.()+")
_WEEKDAYS: Final = "月火水木金土日"
_GOES_ON: Final = frozenset({"旬初", "線内", *("曜" + each for each in _WEEKDAYS)})
_LATIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz'")
# Kanji that are a word of time alone, and part of many a name.
_SINGLE: Final = frozenset("朝夕夜昼春夏秋冬晩盆頭末頃位約台半前後中早遅付")
# Letters with digits behind them are the number of something, but for these.
_CODE: Final = re.compile(r"([a-z]+)[-_#]?\d[\da-z_-]*")
_LETTERED: Final = re.compile(
    r"(?:[rhst]\d{1,2}|[qh][1-4]|fy\d{2,4}|(?:am|pm)\d{1,2}|(?:mid|[a-z]{3,9})-?\d{1,4}(?:-\d{4}|[ap]m)?)"
)
# Of ISO 8601, between a day and its time.
_SEPARATOR: Final = re.compile(r"(?<=\d)t(?=\d\d:)")
# Week commencing, week ending.
_WEEK_SIGNS: Final = ("w/c", "w/e")
_QUARTER: Final = "四半期"
_KANA_UNIT: Final = re.compile("じ(?![ゃゅょか])|[ふぷ]ん")
# "I.e." is no sentence's end; の分 is that call, の分割 is not.
_THAT_IS: Final = re.compile(r"i\.e\.?(?![a-z])")
_GOES_ON_AS: Final = re.compile("の分(?=[かけらりる㐀-鿿])")
# 先週の水, 10/21・水, 10月21日 水, 10/21水: a weekday by its one kanji, and what may follow it.
_OF_A_WEEK: Final = re.compile("(?:[今先来]々?週|前週|[翌週]週|週間前|週目|第.週)の?[、, ]?$")
_OF_A_DATE: Final = re.compile(r"(?:\d[/.]\d{1,2}|日)[・、, ]+$")
_AFTER_DATE: Final = re.compile(r"\d/\d{1,2}$|\d日$")
_AFTER_WEEKDAY: Final = re.compile(
    r"$|[\s、,。・)）/]|(?:の|に)?(?:[朝昼夕夜午深早約\d]|だいたい|大体|たぶん|多分|おそらく|確か|たしか|$)|[には](?!ち)|の分"
)
_TITLES: Final = ("さん", "様", "さま", "氏", "くん", "君", "ちゃん", "先生")

# Long enough that nothing else is one letter away from them.
_LONG_NAMES: Final = (
    "tuesday", "wednesday", "thursday", "saturday", "january", "february", "september", "october",
    "november", "december",
)  # fmt: skip
# Of short ones, or with more than one slip, those that are frequent; Munday and Sunay are names.
_SLIPS: Final = {
    "mondy": "monday", "mnoday": "monday", "modnay": "monday", "wensday": "wednesday",
    "wendsday": "wednesday", "wenesday": "wednesday", "fridy": "friday", "frday": "friday",
    "firday": "friday", "sudnay": "sunday", "augst": "august",
    "agust": "august", "feburary": "february", "janurary": "january", "setember": "september",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without differences of width and case, and where each character stood."""

    text: str
    origins: tuple[int, ...]  # one more than characters


def fold(text: str) -> Folded:
    """NFKC of each character alone, with its voicing mark; all dashes are one."""
    characters: list[str] = []
    origins: list[int] = []
    for at, character in enumerate(text):
        if character in "ﾞﾟ\u3099\u309a" and characters:
            mark = "\u3099" if character in "ﾞ\u3099" else "\u309a"
            characters[-1] = unicodedata.normalize("NFC", characters[-1] + mark)[0]
            continue
        for each in unicodedata.normalize("NFKC", character).casefold():
            characters.append("-" if each in _DASHES else "'" if each == "’" else each)
            origins.append(at)
    return Folded("".join(characters), (*origins, len(text)))


class _Cutter:
    """One pass over a folded text."""

    def __init__(self, folded: Folded) -> None:
        self.text = folded.text
        self.origins = folded.origins
        self.pieces: list[Piece] = []
        self.lead = ""
        self.opens = -1

    def run(self) -> tuple[Piece, ...]:
        at = 0
        while at < len(self.text):
            at = self._step(at)
        return tuple(self.pieces)

    def _step(self, at: int) -> int:
        character = self.text[at]
        if self.text.startswith(_WEEK_SIGNS, at) and not self._is_inside(at):
            return self._add("week_from", 1 if self.text[at + 2] == "c" else -1, at, at + 3)
        if character.isspace() or _SEPARATOR.match(self.text, at):
            return at + 1
        if character.isascii() and character.isdigit():
            return self._number(at)
        if character in _LATIN:
            return self._hours(at) or self._dotted_word(at) or self._code(at) or self._english(at)
        return (
            self._weekdays(at)
            or self._kana_unit(at)
            or self._japanese(at)
            or self._kanji(at)
            or self._sign(at, character)
        )

    def _is_inside(self, at: int) -> bool:
        """Does a word go on here, or behind the three characters?"""
        around = self.text[max(at - 1, 0) : at] + self.text[at + 3 : at + 4]
        return any(each in _LATIN for each in around)

    def _add(self, kind: str, value: object, begin: int, end: int) -> int:
        first, opens = self.origins[begin], self.opens
        if kind == "unknown" and self.pieces and self.pieces[-1].kind == "unknown":
            before = self.pieces.pop()
            first, opens = before.begin, before.opens
        self.pieces.append(
            Piece(
                kind=kind,
                value=value,
                begin=first,
                end=self._origin(end),
                lead=self.lead,
                opens=opens,
            )
        )
        self.lead, self.opens = "", -1
        return end

    def _fill(self, word: str, at: int, end: int) -> int:
        """A filler; the first of several says what is led, "the" says nothing."""
        if word not in words.LEADS:
            self.lead, self.opens = word, -1
            return end
        if self.lead in {"", "the"} or self.opens < 0:
            self.lead = word
        if self.opens < 0:
            self.opens = self.origins[at]
        return end

    def _origin(self, end: int) -> int:
        """Behind the character of the text that the last folded one came of."""
        return (
            self.origins[end]
            if self.origins[end] > self.origins[end - 1]
            else (self.origins[end - 1] + 1)
        )

    def _number(self, at: int) -> int:
        end = at
        while end < len(self.text) and self.text[end].isascii() and self.text[end].isdigit():
            end += 1
        if end - at > MAX_DIGITS:
            return self._add("unknown", None, at, end)
        value = Numeral(value=int(self.text[at:end]), width=end - at)
        suffix = self.text[end : end + 2]
        if suffix in {"st", "nd", "rd", "th"} and self.text[end + 2 : end + 3] not in _LATIN:
            end += 2
            value = Numeral(value=value.value, width=value.width, written="ordinal")
        return self._add("n", value, at, end)

    def _code(self, at: int) -> int | None:
        """A-20458, BX77120: a number of something; R8, Q3, Oct21 are not."""
        found = _CODE.match(self.text, at)
        if found is None:
            return None
        letters = found.group(1)
        if letters in {"am", "pm"} and at and self.text[at - 1].isdigit():
            return None  # 3pm-5pm
        timely = len(letters) == 1 or letters in words.EN
        if _LETTERED.fullmatch(found.group()) and timely:
            return None
        return self._add("unknown", None, at, found.end())

    def _hours(self, at: int) -> int | None:
        """15h, 15h30, 1500h."""
        before = self.pieces[-1] if self.pieces else None
        if self.text[at] != "h" or self.text[at + 1 : at + 2] in (*_LATIN, "'"):
            return None
        if before is None or before.end != self.origins[at]:
            return None
        if not isinstance(before.value, Numeral) or before.value.width not in {2, 4}:
            return None
        return self._add("oclock" if before.value.width > 2 else "h", None, at, at + 1)

    def _dotted_word(self, at: int) -> int | None:
        """I.e., approx."""
        if found := _THAT_IS.match(self.text, at):
            return self._fill("i.e.", at, found.end())
        (end, *_) = self._word_ends(at)
        dotted = self.text[at:end] + "."
        if dotted not in words.EN or not self.text.startswith(".", end):
            return None
        return self._add(*words.EN[dotted], at, end + 1)

    def _english(self, at: int) -> int:
        ends = self._word_ends(at)
        for end in reversed(ends):
            phrase = " ".join(self.text[at:end].replace("-", " ").split())
            for spelled in (phrase, phrase.removesuffix("'s"), phrase.removesuffix("'")):
                if spelled in words.EN:
                    return self._add(*words.EN[spelled], at, end)
            if phrase in words.FILLERS:
                return self._fill(phrase, at, end)
        word = self.text[at : ends[0]]
        if (slipped := _without_slip(word)) in words.EN:
            return self._add(*words.EN[slipped], at, ends[0])
        if word in words.JA:  # gw
            return self._add(*words.JA[word], at, ends[0])
        return self._number_word(word, at, ends[0])

    def _number_word(self, word: str, at: int, end: int) -> int:
        if word in CARDINALS:
            return self._add("n", Numeral(value=CARDINALS[word], written="word"), at, end)
        if word not in ORDINALS:
            return self._add("unknown", None, at, end)
        tens = [each for each in self.pieces[-2:] if each.value != "sign"]
        last = tens[-1].value if tens else None
        value = Numeral(value=ORDINALS[word], written="ordinal")
        if isinstance(last, Numeral) and last.written == "word" and last.value in {20, 30}:
            while self.pieces[-1].value == "sign":  # twenty-first
                self.pieces.pop()
            begin = self.pieces.pop()
            value = Numeral(value=last.value + value.value, written="ordinal")
            self.opens, self.lead = begin.opens, begin.lead
            return self._add("n", value, self.origins.index(begin.begin), end)
        return self._add("n", value, at, end)

    def _word_ends(self, at: int) -> list[int]:
        """The ends of one, two, three or four words from here."""
        ends: list[int] = []
        while len(ends) < words.LONGEST_EN:
            end = at
            while end < len(self.text) and (
                self.text[end] in _LATIN or (self.text[end] == "." and self._dotted(end))
            ):
                end += 1
            if end == at:
                break
            ends.append(end)
            at = end
            while at < len(self.text) and self.text[at] in " -" and at - end < 2:
                at += 1
        return ends

    def _dotted(self, at: int) -> bool:
        """Is the dot one of a.m. or p.m.?"""
        return any(
            self.text.startswith(half, at - back)
            for half in ("a.m", "p.m")
            for back in (1, 3)
            if at >= back
        )

    def _kana_unit(self, at: int) -> int | None:
        """15じ, 30ぷん; 3じゃない, 2じかん are none."""
        before = self.pieces[-1] if self.pieces else None
        found = _KANA_UNIT.match(self.text, at)
        if found is None or before is None or before.kind != "n" or before.end != self.origins[at]:
            return None
        return self._add("時" if found.group() == "じ" else "分", None, at, found.end())

    def _weekdays(self, at: int) -> int | None:
        """土日, 火・木曜, 月か火, 月-金: two or more kanji of weekdays, or one in brackets."""
        if self.text[at] in _WEEKDAYS and self._is_one_weekday(at):
            return self._add("weekday", frozenset({_WEEKDAYS.index(self.text[at])}), at, at + 1)
        if self.text[at] not in _WEEKDAYS or (self.pieces and self.pieces[-1].kind == "n"):
            return None
        days = [_WEEKDAYS.index(self.text[at])]
        end = at + 1
        if at and self.text[at - 1] + self.text[end : end + 1] == "()":
            return self._add("weekday", frozenset(days), at, end)
        while end < len(self.text):
            sign = self.text[end] if self.text[end] in "・/-、,か" else ""
            follows = self.text[end + len(sign) : end + len(sign) + 1]
            if not follows or follows not in _WEEKDAYS:
                break
            day = _WEEKDAYS.index(follows)
            first = days[-1] + 1 if sign == "-" else day
            days += [(first + each) % 7 for each in range((day - first) % 7 + 1)]
            end += len(sign) + 1
        return self._named_days(days, at, end)

    def _is_one_weekday(self, at: int) -> bool:
        """Does one kanji stand where only a weekday does: 先週の水, 10/21・水, 10/21水?"""
        before = self.text[max(at - 8, 0) : at]
        if not _AFTER_WEEKDAY.match(self.text, at + 1):
            return False
        beside = _AFTER_DATE.search(before) and self.text[at] not in "月日"
        return bool(beside or _OF_A_WEEK.search(before) or _OF_A_DATE.search(before))

    def _named_days(self, days: list[int], at: int, end: int) -> int | None:
        told = re.compile("曜日?").match(self.text, end)
        end = told.end() if told else end
        follows = self.text[end : end + 1]
        name = self.text.startswith(_TITLES, end) or (
            follows and _is_kanji(follows) and follows not in _SINGLE and follows not in KANJI
        )
        if len(days) < 2 or (name and not told) or follows == "祝":
            return None
        return self._add("weekday", frozenset(days), at, end)

    def _japanese(self, at: int) -> int | None:
        for length in range(min(words.LONGEST_JA, len(self.text) - at), 0, -1):
            word = self.text[at : at + length]
            if word in words.FILLERS and length > 1 and not _GOES_ON_AS.match(self.text, at):
                return self._fill(word, at, at + length)
            if word in words.JA and self._stands_alone(word, at) and not self._is_cut(word, at):
                kind, value = words.JA[word]
                name = kind == "stop" or self.text.startswith(_TITLES, at + length)
                return self._add("unknown" if name else kind, value, at, at + length)
        if self.text[at] in words.FILLERS and self.text[at] not in _SIGNS:
            return self._fill(self.text[at], at, at + 1)
        return None

    def _is_cut(self, word: str, at: int) -> bool:
        """前の日曜 is no 前の日, 9月初旬 no 月初, 午後一時 no 午後一, 15分から no 分から(ない)."""
        follows = self.text[at + len(word) : at + len(word) + 1]
        before = self.pieces[-1] if self.pieces else None
        if word.startswith("分か") and before and before.kind == "n":
            return before.end == self.origins[at]
        counted = word[-1] == "一" and (follows == "時" or follows in KANJI)
        return len(word) > 1 and (counted or follows + word[-1] in _GOES_ON)

    def _stands_alone(self, word: str, at: int) -> bool:
        """A name begins, ends or is what is otherwise a word of time."""
        end = at + len(word)
        if word not in _SINGLE:
            return True
        before = self.pieces[-1] if self.pieces else None
        if before and before.kind == "unknown" and before.end == self.origins[at]:
            return not _is_kanji(self.text[at - 1])
        follows = self.text[end : end + 1]
        if not follows or not _is_kanji(follows) or follows in KANJI:
            return True
        rest = self.text[end : end + words.LONGEST_JA]
        return any(rest[:length] in words.JA for length in range(1, len(rest) + 1))

    def _kanji(self, at: int) -> int | None:
        end = at
        while end < len(self.text) and self.text[end] in KANJI:
            if end > at and self.text.startswith(_QUARTER, end):
                break  # 第二四半期
            end += 1
        if end == at:
            return None
        if end - at > MAX_DIGITS:
            return self._add("unknown", None, at, end)
        return self._add("n", read_kanji(self.text[at:end]), at, end)

    def _sign(self, at: int, character: str) -> int:
        if character in {"-", "ー"}:
            return self._add("to", "sign", at, at + 1)
        if character in _SIGNS:
            return self._add(character, None, at, at + 1)
        return self._add("unknown", None, at, at + 1)


def _without_slip(word: str) -> str:
    """The weekday or month that a word is, but for a slip; the word itself where it is none."""
    if word in _SLIPS:
        return _SLIPS[word]
    return next((each for each in _LONG_NAMES if each[0] == word[0] and _is_slip(word, each)), word)


def _is_slip(word: str, name: str) -> bool:
    """Is one letter missing, too many or another one, or do two stand the wrong way round?"""
    if abs(len(word) - len(name)) > 1 or word == name:
        return False
    at = next((n for n, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), len(name))
    rest, other = word[at:], name[at:]
    swapped = len(rest) > 1 and rest[1] + rest[0] + rest[2:] == other
    return rest[1:] == other or rest == other[1:] or rest[1:] == other[1:] or swapped


def _is_kanji(character: str) -> bool:
    return "㐀" <= character <= "鿿" or "豈" <= character <= "﫿" or character in "々𠮷"


def cut(folded: Folded) -> tuple[Piece, ...]:
    """The text's pieces in their order, without fillers and blanks; spans are those of the text."""
    return _Cutter(folded).run()
