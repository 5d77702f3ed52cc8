"""Where the next page of a ranking begins: behind which candidate, of which state of adoption.

Pure. What is adopted later is on no page that goes on, so that none is shuffled.
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
_FORM: Final = b"\x02"
_CURSOR: Final = struct.Struct(f">c{DIGEST_BYTES}sqqdqq")


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

    def __str__(self) -> str:
        packed = _CURSOR.pack(
            _FORM,
            self.digest,
            self.now_us,
            self.highest,
            self.score,
            self.start_us,
            self.recording,
        )
        return urlsafe_b64encode(packed).decode()

    @classmethod
    def parse(cls, text: str, digest: bytes) -> Self:
        """Read what `str` gives; raises `CursorRefused`, and `SearchAnew` for other weights."""
        try:
            packed = b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            form, own, now_us, highest, score, start_us, recording = _CURSOR.unpack(packed)
        except (Base64Broken, struct.error, UnicodeEncodeError) as broken:
            raise CursorRefused("cursor", Flaw.CURSOR) from broken
        if not math.isfinite(score):
            raise CursorRefused("cursor", Flaw.CURSOR)
        if form != _FORM or own != digest:
            raise SearchAnew("the cursor is of other weights")
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


def digest_of(*weights: object) -> bytes:
    """Of clues, rates and all else by which is ranked: values that tell themselves (`repr`)."""
    return blake2b(repr(weights).encode(), digest_size=DIGEST_BYTES).digest()
