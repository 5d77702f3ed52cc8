"""What client and key daemon say to each other: a u32 length, then one msgpack map.

Pure bytes. Knows nothing of sockets or of who may ask what.
"""

import struct
from enum import StrEnum
from typing import Final, TypeVar

import msgspec

from archive.keys.clock_watch import ClockFacts
from archive.keys.errors import MessageMalformed
from archive.keys.wire.certificate_messages import (
    CertificateAnswer,
    CertificateAsk,
    CertifiedAnswer,
)
from archive.keys.wire.epoch_messages import EpochAnswer, EpochAsk
from archive.keys.wire.facts_messages import FactsKeysAnswer, KeepFacts
from archive.keys.wire.gate_messages import AnyGateAnswer, GateAsk
from archive.keys.wire.guard_messages import GuardAnswer, GuardAsk
from archive.keys.wire.message import AnswerMessage, AskMessage
from archive.keys.wire.opening_messages import DataKeyAnswer, OpeningAsk, OpeningsAnswer

LENGTH: Final = struct.Struct(">I")
# An entry of the journal with what is around it; nothing in the protocol is longer.
MAX_MESSAGE_BYTES: Final = 64 * 1024


class AskerRole(StrEnum):
    """Who asks; decided by the socket he could reach, never by what he says."""

    KEEPER = "keeper"
    API = "api"
    RETENTION = "retention"


class Adopt(AskMessage, frozen=True, kw_only=True, tag="adopt"):
    """Take over the key of a part; `page` and `header` are its first two blocks."""

    page: bytes
    header: bytes


class OpenUnarchived(AskMessage, frozen=True, kw_only=True, tag="open_unarchived"):
    """Give the key of a part that the catalog does not have yet."""

    key_id: bytes


class Confirm(AskMessage, frozen=True, kw_only=True, tag="confirm"):
    """The part's object is whole: live → adopted."""

    key_id: bytes


class MarkArchived(AskMessage, frozen=True, kw_only=True, tag="mark_archived"):
    """The catalog has the part: its key is no longer opened for the keeper."""

    key_id: bytes


class SignEnd(AskMessage, frozen=True, kw_only=True, tag="sign_end"):
    """Sign the END of a part that the keeper finalises: `end` is its payload without signature."""

    key_id: bytes
    header_tag: bytes
    end: bytes


class Status(AskMessage, frozen=True, kw_only=True, tag="status"):
    """How many keys are in which state."""


Ask = (
    Adopt
    | OpenUnarchived
    | Confirm
    | MarkArchived
    | SignEnd
    | OpeningAsk
    | Status
    | GuardAsk
    | EpochAsk
    | GateAsk
    | CertificateAsk
    | KeepFacts
)


class RefusedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """No, and why: a word of `archive.keys.errors.Refusal`."""

    refused: str


class KeyStateAnswer(AnswerMessage, frozen=True, kw_only=True):
    """A key and its state, `live` or `adopted`."""

    key_id: bytes
    state: str


class SignatureAnswer(AnswerMessage, frozen=True, kw_only=True):
    """An Ed25519 signature, 64 bytes."""

    signature: bytes


class StatusAnswer(AnswerMessage, frozen=True, kw_only=True):
    """Counts by state; `oldest_live_us` (µs since 1970 UTC) is 0 where nothing waits.

    `placing`: holds that are being placed; while there is one, nothing of its tenant is destroyed.
    `disk_refuses`: why the keystore's disk takes nothing (`archive.disk.trial`); "" where it does.
    `clock`: what is known of it, and why nothing is destroyed by it.
    """

    epoch: int
    live: int
    adopted: int
    destroyed: int
    oldest_live_us: int
    placing: int = 0
    disk_refuses: str = ""
    clock: ClockFacts = ClockFacts()


Answer = (
    KeyStateAnswer
    | DataKeyAnswer
    | OpeningsAnswer
    | SignatureAnswer
    | StatusAnswer
    | GuardAnswer
    | EpochAnswer
    | AnyGateAnswer
    | CertifiedAnswer
    | CertificateAnswer
    | FactsKeysAnswer
    | RefusedAnswer
)

AnswerT = TypeVar("AnswerT", bound=AnswerMessage)

_ASKS: Final[msgspec.msgpack.Decoder[Ask]] = msgspec.msgpack.Decoder(Ask)


def encode(message: Ask | Answer) -> bytes:
    """One message with its length in front."""
    body = msgspec.msgpack.encode(message)
    assert len(body) <= MAX_MESSAGE_BYTES
    return LENGTH.pack(len(body)) + body


def body_bytes(length: bytes) -> int:
    """Read the four bytes of a length; raises `MessageMalformed` past the limit."""
    (size,) = LENGTH.unpack(length)
    if size > MAX_MESSAGE_BYTES:
        raise MessageMalformed(f"a message of {size} bytes")
    return int(size)


def decode_ask(body: bytes) -> Ask:
    """Read a request; raises `MessageMalformed`."""
    try:
        return _ASKS.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as broken:
        raise MessageMalformed("not a request of this protocol") from broken


def decode_answer(body: bytes | bytearray, expected: type[AnswerT]) -> AnswerT | RefusedAnswer:
    """Read the answer to a request; raises `MessageMalformed`."""
    try:
        if "refused" in msgspec.msgpack.decode(body, type=dict[str, msgspec.Raw]):
            return msgspec.msgpack.decode(body, type=RefusedAnswer)
        return msgspec.msgpack.decode(body, type=expected)
    except (msgspec.MsgspecError, UnicodeDecodeError) as broken:
        raise MessageMalformed("not an answer of this protocol") from broken
