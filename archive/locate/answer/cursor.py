"""Where the next page of a ranking begins: behind which candidate, of which state of adoption.

Pure. What is adopted later is on no page that goes on, so that none is shuffled. Rows are numbered
through all of a tenant: who has a cursor does not read in it how many others there are.
"""

import math
import struct
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Broken
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Self

from archive.errors import ArchiveError
from archive.flaws import Flaw, PartRefused

DIGEST_BYTES: Final = 8
_FORM: Final = b"\x03"
_CURSOR: Final = struct.Struct(f">c{DIGEST_BYTES}sqdqQQ")
_ROWS: Final = struct.Struct(">QQ")


class CursorRefused(PartRefused):
    """It is no cursor of a ranking."""


class SearchAnew(ArchiveError):
    """The cursor is of other weights: of other clues, rates or another form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedCursor:
    """The last candidate that was shown, by what they are in order of, and what was adopted then.

    `now_us` and `highest` are the time of the first page and the highest row of a recording then;
    `score`, `start_us` and `recording` are those of the last row.
    """

    digest: bytes
    now_us: int
    highest: int
    score: float
    start_us: int
    recording: int

    def sealed(self, secret: bytes) -> str:
        """As it is handed out; `secret` is the catalog's own."""
        told = (self.digest, self.now_us, self.score, self.start_us)
        rows = self.highest, self.recording
        packed = _CURSOR.pack(
            _FORM, *told, *(a ^ b for a, b in zip(rows, _mask(told, secret), strict=True))
        )
        return urlsafe_b64encode(packed).decode()

    @classmethod
    def parse(cls, text: str, digest: bytes, secret: bytes) -> Self:
        """Read what `sealed` gives; raises `CursorRefused`, and `SearchAnew` for other weights."""
        try:
            packed = b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            form, own, now_us, score, start_us, *rows = _CURSOR.unpack(packed)
        except (Base64Broken, struct.error, UnicodeEncodeError) as broken:
            raise CursorRefused("cursor", Flaw.CURSOR) from broken
        if not math.isfinite(score):
            raise CursorRefused("cursor", Flaw.CURSOR)
        if form != _FORM or own != digest:
            raise SearchAnew("the cursor is of other weights")
        mask = _mask((own, now_us, score, start_us), secret)
        highest, recording = (a ^ b for a, b in zip(rows, mask, strict=True))
        return cls(
            digest=own,
            now_us=now_us,
            highest=highest,
            score=score,
            start_us=start_us,
            recording=recording,
        )

    def is_behind(self, score: float, start_us: int, recording: int) -> bool:
        """Whether a row comes on a later page: it was there, and is lower, earlier or older."""
        own = (self.score, self.start_us, self.recording)
        return recording <= self.highest and (score, start_us, recording) < own


def _mask(told: tuple[bytes, int, float, int], secret: bytes) -> tuple[int, ...]:
    """What hides the numbers of rows, other for each cursor."""
    return _ROWS.unpack(blake2b(repr(told).encode(), key=secret, digest_size=_ROWS.size).digest())


def digest_of(*weights: object) -> bytes:
    """Of clues, rates and all else by which is ranked: values that tell themselves (`repr`)."""
    return blake2b(repr(weights).encode(), digest_size=DIGEST_BYTES).digest()
