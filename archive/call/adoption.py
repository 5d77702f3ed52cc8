"""What the keeper hands to the catalog when a part has become part of the archive.

Pure values. Knows nothing of files, keys or database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

import msgspec

from archive.call.events import Event
from archive.ids import KeyId, NodeId, PartName, TenantId

SHA256_BYTES: Final = 32

# Lost on the way to us; nothing was sent, in which case nothing is missing; arrived, but neither
# kernel nor relay had room; could not be written; the node was down; the file is damaged there;
# nothing came, and nobody says why.
GapBecause = Literal[
    "lost", "not_sent", "overrun", "not_written", "node_stopped", "damaged", "unknown"
]
# Why nothing came before a stream's first packet, or behind its last; "" where nothing tells.
EdgeBecause = Literal["", "lost", "not_sent"]
Interval = tuple[int, int]
# A silence that is shorter is a pause of breath, or one long packet.
LEAST_GAP_S: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPackets:
    """How many packets (RTP and RTCP) of one stream a part holds."""

    stream: int
    packets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LostRange:
    """Packets known to be missing from a stream; `packets` is None where nobody counted them."""

    stream: int
    from_us: int
    until_us: int
    packets: int | None

    @property
    def is_open(self) -> bool:
        """Whether nobody knows where it ends: behind what a killed writer left."""
        return self.packets is None and self.from_us == self.until_us


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceRange:
    """The RTP sequence numbers (16 bits) with which a source of a stream begins and ends here."""

    stream: int
    ssrc: int
    first: int
    last: int


class StreamGap(msgspec.Struct, frozen=True, array_like=True):
    """From one moment to another (µs since 1970 UTC) so many packets of a stream are missing.

    `packets` is 0 where nobody counted them, and where none were sent. Where several holes are one
    gap, `absent_us` is less than it lasts: so much of it is missing.
    """

    stream: int
    from_us: int
    until_us: int
    packets: int
    absent_us: int
    because: GapBecause

    def moved(self, by_us: int) -> "StreamGap":
        return msgspec.structs.replace(
            self, from_us=self.from_us + by_us, until_us=self.until_us + by_us
        )


class StreamReplay(msgspec.Struct, frozen=True, array_like=True):
    """So many proved packets of a stream came a second time, late, from one moment to another."""

    stream: int
    from_us: int
    until_us: int
    packets: int

    def moved(self, by_us: int) -> "StreamReplay":
        return msgspec.structs.replace(
            self, from_us=self.from_us + by_us, until_us=self.until_us + by_us
        )


class StreamSound(msgspec.Struct, frozen=True, array_like=True):
    """Where a stream sounds in one encoding, from one moment to another (µs since 1970 UTC).

    "CN" is the noise of a pause. `before` and `after` stand with the encoding "": why nothing came
    before the first packet and behind the last. `others` are where it was another source in the
    place of one that was silent then, had been heard before and came back.
    """

    stream: int
    encoding: str
    stretches: tuple[Interval, ...]
    before: EdgeBecause = ""
    after: EdgeBecause = ""
    others: tuple[Interval, ...] = ()

    def moved(self, by_us: int) -> "StreamSound":
        stretches, others = (
            tuple((a + by_us, b + by_us) for a, b in each) for each in (self.stretches, self.others)
        )
        return msgspec.structs.replace(self, stretches=stretches, others=others)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStreams:
    """What a part tells of its streams: numbers, what is missing, came twice, and where they sound.

    `sounds` are None where that was not read.
    """

    sequences: tuple[SequenceRange, ...] = ()
    gaps: tuple[StreamGap, ...] = ()
    replays: tuple[StreamReplay, ...] = ()
    sounds: tuple[StreamSound, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """One archived part: where it lies, what it holds, what happened in it.

    `path` and `map_path` are relative to the archive's root, with `/`. `first_us` and `last_us`
    are the arrivals of the first and the last packet, µs since 1970 UTC; both are `created_us`
    where the part has none. `events` are (serial, event) as the part repeats them: a serial may
    come in several parts. `end_reason` is END's reason, `is_last` its `last`.
    """

    part_name: PartName
    tenant: TenantId
    node: NodeId
    key_id: KeyId
    path: str
    map_path: str
    size_bytes: int
    sha256: bytes
    segments: int
    created_us: int
    first_us: int
    last_us: int
    events: tuple[tuple[int, Event], ...]
    packets: tuple[StreamPackets, ...]
    lost: tuple[LostRange, ...]
    end_reason: str
    is_last: bool
    streams: PartStreams = field(default_factory=PartStreams)

    def __post_init__(self) -> None:
        assert len(self.sha256) == SHA256_BYTES
        assert self.first_us <= self.last_us
        assert not self.path.startswith("/")
        assert not self.map_path.startswith("/")


class AdoptionRegister(Protocol):
    """Who writes adoptions down (K5), in one transaction; twice is as good as once."""

    def commit(self, adoptions: Sequence[Adoption]) -> None:
        """Make all these parts findable, or none; when this returns, it is on disk."""
