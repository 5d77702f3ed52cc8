"""Tests of the ng protocol's encoding."""

import pytest
from hypothesis import given, strategies as st

from bench.bencode import BencodeBroken, Value, decode, encode

VALUES = st.recursive(
    st.binary() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


@given(VALUES)
def test_what_is_written_is_read_back(value: Value) -> None:
    """The peer's answers are as deep as it likes."""
    assert decode(encode(value)) == value


def test_a_command_looks_as_the_protocol_says() -> None:
    """Keys sorted, lengths in bytes."""
    command: Value = {"command": "ping", "a": [1, b"xy", "録"]}

    assert encode(command) == b"d1:ali1e2:xy3:\xe9\x8c\xb2e7:command4:pinge"


@pytest.mark.parametrize(
    "broken", [b"", b"i1", b"5:abc", b"l1:a", b"d1:a", b"x", b"1:ab", b"d1:ae"]
)
def test_bytes_that_are_no_value_are_refused(broken: bytes) -> None:
    """A cut datagram is not half an answer."""
    with pytest.raises(BencodeBroken):
        decode(broken)
