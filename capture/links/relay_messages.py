"""What signalling tells a relay worker of its calls, and what it hears back.

Values, on the wire as `capture.links.framed_messages` has them. Each command is the whole of what
is wanted, so that it may be said again to a successor. Knows nothing of SIP or sockets.
"""

from enum import IntEnum, StrEnum
from typing import Final, NamedTuple

import msgspec

from capture.links.framed_messages import Incoming, Ping, Pong
from capture.native.choice import RelayLoop

# A call with its keys and forks is some kilobytes.
MAX_MESSAGE_BYTES: Final = 1 << 20
# Places of one party at once: early dialogs of a fork.
MAX_PLACES: Final = 8


class Latch(StrEnum):
    """Whose packets are a party's: the address of the SDP; the first steady source; anybody."""

    SIGNALLED = "signalled"
    NAT = "nat"
    ANY = "any"


class Side(IntEnum):
    """Which end of a call: who called, or who was called."""

    CALLER = 0
    CALLEE = 1


class Place(NamedTuple):
    """A numeric address and a port at which a party receives."""

    host: str
    port: int


class Playing(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt that one end is to hear instead of the other end.

    `serial` is one more for each order of a call; one that is over is not carried out again.
    `prompt` names a prepared file. With `opens` the parties are joined when it is through, and the
    gate opens behind its last packet; where both ends have such an order, when both are through.
    With `records` the gate opens at its first packet, whatever is still to be played to whom. What
    `yields` ends when the other end sends speech that may be passed on.
    """

    serial: int
    prompt: str
    payload_type: int
    repeats: bool = False
    opens: bool = False
    records: bool = False
    yields: bool = False


class RelayedEnd(msgspec.Struct, frozen=True, kw_only=True):
    """One end of a call as the relay must treat it.

    `places` are where it receives RTP, the one in force first; none: nothing is sent to it.
    `reports_to` is where RTCP goes, None: nowhere. `hears`: packets may be sent to it, `speaks`:
    its packets are passed on (hold). `types` are pairs (payload type as it comes from this end, as
    the other end gets it); what is not listed crosses as it is. `event_types` carry RFC 4733
    events. `ssrc`, `first_sequence` and `first_timestamp` begin what we send to it, `clock_hz` and
    `packet_ms` are those of what it hears. With `keeps_latch` nobody is heard but who is already,
    or the address of the SDP: somebody else may send here who is not the party yet. Who `is_hushed`
    has joined a call of which something is kept already, and is not told of that yet: whatever
    comes from it is not put into the ring until the word is another one, or an order with `opens`
    is through to it. What came on its pair before is kept, for it is a former party's. What is
    played to it, and the other end, land. Of SRTP, `keys` are the peer's `a=crypto` in their order
    and `own_key` is ours; both empty: RTP.
    """

    pair: int
    places: tuple[Place, ...]
    reports_to: Place | None
    latch: Latch
    ssrc: int
    first_sequence: int
    first_timestamp: int
    clock_hz: int = 8_000
    packet_ms: int = 20
    keeps_latch: bool = False
    is_muxed: bool = False
    hears: bool = True
    speaks: bool = True
    is_hushed: bool = False
    types: tuple[tuple[int, int], ...] = ()
    event_types: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    own_key: str = ""
    playing: Playing | None = None


class RelayCall(msgspec.Struct, frozen=True, kw_only=True, tag="call"):
    """What a call is now. `ends` are caller and callee; one without places may still be to come.

    `is_joined`: the ends hear each other where nothing is played to them. `is_landed`: what arrives
    and what is played goes into the ring for the ingest worker. `gate_us`: since when what arrives
    may be kept (µs UTC), 0: the relay sets it (see `Playing`). What is `is_raw` crosses byte for
    byte, whatever it is, and has nothing of ours in it.
    """

    call: bytes
    ends: tuple[RelayedEnd, RelayedEnd]
    is_joined: bool
    is_landed: bool
    gate_us: int = 0
    is_raw: bool = False


class RelayGone(msgspec.Struct, frozen=True, kw_only=True, tag="gone"):
    """The call is over: say RTCP BYE, let go of its sockets."""

    call: bytes


class RelayEverything(msgspec.Struct, frozen=True, kw_only=True, tag="everything"):
    """Sent once after (re)connecting, behind the last `RelayCall`: what is not named is over."""


class RelayHello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """A relay worker's first message: which one it is, and the loop that packets take there."""

    worker: int
    loop: RelayLoop = RelayLoop.PYTHON


class Outcome(StrEnum):
    """What became of a prompt: through, replaced or ended before that, or never begun."""

    COMPLETE = "complete"
    CUT_SHORT = "cut_short"
    FAILED = "failed"


class Played(msgspec.Struct, frozen=True, kw_only=True, tag="played"):
    """An order to play is over; times are when its first and last packet left (µs UTC).

    `sent_ms` of `whole_ms` went to the next hop, in `packets`; the kernel `refused` so many
    besides, with numbers of their own. `first_sequence` is that of the first, with our rollovers.
    `gate_us` is since when what arrives may be kept, 0 while the gate is closed.
    """

    call: bytes
    side: Side
    serial: int
    outcome: Outcome
    from_us: int
    until_us: int
    packets: int
    sent_ms: int
    whole_ms: int
    first_sequence: int
    gate_us: int
    refused: int = 0


class Latched(msgspec.Struct, frozen=True, kw_only=True, tag="latched"):
    """An end is heard from this place, and is sent to there, from now on."""

    call: bytes
    side: Side
    place: Place
    at_us: int


class Foreign(msgspec.Struct, frozen=True, kw_only=True, tag="foreign"):
    """Packets came for an end from a place that is not its own; they went nowhere."""

    call: bytes
    side: Side
    place: Place
    packets: int


class Keyed(msgspec.Struct, frozen=True, kw_only=True, tag="keyed"):
    """An end has pressed a key (RFC 4733); said once for each event, at its first packet."""

    call: bytes
    side: Side
    digit: str
    at_us: int


class Reported(msgspec.Struct, frozen=True, kw_only=True, tag="reported"):
    """The last report block of an end about what we send to it (RFC 3550 §6.4.1).

    `highest_sequence` has our rollovers: whoever joins late counts his own. Of 256 packets it
    `discards` so many, where it says so (RFC 3611 §4.7), which is not in every report.
    """

    call: bytes
    side: Side
    highest_sequence: int
    lost: int
    jitter: int
    at_us: int
    discards: int | None = None


class LetGo(msgspec.Struct, frozen=True, kw_only=True, tag="let_go"):
    """A call that was to be over is: what had come for it has landed, what was played is told."""

    call: bytes


class NoSockets(msgspec.Struct, frozen=True, kw_only=True, tag="no_sockets"):
    """A call has no sockets here: nothing of it is relayed."""

    call: bytes


RelayCommand = RelayCall | RelayGone | RelayEverything | Ping
RelayAnswer = RelayHello | Pong | Played | Latched | Foreign | Keyed | Reported | LetGo | NoSockets
RelayMessage = RelayCommand | RelayAnswer

_DECODER: msgspec.msgpack.Decoder[RelayMessage] = msgspec.msgpack.Decoder(RelayMessage)


class RelayStream(Incoming[RelayMessage]):
    """Bytes of a relay's socket in, whole messages out."""

    def __init__(self) -> None:
        super().__init__(_DECODER, MAX_MESSAGE_BYTES)
