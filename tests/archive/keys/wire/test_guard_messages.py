"""Messages of the guard: the longest of each kind fits."""

import pytest

from archive.keys.wire.guard_messages import (
    MAX_DESTROYED,
    MAX_KEYS,
    Destroy,
    DestroyedAnswer,
    HeldKeysAnswer,
    HoldKeys,
    PlanText,
)
from archive.keys.wire.message import AnswerMessage, AskMessage
from archive.keys.wire.protocol import LENGTH, MAX_MESSAGE_BYTES, decode_answer, decode_ask, encode
from archive.lifecycle.plan_text import MAX_PIECE_BYTES, MAX_PIECE_LINES

ID = bytes(range(16))
LARGEST = (1 << 63) - 1


@pytest.mark.parametrize(
    "ask",
    [
        HoldKeys(hold=ID, keys=(ID,) * MAX_KEYS),
        PlanText(
            plan=ID,
            at=LARGEST,
            text=bytes(MAX_PIECE_BYTES),
            lines=((ID, LARGEST),) * MAX_PIECE_LINES,
        ),
        Destroy(plan=ID, generation=LARGEST, recordings=(ID,) * MAX_DESTROYED),
    ],
    ids=lambda ask: type(ask).__name__,
)
def test_the_longest_list_fits_into_a_message(ask: AskMessage) -> None:
    """The client cuts lists to these lengths, and knows of no others."""
    message = encode(ask)

    assert len(message) <= MAX_MESSAGE_BYTES
    assert decode_ask(message[LENGTH.size :]) == ask


@pytest.mark.parametrize(
    "answer",
    [
        HeldKeysAnswer(held=0, destroyed=(ID,) * MAX_KEYS, unknown=()),
        DestroyedAnswer(outcomes=(LARGEST, "cooling_off") * (MAX_DESTROYED // 2)),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_so_do_the_longest_answers(answer: AnswerMessage) -> None:
    """An outcome is a time or a word, and is told apart on the way."""
    message = encode(answer)

    assert len(message) <= MAX_MESSAGE_BYTES
    assert decode_answer(message[LENGTH.size :], type(answer)) == answer
