"""What signs around numbers make of them: dates of 7.18 and 10-4, a range of 3日と5日の間.

Pure. Knows no rules of time.
"""

import re
from dataclasses import replace
from typing import Final

from archive.locate.when.numerals import Numeral
from archive.locate.when.pieces import Piece, Pieces

# 5日と9日の間, 15時と17時ごろの間: what stands between "and" and "between".
_WITHIN: Final = re.compile(
    r"(?:(?:[今先来昨翌]?[年月週日]|[午前後朝昼夕夜晩方中頃ごろくらいあたり曜()（）月火水木金土日\d一二三四五六七八九十〇時分半:：/／.]|の(?!間|あいだ)){1,20})の?(?:間|あいだ)"
)
_DASHES: Final = frozenset("-－‐‑‒–—−")
# What stands before a date, and behind it; a letter, a counter or a currency makes it a number.
_BEFORE: Final = re.compile(r"(?:^|[\s、。,，・:：(（「【~〜～のはがに日頃曜年])$")
_BEHIND: Final = re.compile(
    r"$|[\s、。,，・)）」】~〜～]|[(（][月火水木金土日]|に(?![本件個人回割])|の(?!間)|[月火水木金土日]曜|頃|ごろ|付|辺|あたり|前後|くらい|ぐらい|から|まで|以降|以前"
    r"|か|[朝昼夕夜晩深早午]|-(?=\d{1,2}[.-]\d)"
)
_LETTER: Final = re.compile(r"^\s*(?:of|in|am|pm|[a-z%°])", re.IGNORECASE)
_LETTER_BEFORE: Final = re.compile(r"[a-zァ-ヶー#№$¥€£.]\s*$", re.IGNORECASE)
_MOST: Final = (12, 31)


def by_signs(pieces: Pieces, text: str) -> Pieces:
    """The pieces, with signs as the rules read them."""
    put = list(pieces)
    for at, piece in enumerate(pieces):
        if _is_short_date(put, at, text):
            put[at] = replace(piece, kind="/", value=None)
        elif piece.kind == "and" and _is_range(piece, text):
            put[at] = replace(piece, kind="to", value="ja")
    return tuple(put)


def _is_range(piece: Piece, text: str) -> bool:
    told = text[piece.begin : piece.end] == "と"
    return told and _WITHIN.match(text, piece.end) is not None


def _is_short_date(pieces: list[Piece], at: int, text: str) -> bool:
    """The sign of 7.18 or 10-4 where it stands as a date does; 3.5倍, v2.1, 2-3回 are none."""
    sign = pieces[at]
    written = text[sign.begin : sign.end]
    if sign.kind != "." and not (sign.kind == "to" and written in _DASHES):
        return False
    if not 0 < at < len(pieces) - 1:
        return False
    month, day = pieces[at - 1], pieces[at + 1]
    numbers = [each.value for each in (month, day) if isinstance(each.value, Numeral)]
    joined = month.end == sign.begin and sign.end == day.begin
    if len(numbers) < 2 or not joined or any(each.width not in {1, 2} for each in numbers):
        return False
    fits = all(1 <= each.value <= most for each, most in zip(numbers, _MOST, strict=True))
    before, behind = text[: month.begin], text[day.end :]
    return fits and _stands_alone(before, behind)


def _stands_alone(before: str, behind: str) -> bool:
    if _LETTER_BEFORE.search(before) or _LETTER.match(behind):
        return False
    return bool(_BEFORE.search(before) and _BEHIND.match(behind))
