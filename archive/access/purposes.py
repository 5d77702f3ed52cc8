"""Why somebody asks: a case, a matter, or one of the codes that an installation has.

Pure. Knows nothing of who may state what, nor of which recordings have which purpose.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from archive.errors import ArchiveError

PurposeKind = Literal["case", "matter", "code"]
DEFAULT_CODES: Final = ("quality", "dispute", "training", "legal_duty", "technical")
_NAMED: Final = re.compile(r"(case|matter):([A-Za-z0-9][A-Za-z0-9._/-]{0,63})")


class PurposeUnknown(ArchiveError):
    """What was stated is neither a case, nor a matter, nor one of these codes."""

    def __init__(self, codes: Collection[str]) -> None:
        self.codes = tuple(sorted(codes))
        super().__init__("no such purpose")


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose as it is stated and kept in the journal."""

    kind: PurposeKind
    text: str

    @classmethod
    def parse(cls, text: str, codes: Collection[str]) -> "Purpose":
        """Read what was stated; raises `PurposeUnknown`."""
        if text in codes:
            return cls("code", text)
        named = _NAMED.fullmatch(text)
        if named is None:
            raise PurposeUnknown(codes)
        return cls("case" if named[1] == "case" else "matter", text)

    @property
    def code(self) -> str:
        """Which purpose a recording must have, or have none; "": whatever it has."""
        return self.text if self.kind == "code" else ""
