"""Agents by their ids in a text: "agent 2001", オペレーター2001, "担当 a17".

Pure. Which ids and extensions there are is handed in.
"""

import re
from collections.abc import Iterator
from typing import Final

from archive.folded_names import fold
from archive.locate.clues import AgentClue, ExtensionClue, NumberClue
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.request.found import Found, found_at
from archive.locate.request.known_names import KnownNames

_CODE: Final = r"(?P<code>(?=[A-Za-z._-]{0,12}\d)[A-Za-z0-9][A-Za-z0-9._-]{0,31})"
# What is counted, a day, a time, or a whole number is no id.
_ENDS: Final = (
    r"(?<![._-])(?![A-Za-z0-9]|[-/:〜~]\d|\s?(?:年|月|日|時|分|秒|名|人|回|件|桁|つ|番目|円|週|か|番で)"
    r"|\s?(?:am|pm|o'clock|min|hour|day|week|time|people|agent|/)|%)"
)
_TOLD: Final = re.compile(
    r"(?:担当(?:者)?|オペレーター?|対応者|エージェント|係員|社員|職員|受付者"
    r"|\b(?:agent|operator|rep|advis[eo]r|representative|handler|employee|staff))"
    r"(?:\s*(?:id|no\.?|number|code|番号|コード|#))?\s*(?:is|was|は|が|の|[:#])?\s*"
    rf"{_CODE}{_ENDS}",
    re.IGNORECASE | re.ASCII,
)
_TOKEN: Final = re.compile(r"(?<![\w@.-])(?=\S*[A-Za-z])(?=\S*\d)[\w.-]{2,32}(?![\w@-])", re.ASCII)
_DIGITS: Final = re.compile(r"\d{1,6}")


def find_agent_codes(text: str, known: KnownNames) -> Iterator[Found]:
    """Ids that words say to be an agent's; digits that are an extension alone are that."""
    for match in _TOLD.finditer(text):
        code = match["code"]
        if _is_extension(code, known) and fold(code) not in known.ids:
            yield found_at(match, _extension(code))
        elif fold(code) in known.ids or _DIGITS.fullmatch(code) or not code[0].isdigit():
            yield found_at(match, AgentClue((code,)))


def find_known_codes(text: str, known: KnownNames) -> Iterator[Found]:
    """Ids of letters and digits that agents of the site have, wherever they stand."""
    for match in _TOKEN.finditer(text):
        if fold(match[0]) in known.ids:
            yield found_at(match, AgentClue((match[0],)))


def also_codes(found: Found, known: KnownNames) -> tuple[Found, ...]:
    """The readings of bare digits: an extension or an agent's id of the site, or a number's end."""
    match found.value:
        case NumberClue(RememberedNumber(form=Form.LAST, digits=digits, others=())):
            ids = (AgentClue((digits,)),) if digits in known.ids else ()
            seats = (_extension(digits),) if _is_extension(digits, known) else ()
            every = (found.value, *seats, *ids)
            return tuple(Found(value=e, spans=found.spans, guessed=len(every) > 1) for e in every)
        case _:
            return (found,)


def _is_extension(code: str, known: KnownNames) -> bool:
    return code in known.extensions


def _extension(digits: str) -> ExtensionClue:
    return ExtensionClue(RememberedNumber(form=Form.EXTENSION, digits=digits))
