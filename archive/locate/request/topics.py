"""Topics of a call: the words of a text that are left when all else has been read.

Pure. Knows no topics; that something is one is told by 〜の件 and "about", else a guess.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from archive.locate.clues import GistClue
from archive.locate.request.carrier_words import ASKS_JA, BESIDE_VERBS, BIDDEN, CARRIERS, SAID_VERBS
from archive.locate.request.empty_words import EMPTY_EN, EMPTY_JA, EMPTY_VERBS, VOICES
from archive.locate.request.found import TAKEN, Found
from archive.locate.request.topic_cues import CUE_AFTER, CUE_BEFORE, STRONG
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
_QUOTES: Final = {"「": "」", "『": "』", "“": "”", '"': '"'}
_CARRIERS: Final = EMPTY_JA | CARRIERS
# A word is looked at with so much before it.
_NEAR: Final = 40
_MIN_JA: Final = 2
_MIN_EN: Final = 3


@dataclass(frozen=True, slots=True)
class _Word:
    span: Span
    empty: bool
    topic: bool = True  # may be one where words say so
    carrier: bool = False  # and is none where they do not


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
            (each.start() for each in CUE_BEFORE.finditer(text) if each.end() == match.start()),
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
    begin = cue.end() if (cue := CUE_BEFORE.match(text)) else 0
    end = next((each.start() for each in CUE_AFTER.finditer(text) if each.end() == len(text)), None)
    return text[begin:end].strip() or text


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A stretch without a stop in it; words that say what it is begin at `cue`, end at `after`."""

    span: Span
    cue: int | None = None
    after: int | None = None


def _phrases(text: str) -> Iterator[_Phrase]:
    """Each phrase, in two where a cue stands in it."""
    cues = {each.end(): each.start() for each in CUE_BEFORE.finditer(text)}
    for phrase in _PHRASE.finditer(text):
        begin, end = phrase.span()
        inside = sorted(at for at in cues if begin <= at < end)
        ends = [*(max(cues[at], begin) for at in inside), end]
        yield from _told_behind(_Phrase((begin, ends[0])), text)
        for at, until in zip(inside, ends[1:], strict=True):
            yield from _told_behind(_Phrase((at, max(at, until)), cues[at]), text)


def _told_behind(phrase: _Phrase, text: str) -> Iterator[_Phrase]:
    """A phrase in two behind each cue that stands directly behind a topic."""
    for match in CUE_AFTER.finditer(text, *phrase.span):
        begin, end = phrase.span
        if not _is_behind(text, begin, match):
            continue
        if match[0].startswith("の"):  # 引っ越しの手続きについて
            further = CUE_AFTER.match(text, match.end(), end)
            if further is not None and _is_behind(text, begin, further):
                continue
        yield replace(phrase, span=(begin, match.start()), after=match.end())
        phrase = _Phrase((match.end(), end))
    yield phrase


def _is_behind(text: str, begin: int, cue: re.Match[str]) -> bool:
    """What stands directly before it may be a topic."""
    words = _words(text, (begin, cue.start()))
    return bool(words) and words[-1].topic and words[-1].span[1] == cue.start()


def _topic(phrase: _Phrase, text: str) -> Found | None:
    words = _words(text, phrase.span)
    told = phrase.cue is not None or phrase.after is not None or _is_quoted(text, phrase.span)
    at = [at for at, each in enumerate(words) if each.topic]
    about = [one for one in at if not words[one].carrier]
    if not (at if told else about) or (not told and ASKS_JA.search(text[slice(*phrase.span)])):
        return None
    # What stands at the cue is of it, whatever it is.
    first = min(at if phrase.cue is not None else about or at)
    last = max(at if phrase.after is not None else about or at)
    begin, end = words[first].span[0], words[last].span[1]
    end = end - len(when[0]) if (when := _WHEN.search(text[begin:end])) else end
    said = text[begin:end]
    if not told and len(said) < (_MIN_JA if _JAPANESE.search(said) else _MIN_EN):
        return None
    whole = begin if phrase.cue is None else phrase.cue, phrase.after or end
    if told and not about and not STRONG.search(text[whole[0] : begin] + text[end : whole[1]]):
        return None
    return Found(value=GistClue(said), spans=(whole,), guessed=not (told and about))


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
        bidden = BIDDEN.search(text, max(span[0] - _NEAR, 0), span[0])
        return _Word(span, empty=empty, topic=topic, carrier=plain in CARRIERS or bool(bidden))
    verb = "ぁ" <= text[span[1] : span[1] + 1] <= "ゖ" or "ぁ" <= said[-1] <= "ゖ"
    stem = re.sub(r"[ぁ-ゖ]+$", "", said)
    parts = re.split(r"[ぁ-ゖ]+", stem)
    empty = said in EMPTY_JA or (verb and stem in EMPTY_VERBS) or all(map(_all_empty, parts))
    voice = all(map(_all_void, parts))
    inflected = verb or len(parts) > 1
    carrier = said in CARRIERS or all(_all_empty(each, _CARRIERS) for each in parts)
    carrier = carrier or (inflected and _is_said(parts))
    return _Word(span, empty=empty, topic=not empty and not voice, carrier=carrier)


def _all_empty(word: str, words: frozenset[str] = EMPTY_JA) -> bool:
    """It is one of these words, or several of two characters or more: 当方携帯."""
    if word in words:
        return True
    heads = (at for at in range(_MIN_JA, len(word) - 1) if word[:at] in words)
    return any(_all_empty(word[at:], words) for at in heads)


def _all_void(word: str) -> bool:
    """男性オペレーター: of whoever spoke."""
    return _all_empty(word, EMPTY_JA | VOICES)


def _is_said(parts: list[str]) -> bool:
    """言った言わない, 聞き直したい, 短い感じ: a verb of saying, and what is made of it."""
    also = SAID_VERBS | BESIDE_VERBS | _CARRIERS
    if parts[0] in EMPTY_VERBS and parts[1:]:
        also = also if parts[0] in SAID_VERBS else _CARRIERS
    elif parts[0] not in SAID_VERBS:
        return False
    return all(each in also for each in parts[1:])
