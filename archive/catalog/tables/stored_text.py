"""Text as the catalog keeps it: nothing that a database refuses, nothing longer than indexes take.

The one place where it is cleaned and cut; the sealed file has it as it came. Pure.
"""

import hashlib
from typing import Final

import msgspec

# An index of PostgreSQL takes rows of 2,704 bytes; beside its text one has a few numbers.
MAX_TEXT_BYTES: Final = 2_048
# Of any characters, so many are surely no longer.
_SHORT_CHARS: Final = MAX_TEXT_BYTES // 4
# The flag of a recording of which some text is not in the index as it came.
TEXT_CHANGED: Final = "text_changed"
_UNFIT: Final = dict.fromkeys((0, *range(0xD800, 0xE000)), "\ufffd")
# Behind what is cut: two texts that only begin alike stay two.
_DIGEST_DIGITS: Final = 16
_HEAD_BYTES: Final = MAX_TEXT_BYTES - _DIGEST_DIGITS - len("…".encode())


def clean_text(text: str) -> str:
    """The text itself, or with a mark for each character that a database refuses."""
    return text if text.isascii() and "\0" not in text else text.translate(_UNFIT)


def fit_text(text: str) -> str:
    """The text itself where it fits; what is cut off is told by a digest of all of it."""
    clean = clean_text(text)
    if len(clean) <= _SHORT_CHARS:
        return clean
    whole = clean.encode()
    if len(whole) <= MAX_TEXT_BYTES:
        return clean
    digest = hashlib.sha256(whole).hexdigest()[:_DIGEST_DIGITS]
    return f"{whole[:_HEAD_BYTES].decode(errors='ignore')}…{digest}"


def is_changed(told: object) -> bool:
    """Whether any text of a value, however deep in it, does not fit as it is."""
    waiting = [msgspec.to_builtins(told)]
    while waiting:
        match waiting.pop():
            case str() as text:
                if fit_text(text) != text:
                    return True
            case dict() as each:
                waiting.extend(each.values())
            case list() | tuple() as each:
                waiting.extend(each)
            case _:
                pass
    return False
