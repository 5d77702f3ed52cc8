"""What is said to the key daemon of keys that are opened, and what it lists of them.

Pure values. Knows nothing of tables.
"""

from typing import Final

import msgspec

from archive.keys.wire.message import API, AnswerMessage, Question

# What a message holds with room to spare.
MAX_OPENINGS: Final = 400


class OpeningRow(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """An entry as the daemon was told of it, and how many keys it opened. Numbers have no gaps."""

    number: int
    entry: bytes
    digest: bytes
    act: str
    at_us: int
    keys: int


class OpeningsAnswer(AnswerMessage, frozen=True, kw_only=True):
    """At most `MAX_OPENINGS` rows, and the number of the last there is."""

    rows: tuple[OpeningRow, ...]
    last: int


class DataKeyAnswer(AnswerMessage, frozen=True, kw_only=True):
    """A data key, to be zeroed by who gets it."""

    data_key: bytearray

    def __repr__(self) -> str:
        return "DataKeyAnswer(…)"


class Open(Question[DataKeyAnswer], frozen=True, kw_only=True, tag="open"):
    """Give one key, under one entry of the journal: `entry` is its whole text, at most 60 KiB.

    Refused, and nothing opened: `entry_malformed`, `entry_of_other_act`,
    `entry_of_other_recording`, `entry_differs` (its id came before with another text),
    `entry_stale` (a key's first opening under an entry within 60 s of its time, again for 12 h)
    (`docs/adr/0028-the-key-daemon-checks-what-it-is-told.md`).
    """

    asked_by = API
    key_id: bytes
    entry: bytes


class ListOpenings(Question[OpeningsAnswer], frozen=True, kw_only=True, tag="list_openings"):
    """Name entries under which keys were opened behind a number, at most `MAX_OPENINGS`."""

    asked_by = API
    after: int
