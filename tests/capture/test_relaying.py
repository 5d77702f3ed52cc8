"""What signalling and a relay worker tell each other survives the wire, in whatever pieces."""

import pytest

from capture.relaying import (
    MAX_MESSAGE_BYTES,
    End,
    Keyed,
    Latch,
    Outcome,
    Place,
    Played,
    Playing,
    RelayCall,
    RelayEverything,
    RelayGone,
    RelayHello,
    RelayMessage,
    RelayMessageBroken,
    RelayStream,
    Side,
    encode,
)

END = End(
    pair=4,
    places=(Place("192.0.2.1", 4000),),
    reports_to=Place("192.0.2.1", 4001),
    latch=Latch.NAT,
    ssrc=1,
    first_sequence=2,
    first_timestamp=3,
    types=((0, 8),),
    keys=("1 AES_CM_128_HMAC_SHA1_80 inline:x",),
    playing=Playing(serial=1, prompt="notice.PCMU", payload_type=0, opens=True),
)
SAID: list[RelayMessage] = [
    RelayHello(worker=1),
    RelayCall(call=b"one", ends=(END, END), is_joined=False, is_landed=True),
    RelayEverything(),
    Played(
        call=b"one",
        side=Side.CALLEE,
        serial=1,
        outcome=Outcome.COMPLETE,
        from_us=1,
        until_us=2,
        packets=3,
        sent_ms=60,
        whole_ms=60,
        first_sequence=9,
        gate_us=2,
    ),
    Keyed(call=b"one", side=Side.CALLER, digit="9", at_us=5),
    RelayGone(call=b"one"),
]


@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_messages_come_out_whole_however_they_are_cut(piece: int) -> None:
    """A stream socket keeps no boundaries."""
    stream, data = RelayStream(), b"".join(map(encode, SAID))

    cut = [data[at : at + piece] for at in range(0, len(data), piece)]

    assert [message for each in cut for message in stream.feed(each)] == SAID


def test_what_is_no_message_is_named() -> None:
    """The connection is then left and made anew."""
    with pytest.raises(RelayMessageBroken):
        list(RelayStream().feed((3).to_bytes(4, "big") + b"\xc1\xc1\xc1"))


def test_a_length_beyond_the_limit_is_not_waited_for() -> None:
    """Nobody fills our memory by claiming a size."""
    with pytest.raises(RelayMessageBroken):
        list(RelayStream().feed((MAX_MESSAGE_BYTES + 1).to_bytes(4, "big")))
