"""What people typed into entries of the journal, or what names persons: kept beside them.

The entry keeps a salted digest, so it can be proved what the text was while it is there, and
nothing of it can be guessed from the entry when it is gone. Pure but for the salt; knows no table.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

Detail = str | int | list[str]

# Of each action the details that are texts; every other detail is a code, a count, an id, a digest.
TEXTS: Final[Mapping[str, frozenset[str]]] = {
    "searched": frozenset({"clues"}),
    "agents_imported": frozenset({"why"}),
    "broke_glass": frozenset({"why"}),
    "corrected": frozenset({"agent_id", "last4", "values"}),
    "live_paused": frozenset({"reason"}),
    "live_resumed": frozenset({"reason"}),
    "live_started": frozenset({"reason"}),
    "live_stopped": frozenset({"reason"}),
    "live_told": frozenset({"reason"}),
    "hold_placed": frozenset({"matter", "why"}),
    "measure_taken": frozenset({"case"}),
    "measure_lifted": frozenset({"case"}),
    "user_added": frozenset({"purpose"}),
}
SALT_BYTES: Final = 32
_DOMAIN: Final = b"rokuon journal text 1\0"
# A purpose that is a code of the installation; a case, a matter and anything else is a text.
_CODE: Final = re.compile(r"[a-z_]{0,32}")
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class SealedText:
    """The texts of one entry as they are kept, and the digest that the entry keeps of them."""

    salt: bytes
    text: str

    @property
    def digest(self) -> bytes:
        """SHA-256 over the domain, the salt and the text."""
        return sha256(_DOMAIN + self.salt + self.text.encode()).digest()


def split(
    action: str, reason: str, detail: Mapping[str, Detail]
) -> tuple[str, Mapping[str, Detail], str]:
    """The reason and details that the entry keeps, and its texts as one; "": it has none."""
    named = TEXTS.get(action, _NOTHING)
    kept = {name: value for name, value in detail.items() if name not in named}
    texts = {name: value for name, value in detail.items() if name in named}
    is_code = _CODE.fullmatch(reason) is not None
    if is_code and not texts:
        return reason, kept, ""
    told = {"reason": "" if is_code else reason, "detail": texts}
    return reason if is_code else "", kept, json.dumps(told, ensure_ascii=False, sort_keys=True)


def seal_text(text: str) -> SealedText:
    return SealedText(os.urandom(SALT_BYTES), text)


def read_text(text: str) -> tuple[str, Mapping[str, Detail]]:
    """The reason ("": the entry has it) and the details of a text as `split` wrote it."""
    told = json.loads(text)
    return told["reason"], told["detail"]
