"""The column files in force, and the change up to which: one small text, replaced whole.

Pure. Knows nothing of what is in the files.
"""

import re
import zlib
from dataclasses import dataclass
from typing import Final, Literal, Self

from archive.ids import TenantId
from archive.locate.columns.errors import ColumnsOtherForm, ColumnsTorn
from archive.locate.columns.layout import Identity

MANIFEST: Final = "manifest"
_FIRST_LINE: Final = "rokuon columns "
_FORM: Final = 2
_WHOLE: Final = re.compile(
    rf"{_FIRST_LINE}{_FORM}\n"
    r"tenant (?P<tenant>[0-9a-f]{32})\n"
    r"catalog (?P<catalog>[0-9a-f]{32})\n"
    r"sequence (?P<sequence>[0-9]{1,19}) (?P<drawn>[0-9]{1,19})\n"
    r"next (?P<next>[0-9]{1,19})\n"
    r"(?P<files>(?:[0-9]{6} (?:base|tail|due) [0-9]{1,19} [0-9]{1,19}\n)*)"
)
_SUM: Final = "sum {:08x}\n"

Kind = Literal["base", "tail", "due"]
_KINDS: Final[dict[str, Kind]] = {"base": "base", "tail": "tail", "due": "due"}


@dataclass(frozen=True, slots=True)
class Place:
    """A change of the catalog; no change of another history has the number drawn for it."""

    sequence: int
    drawn: int


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A file in force: the rows of a month, or what came behind them; or a month to be made."""

    month: int
    kind: Kind
    number: int
    sequence: int  # as its header has it

    @property
    def name(self) -> str:
        """Of the file; no number is used twice."""
        return f"{self.month}-{self.number}.col"


@dataclass(frozen=True, slots=True)
class Manifest:
    """All files in force, by month, the base of each before its tail."""

    identity: Identity
    place: Place
    next_number: int
    entries: tuple[Entry, ...]

    @property
    def sequence(self) -> int:
        return self.place.sequence

    def encode(self) -> bytes:
        """The text, with its checksum as the last line."""
        lines = [
            f"{_FIRST_LINE}{_FORM}",
            f"tenant {self.identity.tenant}",
            f"catalog {self.identity.catalog.hex()}",
            f"sequence {self.place.sequence} {self.place.drawn}",
            f"next {self.next_number}",
        ]
        lines += [f"{e.month} {e.kind} {e.number} {e.sequence}" for e in sorted(self.entries)]
        text = "".join(f"{line}\n" for line in lines)
        return (text + _SUM.format(zlib.crc32(text.encode()))).encode()

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what `encode` wrote; raises `ColumnsOtherForm` and `ColumnsTorn`."""
        first = f"{_FIRST_LINE}{_FORM}\n".encode()
        if len(content) >= len(first) and not content.startswith(first):
            raise ColumnsOtherForm(MANIFEST)
        text, last = content[: -len(_SUM.format(0))], content[-len(_SUM.format(0)) :]
        if last != _SUM.format(zlib.crc32(text)).encode():
            raise ColumnsTorn(MANIFEST)
        found = _WHOLE.fullmatch(text.decode("ascii", "replace"))
        if found is None:
            raise ColumnsTorn(MANIFEST)
        identity = Identity(TenantId.parse(found["tenant"]), bytes.fromhex(found["catalog"]))
        entries = tuple(_entry(line) for line in found["files"].splitlines())
        place = Place(int(found["sequence"]), int(found["drawn"]))
        return cls(identity, place, int(found["next"]), entries)


def _entry(line: str) -> Entry:
    month, kind, number, sequence = line.split()
    return Entry(int(month), _KINDS[kind], int(number), int(sequence))
