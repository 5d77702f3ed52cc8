"""What a successor of a relay needs of a call, as it lies in the relay's table.

Values and their bytes; the numbers of the hot loop lie beside them. Knows nothing of sockets.
"""

from typing import Final

import msgspec

from capture.links.relay_messages import Place, Played, RelayCall


class KeptPlay(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A prompt under way."""

    serial: int
    begun_s: float
    from_us: int
    first_index: int
    first_stamp: int
    packet_ms: int = 0
    whole_ms: int = 0
    refused: int = 0


class KeptEnd(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One end as a successor finds it; times are monotonic seconds, which it shares with us."""

    heard_from: Place | None
    stamp: int
    at_s: float
    source: int
    sequence_shift: int
    stamp_shift: int
    begun: bool
    packets: int
    octets: int
    over_serial: int
    play: KeptPlay | None
    played: Played | None
    secret: int = 0
    floor: int = 0


class KeptCall(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A call as a successor finds it before signalling speaks."""

    call: RelayCall
    began_us: int
    through: tuple[int, ...]
    ends: tuple[KeptEnd, KeptEnd]


ENCODER: Final = msgspec.msgpack.Encoder()
DECODER: Final = msgspec.msgpack.Decoder(KeptCall)
