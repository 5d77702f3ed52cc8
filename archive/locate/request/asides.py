"""Asides of a text about other calls than the one that is sought.

Pure. Knows nothing of clues.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.locate.request.found import without
from archive.locate.traced_text import Span

_END_JA: Final = r"[^。.!?！？\n]*"
_END_EN: Final = r"[^.;!?\n]*"
_ASIDES: Final = (
    # Who answers now is not who answered then.
    re.compile(
        rf"(?:今日|本日|きょう|先ほど|さきほど|さっき|今|現在)[^。、\n]{{0,24}}?(?:かけ|掛け"
        rf"|電話し)"
        rf"(?:直し|なおし|てみ)?(?:たら|ると){_END_JA}"
    ),
    re.compile(r"別の(?:方|人|者|担当)\s*[(（][^)）\n]*[)）]"),
    re.compile(
        rf"(?:\b(?:they|she|he|i'm|i was)\s+(?:says?|said|tells?|told|am told)\b[^.;!?\n]*?)?"
        rf"[\w']*\s*\b(?:is|are|'s)\s+now\b{_END_EN}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:she|he|they)(?:'s|\s+is|\s+has|\s+was)?\s+(?:got\s+"
        rf"|since\s+)?(?:re)?married\b{_END_EN}",
        re.IGNORECASE,
    ),
)
_BEFORE_IT: Final = re.compile(
    r"(?:その|それの)?(?:一本|1本|ひとつ|一つ|直)前(?:の(?:電話|通話|方|もの|コール|分))?"
    r"|その前の(?:電話|通話|方|もの|コール)"
    r"|\bthe\s+(?:call|one)\s+(?:right\s+|just\s+)?before\s+(?:it|that|this)(?:\s+(?:one"
    r"|call))?\b|\bthe previous call\b",
    re.IGNORECASE,
)


def find_asides(text: str) -> Iterator[Span]:
    """Find what is said of another call, of who answers now, of a name of today."""
    for pattern in _ASIDES:
        for match in pattern.finditer(text):
            yield match.span()
            text = without(text, (match.span(),))


def find_call_before(text: str) -> Span | None:
    """Find the words that ask for the call before the one told of."""
    match = _BEFORE_IT.search(text)
    return None if match is None else match.span()
