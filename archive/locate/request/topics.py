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
_PHRASE: Final = re.compile(
    rf"(?:(?!\s[-–—]\s)[^。、,.;:!?()（）「」『』\[\]【】\n\"“”/・~〜|{TAKEN}])+"
)
_SCRIPT: Final = re.compile(rf"(?:(?!以外)[{_KANJI}])+|[ァ-ヺー]+|[ぁ-ゖ]+|[A-Za-zÀ-ÿ0-9&'’-]+")
_JAPANESE: Final = re.compile(rf"[{_KANJI}ぁ-ゖァ-ヺ]")
_PARTICLE: Final = re.compile(
    r"(?:[のをにはがでともへや]|から|まで|より|という|として|について)+[おご]?$"
)
# Of a noun that is done: 解約したい is 解約.
_TAIL: Final = re.compile(
    r"^(?:し(?:た[いく]?|て|ます|まし)|する|され|でき|だっ|です|でし)[ぁ-ゖ]*$"
)
# 解約を申し込んだ時
_WHEN: Final = re.compile(r"(?<=[ぁ-ゖ])(?:時|際|日|方|旨|件|電話|通話)$")
_MAX_OKURIGANA: Final = 4
_TOLD_JA: Final = re.compile(
    r"\s*(?:の(?:ご?件|お?電話(?!番号|機|代|料|口|回線)|通話(?!料)|こと|話|お?問い?合わ?せ?|ご?相談|届け?出?|ご?依頼|申し?(?:込み?|出)?"
    r"|ご?苦情|お?手続き?|ご?連絡|ご?説明)"
    r"|に?ついて|に関(?:して|する)?|を(?:ご?依頼|お?願い?|希望|相談|申し?込み?))"
)
# What follows is what it was about, to the end of the phrase.
_CUE_EN: Final = re.compile(
    r"\b(?:about|abt|regarding|re|subject|topic|concerning|reporting|report|over|because of|due to"
    r"|with respect to|with regard to|in connection with|wanted|wants"
    r"|(?:problem|issue|trouble|query|question|enquiry|inquiry)s?\s+(?:with|about"
    r"|on|over|regarding|concerning))"
    r"\b\s*(?:was|is|:)?\s*[「『\"“]?(?:(?:to|a|an|the|his|her|their|my|some)\s+)*"
    r"|(?:内容|用件|要件|件名|主訴|題名|テーマ)(?:\s*(?:は|が|:)\s*|\s+)[「『\"“]?",
    re.IGNORECASE,
)
_QUOTES: Final = {"「": "」", "『": "』", "“": "”", '"': '"'}
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
        begin = next(
            (each.start() for each in _CUE_EN.finditer(text) if each.end() == match.start()),
            match.start(),
        )
        yield Found(value=GistClue(match[0]), spans=((begin, match.end()),))


def find_topics(text: str) -> Iterator[Found]:
    """A clue for each phrase that is left and says anything, the told ones first."""
    found = [each for phrase in _phrases(text) if (each := _topic(phrase, text))]
    yield from sorted(found, key=lambda each: each.guessed)[:MAX_TOPICS]


def find_left(text: str) -> Iterator[Span]:
    """Of each phrase that is left and says anything: from the first such word to the last."""
    for phrase in _phrases(text):
        words = [each.span for each in _words(text, phrase.span) if not each.empty]
        if words:
            yield words[0][0], words[-1][1]


def bare_topic(text: str) -> str:
    """What a text is about, without the words that say that it is."""
    begin = cue.end() if (cue := _CUE_EN.match(text)) else 0
    end = next((each.start() for each in _TOLD_JA.finditer(text) if each.end() == len(text)), None)
    return text[begin:end].strip() or text


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A stretch without a stop in it; `cue` is where words begin that say what it is."""

    span: Span
    cue: int | None = None


def _phrases(text: str) -> Iterator[_Phrase]:
    """Each phrase, in two where a cue stands in it."""
    cues = {each.end(): each.start() for each in _CUE_EN.finditer(text)}
    for phrase in _PHRASE.finditer(text):
        begin, end = phrase.span()
        inside = sorted(at for at in cues if begin <= at < end)
        ends = [*(max(cues[at], begin) for at in inside), end]
        yield _Phrase((begin, ends[0]))
        for at, until in zip(inside, ends[1:], strict=True):
            yield _Phrase((at, max(at, until)), cues[at])


def _topic(phrase: _Phrase, text: str) -> Found | None:
    words = _words(text, phrase.span)
    while words and not words[0].topic:
        words = words[1:]
    while words and not words[-1].topic:
        words = words[:-1]
    if not words:
        return None
    begin, end = words[0].span[0], words[-1].span[1]
    after = _TOLD_JA.match(text, end)
    end = end - len(when[0]) if (when := _WHEN.search(text[begin:end])) else end
    said = text[begin:end]
    told = phrase.cue is not None or after is not None or _is_quoted(text, phrase.span)
    if not told and len(said) < (_MIN_JA if _JAPANESE.search(said) else _MIN_EN):
        return None
    whole = begin if phrase.cue is None else phrase.cue, end if after is None else after.end()
    return Found(value=GistClue(said), spans=(whole,), guessed=not told)


def _is_quoted(text: str, span: Span) -> bool:
    before, behind = text[span[0] - 1 : span[0]], text[span[1] : span[1] + 1]
    return bool(before) and _QUOTES.get(before) == behind


def _words(text: str, span: Span) -> list[_Word]:
    parts = list(_SCRIPT.finditer(text, *span))
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
                words.append(_word(text, (begin, part.start() + len(kana))))
                begin = -1
            continue
        begin = part.start() if begin < 0 else begin
        if not joined:
            words.append(_word(text, (begin, part.end())))
            begin = -1
    return words


def _word(text: str, span: Span) -> _Word:
    said = text[slice(*span)]
    if not _JAPANESE.search(said):
        letters = sum(each.isalpha() for each in said)
        plain = said.lower().replace("’", "'").strip("'-").removesuffix("'s")
        empty = (
            plain in EMPTY_EN or plain.endswith("n't") or re.fullmatch(r"\D?", plain) is not None
        )
        topic = not empty and letters >= _MIN_EN and plain not in VOICES
        return _Word(span, empty=empty, topic=topic)
    verb = "ぁ" <= text[span[1] : span[1] + 1] <= "ゖ" or "ぁ" <= said[-1] <= "ゖ"
    stem = re.sub(r"[ぁ-ゖ]+$", "", said)
    parts = re.split(r"[ぁ-ゖ]+", stem)
    empty = said in EMPTY_JA or (verb and stem in EMPTY_VERBS) or all(map(_all_empty, parts))
    voice = all(map(_all_void, parts))
    return _Word(span, empty=empty, topic=not empty and not voice)


def _all_empty(word: str, words: frozenset[str] = EMPTY_JA) -> bool:
    """It is one of these words, or several of two characters or more: 当方携帯."""
    if word in words:
        return True
    heads = (at for at in range(_MIN_JA, len(word) - 1) if word[:at] in words)
    return any(_all_empty(word[at:], words) for at in heads)


def _all_void(word: str) -> bool:
    """男性オペレーター: of whoever spoke."""
    return _all_empty(word, EMPTY_JA | VOICES)
