"""What must be known of a recording to finish its destruction, and what its tombstone will say.

Pure: a value and its JSON. No number and no name is in it. Knows nothing of where it is kept.
"""

from typing import Final, Literal

import msgspec

from archive.ids import RecordingId

# What of a recording goes: all of it; its audio, while facts live on; the facts that did. Or a page
# of the ledger, which goes whole.
Scope = Literal["whole", "audio", "facts", "ledger"]
_HOUR_US: Final = 3_600_000_000


class IntendedPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part: which it is, and the names of its object and its map in the store."""

    part: int
    path: str
    map_path: str


class Intention(msgspec.Struct, frozen=True, kw_only=True):
    """A recording that is about to go; ids are hexadecimal, what a reach may name is folded.

    `call` is "" of a ledger page, which is of none. `facts_until_us`: where facts outlive its
    audio, until when; None: no rule says.
    """

    recording: str
    call: str
    hour_us: int
    queues: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    controllers: tuple[str, ...] = ()
    parts: tuple[IntendedPart, ...] = ()
    facts_until_us: int | None = None

    @property
    def id(self) -> RecordingId:
        return RecordingId(bytes.fromhex(self.recording))

    def encode(self) -> str:
        """As the register keeps it."""
        return msgspec.json.encode(self).decode()


def decode_intention(text: str) -> Intention:
    """What `encode` wrote."""
    return msgspec.json.decode(text, type=Intention)


def hour_of(started_us: int) -> int:
    """The beginning of the UTC hour."""
    return started_us - started_us % _HOUR_US
