"""What client and key daemon say to each other: a u32 length, then one msgpack map.

Pure bytes. Knows nothing of sockets.
"""

import struct
from functools import reduce
from operator import or_
from typing import Any, Final

import msgspec

from archive.keys.clock_watch import ClockFacts
from archive.keys.errors import MessageMalformed
from archive.keys.wire import (
    certificate_messages,
    epoch_messages,
    facts_messages,
    gate_messages,
    guard_messages,
    opening_messages,
)
from archive.keys.wire.message import (
    KEEPER,
    AnswerMessage,
    AnswerT,
    AskerRole,
    AskMessage as Ask,
    Question,
)
from archive.keys.wire.opening_messages import DataKeyAnswer

LENGTH: Final = struct.Struct(">I")
# An entry of the journal with what is around it; nothing in the protocol is longer.
MAX_MESSAGE_BYTES: Final = 64 * 1024


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


class Adopt(Question[KeyStateAnswer], frozen=True, kw_only=True, tag="adopt"):
    """Take over the key of a part; `page` and `header` are its first two blocks.

    4,096 bytes each. Its node's signature is verified; the key lies under the shard key of tenant ×
    UTC day, `live` or `adopted`. Asked again it is the same; what was destroyed is refused.
    """

    asked_by = KEEPER
    page: bytes
    header: bytes


class OpenUnarchived(Question[DataKeyAnswer], frozen=True, kw_only=True, tag="open_unarchived"):
    """Give the key of a part that the catalog does not have yet.

    Until `mark_archived`, so that a crash between K4 and K5 can be repeated.
    """

    asked_by = KEEPER
    key_id: bytes


class Confirm(Question[KeyStateAnswer], frozen=True, kw_only=True, tag="confirm"):
    """The part's object is whole: live → adopted."""

    asked_by = KEEPER
    key_id: bytes


class MarkArchived(Question[KeyStateAnswer], frozen=True, kw_only=True, tag="mark_archived"):
    """The catalog has the part: its key is no longer opened for the keeper."""

    asked_by = KEEPER
    key_id: bytes


class SignEnd(Question[SignatureAnswer], frozen=True, kw_only=True, tag="sign_end"):
    """Sign the END of a part that the keeper finalises: `end` is its payload without signature.

    Refused once the key is marked archived (`docs/format.md`, END).
    """

    asked_by = KEEPER
    key_id: bytes
    header_tag: bytes
    end: bytes


class Status(Question[StatusAnswer], frozen=True, kw_only=True, tag="status"):
    """How many keys are in which state."""

    asked_by = frozenset(AskerRole)
    while_shut = True


Answer = AnswerMessage | RefusedAnswer

_BESIDE: Final = (
    *(opening_messages, guard_messages, certificate_messages),
    *(facts_messages, epoch_messages, gate_messages),
)
QUESTIONS: Final[tuple[type[Question[Any]], ...]] = tuple(
    each
    for names in (globals(), *map(vars, _BESIDE))
    for each in tuple(names.values())
    if isinstance(each, type) and issubclass(each, Question) and each is not Question
)
_ASKS: Final[msgspec.msgpack.Decoder[Ask]] = msgspec.msgpack.Decoder(reduce(or_, QUESTIONS))


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
