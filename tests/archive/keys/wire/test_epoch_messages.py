"""What is said of epochs, on its way through the protocol."""

from archive.keys.wire.epoch_messages import (
    MAX_PARTS,
    AskBackedUp,
    EpochRow,
    EpochsAnswer,
    ReportSpool,
    SetKeyAnswer,
)
from archive.keys.wire.protocol import MAX_MESSAGE_BYTES, decode_answer, decode_ask, encode

LENGTH = 4


def test_the_longest_questions_fit_into_a_message() -> None:
    """A limit that does not fit would be an assertion in somebody's keeper."""
    ask = AskBackedUp(parts=((bytes(16), 255, 255),) * MAX_PARTS)
    report = ReportSpool(sealed=((bytes(16), 1 << 30),) * 256)

    assert decode_ask(encode(ask)[LENGTH:]) == ask
    assert decode_ask(encode(report)[LENGTH:]) == report


def test_a_year_of_epochs_fits_into_an_answer() -> None:
    """As many as are told, each held back by everything there is."""
    row = EpochRow(
        number=99_999,
        created_us=1 << 50,
        state="destroyed",
        destroyed_us=1 << 50,
        held_back=("keeper", "spool", "node"),
    )
    answer = EpochsAnswer(epochs=(row,) * 64, every_us=1, keep=30, assurance="one_place")

    assert len(encode(answer)) < MAX_MESSAGE_BYTES
    assert decode_answer(encode(answer)[LENGTH:], EpochsAnswer) == answer


def test_a_key_is_not_shown() -> None:
    """Whatever prints an answer prints no key."""
    assert "b'" not in repr(SetKeyAnswer(epoch=1, opened=bytearray(32), wrapped=b""))
