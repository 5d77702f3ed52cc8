"""What is told of a recording whose audio is gone: as a value, as bytes, and sealed.

Pure, but for the random start of a seal. The form is in `docs/destruction.md`. Knows nothing of
tables or of who has the key.
"""

import secrets
from dataclasses import dataclass
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.errors import ArchiveError
from archive.format.floe import Buffer
from archive.ids import KeyId, RecordingId, TenantId

FORM: Final = 1
_DOMAIN: Final = b"rokuon facts 1\0"
_NONCE_BYTES: Final = 12

# Names of columns of the index with their values.
Cells = dict[str, int | str | None]


class FactsUnread(ArchiveError):
    """A copy does not open by its key, or is of a form that is not known."""


class KeptLeg(msgspec.Struct, frozen=True, kw_only=True):
    """A participant's stay: its own row, and those that hang on it."""

    own: Cells
    addresses: tuple[Cells, ...] = ()
    agents: tuple[Cells, ...] = ()
    names: tuple[Cells, ...] = ()


class KeptFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that search and people are told of a recording; `call` is the id of its conversation."""

    call: bytes
    recording: Cells
    legs: tuple[KeptLeg, ...] = ()
    ids: tuple[Cells, ...] = ()
    marks: tuple[Cells, ...] = ()
    mentions: tuple[Cells, ...] = ()
    form: int = FORM


@dataclass(frozen=True, slots=True)
class FactsName:
    """Whose copy it is, and by which key it opens: it opens as nothing else."""

    tenant: TenantId
    recording: RecordingId
    key: KeyId

    @property
    def aad(self) -> bytes:
        return _DOMAIN + self.tenant.raw + self.recording.raw + self.key.raw


def seal_facts(facts: KeptFacts, name: FactsName, key: Buffer) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(facts), name.aad)


def open_facts(sealed: bytes, name: FactsName, key: Buffer) -> KeptFacts:
    """What was sealed; raises `FactsUnread`."""
    try:
        told = AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.aad)
        facts = msgspec.msgpack.decode(told, type=KeptFacts)
    except (InvalidTag, ValueError, msgspec.MsgspecError):
        raise FactsUnread(f"the facts of {name.recording} do not open") from None
    if facts.form != FORM:
        raise FactsUnread(f"the facts of {name.recording} are of form {facts.form}")
    return facts
