"""Clues behind a label, as forms and our own echo write them: "担当: 田中か中田", "queue: billing".

Pure. Takes only what is a value from its label to the end of the phrase.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.locate.clues import AgentClue, CustomerClue, IdClue, QueueClue, TeamClue, Value
from archive.locate.request.either_names import both_names
from archive.locate.request.found import Found
from archive.locate.request.known_names import KnownNames
from archive.locate.request.name_words import NAME_EN, NAME_JA, is_nobody, unsaid
from archive.locate.request.people import read_names
from archive.locate.who.titles import TITLE_EN, TITLE_JA

_OR: Final = r"(?:\s*(?:か|または|又は|もしくは)\s*|/|\s+or\s+(?:a\s+)?|\s*[?？]?\s*(?:か|or)\s+)"
_PERSON: Final = (
    rf"(?:{TITLE_EN})?(?:{NAME_JA}|{NAME_EN})(?:\s+(?:{NAME_JA}|{NAME_EN})){{0,2}}(?:{TITLE_JA})?"
)
_END: Final = r"\s*[?？]?(?=\s*(?:[、。,.;；\n(（/|]|$)|　)"
_PEOPLE: Final = rf"\s*[:]\s*(?P<value>{_PERSON}(?:{_OR}{_PERSON})*){_END}"
_PLAIN: Final = r"\s*[:]\s*(?P<value>[^、。,;\n:]{1,60}?)\s*(?=[、。,;\n]|$)"
_LABELS: Final = tuple(
    (kind, re.compile(rf"(?:{label}){value}", re.IGNORECASE))
    for kind, label, value in (
        (
            "agent",
            r"担当(?:者)?(?:名)?|オペレーター|対応者|\b(?:agent|operator|handled by)(?:'s name)?",
            _PEOPLE,
        ),
        (
            "customer",
            r"お?客様(?:の)?(?:お?名前|名|氏名)?|顧客名?|ご?本人|ご?契約者名?|ご?名義人?|氏名"
            r"|\b(?:customer|caller|client)(?:'s)?(?: name)?",
            _PEOPLE,
        ),
        ("queue", r"窓口|キュー|\bqueue", _PLAIN),
        ("team", r"チーム|\bteam", _PLAIN),
        ("id", r"(?<![A-Za-z])ID|\bid", r"\s*[:]\s*(?P<value>[^\s、。,;]{1,128})"),
    )
)
# As our echo writes what is said not to be.
_NOT: Final = re.compile(r"^not\s+|以外$", re.IGNORECASE)


def find_labelled(text: str, known: KnownNames) -> Iterator[Found]:
    """Find what stands behind a label and is nothing but its value."""
    for kind, pattern in _LABELS:
        for match in pattern.finditer(text):
            told = _NOT.sub("", match["value"])
            value = _value(kind, told, known)
            if value is not None:
                denied = told != match["value"]
                yield Found(value=value, spans=(match.span(),), denied=denied)


def _value(kind: str, text: str, known: KnownNames) -> Value | None:
    if kind == "id":
        return IdClue(text)
    names = read_names(text)
    if kind in {"agent", "customer"}:
        told = (unsaid(each, known) for name in names for each in both_names(name, known))
        people = tuple(each for each in told if not is_nobody(each))
        of_kind = AgentClue if kind == "agent" else CustomerClue
        return of_kind(people) if people else None
    read = known.queue if kind == "queue" else known.team
    meant = tuple(dict.fromkeys(own for each in names for own in read(each) or (each,)))
    if not meant:
        return None
    return QueueClue(meant) if kind == "queue" else TeamClue(meant)
