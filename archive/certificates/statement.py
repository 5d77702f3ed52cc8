"""What the key daemon says in a certificate of destruction: its upper part, and the leaves.

Pure. Knows nothing of rules: what the runner says below is bytes of an allowed form.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Self

from archive.certificates.merkle import HASH_BYTES, leaf_hash
from archive.certificates.signed_note import SignedNote, SigningPublicKey, split_note
from archive.errors import CertificateDamaged
from archive.ids import ID_BYTES, TenantId
from archive.moments import microseconds, moment

FORM: Final = "rokuon certificate of destruction 1"
_LEAF_FORM: Final = "rokuon destroyed recording 1"
_LINE: Final = "--\n"
# Of the statement behind its first, and the empty end of the last one.
_LINES: Final = 11
# With the answer's other fields it fits a message of the key daemon.
MAX_BELOW_BYTES: Final = 12 * 1024
# What a person reads: no control character, no empty line, nothing that looks like another one.
_BELOW: Final = re.compile(r"(?:[a-z]+: [^\x00-\x1f\x7f\x85\u2028\u2029]+\n)+")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_BACKUPS: Final = re.compile(r"([a-z]+(?:_[a-z]+)*)(?: from (\S+))?")


@dataclass(frozen=True, slots=True)
class Backups:
    """From when on no backup opens the recordings (µs UTC; None: not known), and why that is so."""

    kind: str
    from_us: int | None = None

    def __str__(self) -> str:
        return self.kind if self.from_us is None else f"{self.kind} from {time_text(self.from_us)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it; raises `CertificateDamaged`."""
        found = _BACKUPS.fullmatch(text)
        if not found:
            raise CertificateDamaged("what it says of backups is not of its form")
        return cls(found[1], None if found[2] is None else time_us(found[2]))


NOT_STATED: Final = Backups("not_stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunName:
    """Which run, by which plan (SHA-256, 32 bytes), of which tenant."""

    tenant: TenantId
    run: bytes
    plan: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyedSet:
    """How many recordings, the root of the tree over them, the first and the last (µs UTC)."""

    recordings: int
    root: bytes
    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The upper part; it is signed together with the lower one."""

    name: RunName
    destroyed: DestroyedSet
    signed_us: int
    key: SigningPublicKey
    backups: Backups = NOT_STATED

    def text(self) -> str:
        lines = (
            FORM,
            f"tenant: {self.name.tenant}",
            f"run: {self.name.run.hex()}",
            f"plan: {self.name.plan.hex()}",
            f"recordings: {self.destroyed.recordings}",
            f"root: {self.destroyed.root.hex()}",
            f"first: {time_text(self.destroyed.first_us)}",
            f"last: {time_text(self.destroyed.last_us)}",
            f"signed: {time_text(self.signed_us)}",
            f"key: {base64.b64encode(self.key.spki).decode()}",
            f"backups: {self.backups}",
        )
        return "".join(f"{line}\n" for line in lines)

    def signed(self, below: str, sign: Callable[[bytes], bytes]) -> bytes:
        """The certificate, with what the runner says below; `sign` is the key daemon's Ed25519."""
        assert may_stand_below(below)
        return SignedNote.made(self.text() + _LINE + below, self.key, sign).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStatement:
    """A certificate as far as the key daemon knows of it: its statement, and what stands below."""

    statement: Statement
    below: str
    note: SignedNote


def read_signed(content: bytes) -> SignedStatement:
    """Read a certificate; raises `CertificateDamaged` for bytes that `signed` does not write.

    Whether its signature is right is asked of its note.
    """
    text, signature = split_note(content)
    above, _, below = text.partition(_LINE)
    statement = _statement(above)
    note = SignedNote(text=text, key=statement.key, signature=signature)
    is_canonical = statement.text() == above and note.encode() == content
    if not is_canonical or not may_stand_below(below):
        raise CertificateDamaged("it is not written as a certificate is")
    return SignedStatement(statement=statement, below=below, note=note)


def may_stand_below(text: str) -> bool:
    """Whether a text is lines of `name: value` and nothing else."""
    return len(text.encode()) <= MAX_BELOW_BYTES and bool(_BELOW.fullmatch(text))


def recording_leaf(digest: bytes, destroyed_us: int, said: bytes) -> bytes:
    """Hash of a recording's leaf; `said` is the SHA-256 of what the runner says of it."""
    assert len(digest) == len(said) == HASH_BYTES
    lines = (
        _LEAF_FORM,
        f"recording: {digest.hex()}",
        f"destroyed: {time_text(destroyed_us)}",
        f"said: {said.hex()}",
    )
    return leaf_hash("".join(f"{line}\n" for line in lines).encode())


def file_digest(content: bytes) -> str:
    """What the journal keeps of a certificate, in 64 digits; `sha256sum` gives the same."""
    return sha256(content).hexdigest()


def time_text(at_us: int) -> str:
    """A moment (µs since 1970 UTC) as certificates write it."""
    return f"{moment(at_us):%Y-%m-%dT%H:%M:%S.%f}Z"


def time_us(text: str) -> int:
    """Read it back; raises `CertificateDamaged`."""
    if not _TIME.fullmatch(text):
        raise CertificateDamaged("a time in it is not of its form")
    try:
        return microseconds(datetime.fromisoformat(text))
    except ValueError:
        raise CertificateDamaged("a time in it is none") from None


def _statement(text: str) -> Statement:
    form, *lines = text.split("\n")
    values = [line.partition(": ")[2] for line in lines]
    if form != FORM or len(values) != _LINES:
        raise CertificateDamaged("it is not a certificate of destruction of form 1")
    tenant, run, plan, count, root, first, last, signed, key, backups, _ = values
    try:
        return Statement(
            name=RunName(tenant=TenantId(_hex(tenant)), run=_hex(run), plan=_hex(plan, HASH_BYTES)),
            destroyed=DestroyedSet(
                recordings=int(count),
                root=_hex(root, HASH_BYTES),
                first_us=time_us(first),
                last_us=time_us(last),
            ),
            signed_us=time_us(signed),
            key=SigningPublicKey.of_spki(base64.b64decode(key, validate=True)),
            backups=Backups.parse(backups),
        )
    except (ValueError, binascii.Error):
        raise CertificateDamaged("a value in it is not of its form") from None


def _hex(text: str, size: int = ID_BYTES) -> bytes:
    raw = bytes.fromhex(text)
    if len(raw) != size:
        raise ValueError(f"not {size} bytes")
    return raw
