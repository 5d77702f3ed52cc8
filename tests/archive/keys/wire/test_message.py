"""What every message has."""

import msgspec
import pytest

from archive.keys.wire.message import AnswerMessage, AskMessage


class Greet(AskMessage, frozen=True, kw_only=True, tag="greet"):
    name: str


def test_a_request_says_its_kind_and_has_no_strange_fields() -> None:
    """A newer client's request is refused as a whole, not done in part."""
    assert msgspec.to_builtins(Greet(name="a")) == {"ask": "greet", "name": "a"}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"ask": "greet", "name": "a", "loud": True}, Greet)


def test_an_answer_that_is_no_refusal_is_ok() -> None:
    """A refusal has another shape, so that nobody takes one for the other."""
    assert msgspec.to_builtins(AnswerMessage()) == {"ok": True}
