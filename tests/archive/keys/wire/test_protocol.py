"""Messages between client and key daemon."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given, strategies as st

from archive.keys.errors import MessageMalformed
from archive.keys.wire.guard_messages import Destroy
from archive.keys.wire.opening_messages import DataKeyAnswer, ListOpenings, Open
from archive.keys.wire.protocol import (
    LENGTH,
    MAX_MESSAGE_BYTES,
    Adopt,
    Ask,
    Confirm,
    KeyStateAnswer,
    MarkArchived,
    OpenUnarchived,
    RefusedAnswer,
    Status,
    StatusAnswer,
    body_bytes,
    decode_answer,
    decode_ask,
    encode,
)

ASKS: list[Ask] = [
    Adopt(page=bytes(4096), header=bytes(4096)),
    OpenUnarchived(key_id=bytes(16)),
    Confirm(key_id=bytes(16)),
    MarkArchived(key_id=bytes(16)),
    Open(key_id=bytes(16), entry=b"{}"),
    ListOpenings(after=7),
    Status(),
    Destroy(plan=bytes(16), generation=3, recordings=(bytes(16),)),
]


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: type(ask).__name__)
def test_every_request_survives_the_wire(ask: Ask) -> None:
    """The length in front is the length of the body."""
    message = encode(ask)

    assert body_bytes(message[: LENGTH.size]) == len(message) - LENGTH.size
    assert decode_ask(message[LENGTH.size :]) == ask


def test_a_length_past_the_limit_is_refused_before_it_is_read() -> None:
    """Nobody makes the daemon allocate what he claims to send."""
    assert body_bytes(LENGTH.pack(MAX_MESSAGE_BYTES)) == MAX_MESSAGE_BYTES
    with pytest.raises(MessageMalformed):
        body_bytes(LENGTH.pack(MAX_MESSAGE_BYTES + 1))


@given(st.binary(max_size=200))
def test_no_body_breaks_the_decoder(body: bytes) -> None:
    """Anything that is not a request is one named error."""
    with suppress(MessageMalformed):
        assert isinstance(decode_ask(body), Ask)


def test_fields_that_the_protocol_does_not_know_are_refused() -> None:
    """A misspelt field must not become a default."""
    with pytest.raises(MessageMalformed):
        decode_ask(msgspec.msgpack.encode({"ask": "status", "more": 1}))


def test_an_answer_is_what_was_expected_or_a_refusal() -> None:
    """A refusal is recognised whatever was asked."""
    body = encode(StatusAnswer(epoch=1, live=2, adopted=3, destroyed=4, oldest_live_us=5))[4:]
    refusal = encode(RefusedAnswer(refused="key_unknown"))[4:]

    assert decode_answer(body, StatusAnswer).live == 2  # type: ignore[union-attr]  # not Refused
    assert decode_answer(refusal, KeyStateAnswer) == RefusedAnswer(refused="key_unknown")
    for wrong in (body, b"", b"\xc1"):
        with pytest.raises(MessageMalformed):
            decode_answer(wrong, DataKeyAnswer)


def test_a_key_is_not_in_the_representation_of_its_answer() -> None:
    """Answers end up in tracebacks and debuggers."""
    assert "secret" not in repr(DataKeyAnswer(data_key=bytearray(b"secret")))
