"""Topics of a call: the words of a text that are left when all else has been read.

Pure. Knows no topics; that something is one is told by 〜の件 and "about", else a guess.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archive.locate.clues import GistClue
from archive.locate.request.empty_words import EMPTY_EN, EMPTY_JA, EMPTY_VERBS, VOICES
from archive.locate.request.found import TAKEN, Found
from archive.locate.traced_text import Span

# More guesses than that are a letter, not what a call was about.
MAX_TOPICS: Final = 4
_KANJI: Final = "㐀-䶿一-鿿豈-﫿々〆\U00020000-\U0003ffff"
_PHRASE: Final = re.compile(rf"[^。、,.;:!?()（）「」『』\[\]【】\n\"“”/・~〜|{TAKEN}]+")
_SCRIPT: Final = re.compile(rf"[{_KANJI}]+|[ァ-ヺー]+|[ぁ-ゖ]+|[A-Za-zÀ-ÿ0-9&'’-]+")
_JAPANESE: Final = re.compile(rf"[{_KANJI}ぁ-ゖァ-ヺ]")
_PARTICLE: Final = re.compile(r"(?:[のをにはがでともへや]|から|まで|より|という|として|について)+$")
# Of a noun that is done: 解約したい is 解約.
_TAIL: Final = re.compile(
    r"^(?:し(?:た[いく]?|て|ます|まし)|する|され|でき|だっ|です|でし)[ぁ-ゖ]*$"
)
_MAX_OKURIGANA: Final = 4
_TOLD_JA: Final = re.compile(
    r"\s*(?:の(?:ご?件|こと|話|お?問い?合わ?せ?|ご?相談|届け?出?|ご?依頼|申し?(?:込み?|出)?"
    r"|ご?苦情|お?手続き?|ご?連絡|ご?説明)"
    r"|に?ついて|に関(?:して|する)?|を(?:ご?依頼|お?願い?|希望|相談|申し?込み?))"
)
_TOLD_EN: Final = re.compile(
    r"(?:\b(?:about|abt|regarding|re|subject|concerning|reporting|report|over|because of|due to"
    r"|with respect to|wanted|wants"
    r"|(?:problem|issue|trouble|query|question|complaint)s?\s+(?:with|about|on|over)"
    r"|subject)\s*:?\s+(?:(?:a|an|the|his|her|their|my|some)\s+)*|(?:内容|用件|要件|件名"
    r"|主訴)\s*(?:は|:)\s*)$",
    re.IGNORECASE,
)
_MIN_JA: Final = 2
_MIN_EN: Final = 3


@dataclass(frozen=True, slots=True)
class _Word:
    span: Span
    empty: bool
    topic: bool = True


_COMPOUNDS: Final = re.compile(
    r"\b(?:late|early|monthly|annual|yearly|weekend|night|holiday)\s+(?:fees?|payments?|charges?"
    r"|deliver\w+|cancellation|termination"
    r"|repayment|upgrade|rates?|tariff|bookings?|subscription|pass)\b"
    r"|夜間料金|夜間割引|日割り?(?:計算)?|月額(?:料金)?|月会費|年会費|年間(?:契約|プラン|保守)"
    r"|月末締め?|週末(?:プラン|割引)|休日(?:料金|割増)|日時変更|配送日|工事日"
    r"|営業時間|休業日|定休日|有効期限|支払期日",
    re.IGNORECASE,
)


def find_compounds(text: str) -> Iterator[Found]:
    """Topics in which a word of time stands: "late fee", 年会費."""
    for match in _COMPOUNDS.finditer(text):
        before = _TOLD_EN.search(text[: match.start()])
        begin = match.start() if before is None else before.start()
        yield Found(value=GistClue(match[0]), spans=((begin, match.end()),))


def find_topics(text: str) -> Iterator[Found]:
    """A clue for each phrase that is left and says anything, the told ones first."""
    found = [each for phrase in _PHRASE.finditer(text) for each in _topics(phrase, text)]
    yield from sorted(found, key=lambda each: each.guessed)[:MAX_TOPICS]


def find_left(text: str) -> Iterator[Span]:
    """Of each phrase that is left and says anything: from the first such word to the last."""
    for phrase in _PHRASE.finditer(text):
        words = [each.span for each in _words(phrase) if not each.empty]
        if words:
            yield words[0][0], words[-1][1]


def _topics(phrase: re.Match[str], text: str) -> Iterator[Found]:
    words = _words(phrase)
    while words and not words[0].topic:
        words = words[1:]
    while words and not words[-1].topic:
        words = words[:-1]
    if not words:
        return
    span = (words[0].span[0], words[-1].span[1])
    said = text[slice(*span)]
    after, before = _TOLD_JA.match(text, span[1]), _TOLD_EN.search(text[: span[0]])
    told = after is not None or before is not None
    if told or len(said) >= (_MIN_JA if _JAPANESE.search(said) else _MIN_EN):
        begin = span[0] if before is None else before.start()
        end = span[1] if after is None else after.end()
        yield Found(value=GistClue(said), spans=((begin, end),), guessed=not told)


def _words(phrase: re.Match[str]) -> list[_Word]:
    parts = list(_SCRIPT.finditer(phrase.string, phrase.start(), phrase.end()))
    words: list[_Word] = []
    begin = -1
    for at, part in enumerate(parts):
        follows = parts[at + 1] if at + 1 < len(parts) else None
        joined = follows is not None and follows.start() == part.end()
        if "ぁ" <= part[0][0] <= "ゖ":
            if begin < 0:
                continue
            kana = _TAIL.sub("", part[0]) if not joined else part[0]
            kana = _TAIL.sub("", _PARTICLE.sub("", kana))
            kana = kana if len(kana) <= _MAX_OKURIGANA else ""
            if not (joined and kana == part[0] and len(kana) <= _MIN_JA):
                words.append(_word(phrase.string, (begin, part.start() + len(kana))))
                begin = -1
            continue
        begin = part.start() if begin < 0 else begin
        if not joined:
            words.append(_word(phrase.string, (begin, part.end())))
            begin = -1
    return words


def _word(text: str, span: Span) -> _Word:
    said = text[slice(*span)]
    if not _JAPANESE.search(said):
        letters = sum(each.isalpha() for each in said)
        plain = said.lower().replace("’", "'").strip("'-").removesuffix("'s")
        empty = plain in EMPTY_EN or plain.endswith("n't") or letters < _MIN_EN
        return _Word(span, empty=empty, topic=not empty and plain not in VOICES)
    verb = "ぁ" <= text[span[1] : span[1] + 1] <= "ゖ" or "ぁ" <= said[-1] <= "ゖ"
    stem = re.sub(r"[ぁ-ゖ]+$", "", said)
    parts = re.split(r"[ぁ-ゖ]+", stem)
    empty = said in EMPTY_JA or (verb and stem in EMPTY_VERBS) or all(map(_all_empty, parts))
    voice = all(each in VOICES or _all_empty(each) for each in parts)
    return _Word(span, empty=empty, topic=not empty and not voice)


def _all_empty(word: str) -> bool:
    """It is an empty word, or several of two characters or more: 当方携帯."""
    if word in EMPTY_JA:
        return True
    heads = (at for at in range(_MIN_JA, len(word) - 1) if word[:at] in EMPTY_JA)
    return any(_all_empty(word[at:]) for at in heads)
