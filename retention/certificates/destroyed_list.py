"""A destroyed recording as certificates tell of it, and the list of all of a run.

Pure. Knows neither ids of recordings (only digests) nor who signs.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

import msgspec
from msgspec import UNSET, UnsetType

from archive.certificates.merkle import HASH_BYTES
from archive.certificates.statement import recording_leaf, time_text, time_us
from archive.errors import CertificateDamaged

LIST_FORM: Final = "rokuon destroyed recordings 1"
# What stands for a case that wants it so: a certificate names no case.
CASE: Final = "case"
_RULE: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_HOUR: Final = r"^(\d{4}-\d\d-\d\dT\d\dZ)?$"
_TIME: Final = r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)?$"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the runner says of a recording: what its tombstone says.

    `hour`: in which it began, as `2026-08-29T01Z`; "": not known. `scope`: what of it went, where
    that was not all; of the audio alone `facts_until` says until when facts of it are kept (""
    where no rule said). Neither is written where all of it went, as before there were such. A page
    of the ledger, which is no recording, says `ledger`.
    """

    rules: tuple[Annotated[str, msgspec.Meta(pattern=_RULE)], ...]
    revision: Annotated[int, msgspec.Meta(ge=0)]
    hour: Annotated[str, msgspec.Meta(pattern=_HOUR)] = ""
    queues: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    controllers: tuple[str, ...] = ()
    scope: Literal["audio", "facts", "ledger"] | UnsetType = UNSET
    facts_until: Annotated[str, msgspec.Meta(pattern=_TIME)] | UnsetType = UNSET

    @property
    def grounds(self) -> tuple[str, int]:
        """Its rules as one word, and the revision."""
        return ",".join(self.rules), self.revision

    @property
    def line(self) -> str:
        """As one line of JSON: the same facts are the same bytes."""
        return msgspec.json.encode(self).decode()

    @property
    def sha256(self) -> bytes:
        """What the key daemon puts into the leaf."""
        return sha256(self.line.encode()).digest()

    @classmethod
    def read(cls, line: str) -> Self:
        """Read a line; raises `CertificateDamaged` for one that is not written so."""
        try:
            said = msgspec.json.decode(line, type=cls)
        except msgspec.MsgspecError:
            raise CertificateDamaged("what it says of a recording cannot be read") from None
        if said.line != line:
            raise CertificateDamaged("what it says of a recording is not written as we do")
        return said


@dataclass(frozen=True, slots=True)
class DestroyedRecording:
    """Which one (digest of its id), when by the key daemon's clock (µs UTC), what is said."""

    digest: bytes
    destroyed_us: int
    said: Said

    @property
    def leaf(self) -> bytes:
        return recording_leaf(self.digest, self.destroyed_us, self.said.sha256)

    @property
    def line(self) -> str:
        return f"{self.digest.hex()} {time_text(self.destroyed_us)} {self.said.line}"

    @classmethod
    def read(cls, line: str) -> Self:
        """Read a line of a list; raises `CertificateDamaged`."""
        digest, _, rest = line.partition(" ")
        time, _, said = rest.partition(" ")
        return cls(digest_bytes(digest), time_us(time), Said.read(said))


def digest_bytes(text: str) -> bytes:
    """A digest of 64 digits; raises `CertificateDamaged`."""
    if not _DIGEST.fullmatch(text):
        raise CertificateDamaged("a digest in it does not have 64 small digits")
    raw = bytes.fromhex(text)
    assert len(raw) == HASH_BYTES
    return raw


def in_order(recordings: Iterable[DestroyedRecording]) -> tuple[DestroyedRecording, ...]:
    """By their digests, as they stand in the tree."""
    return tuple(sorted(recordings, key=lambda each: each.digest))


def list_text(recordings: Sequence[DestroyedRecording]) -> str:
    """The list of all of a run, which are in order."""
    return "".join(f"{line}\n" for line in (LIST_FORM, *(each.line for each in recordings)))


def read_list(text: str) -> tuple[DestroyedRecording, ...]:
    """Read a list; raises `CertificateDamaged`, also where two are the same or out of order."""
    form, *lines = text.removesuffix("\n").split("\n")
    if form != LIST_FORM or not text.endswith("\n"):
        raise CertificateDamaged("it is not a list of destroyed recordings of form 1")
    recordings = tuple(DestroyedRecording.read(line) for line in lines)
    digests = [each.digest for each in recordings]
    if any(left >= right for left, right in pairwise(digests)):
        raise CertificateDamaged("the list is not in the order of its digests")
    return recordings
