"""What a value of the wrong type was meant to be, and how it is written.

Pure. Knows nothing of settings or of where they stand.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from rokuon.messages.i18n import tr

_WHOLE: Final = re.compile(r"\s*([+-]?\d{1,3}(?:,\d{3})+|[+-]?\d+(?:_\d+)*)\s*")
_FLAGS: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Meant:
    """The value that was meant, and in words how it is written."""

    value: object
    advice: str


def meant_number(value: object) -> Meant | None:
    """A whole number that was written as a text or as a fraction; None where it is neither."""
    if isinstance(value, str) and (found := _WHOLE.fullmatch(value)):
        number = int(found[1].replace(",", ""))
        return Meant(number, tr("write it without quotes: {value}").format(value=number))
    if isinstance(value, float) and value.is_integer():
        number = int(value)
        return Meant(number, tr("write it without a fraction: {value}").format(value=number))
    return None


def meant_flag(value: object) -> Meant | None:
    """True or false that was written as a text or as 1 or 0; None where it is neither."""
    flag = _FLAGS.get(value.strip().lower()) if isinstance(value, str) else None
    if type(value) is int and value in {0, 1}:
        flag = value == 1
    if flag is None:
        return None
    written = "true" if flag else "false"
    return Meant(flag, tr("write it without quotes: {value}").format(value=written))


def meant_text(value: object) -> Meant | None:
    """A text that was written as a number, or as a list of one; None where it is neither."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = str(value)
        advice = tr("phone numbers and names are always text: write it in quotes: {value}")
        return Meant(text, advice.format(value=quoted(text)))
    match value:
        case [str(text)]:
            advice = tr("write one text, not a list: {value}")
            return Meant(text, advice.format(value=quoted(text)))
    return None


def meant_list(value: object) -> Meant | None:
    """A list of texts that was written as the one that is in it; None where it is none."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        text = str(value)
        advice = tr("write a list, also of one: {value}")
        return Meant([text], advice.format(value=f"[{quoted(text)}]"))
    return None


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
