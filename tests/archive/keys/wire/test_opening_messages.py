"""What is said of keys that are opened."""

from archive.access.opening_text import MAX_TEXT_BYTES
from archive.ids import ID_BYTES
from archive.keys.wire.opening_messages import (
    MAX_OPENINGS,
    DataKeyAnswer,
    Open,
    OpeningRow,
    OpeningsAnswer,
)
from archive.keys.wire.protocol import encode

FAR = 1 << 62


def test_the_longest_entry_and_the_longest_list_fit_into_a_message() -> None:
    """What is asserted when it is encoded would otherwise end the daemon."""
    row = OpeningRow(
        number=FAR, entry=bytes(ID_BYTES), digest=bytes(32), act="x" * 16, at_us=FAR, keys=FAR
    )

    assert encode(Open(key_id=bytes(ID_BYTES), entry=bytes(MAX_TEXT_BYTES)))
    assert encode(OpeningsAnswer(rows=(row,) * MAX_OPENINGS, last=FAR))


def test_a_key_is_in_no_log() -> None:
    """A message that is printed says that it has one."""
    assert "7" not in repr(DataKeyAnswer(data_key=bytearray(b"7" * 32)))
