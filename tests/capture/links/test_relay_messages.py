"""What signalling and a relay worker tell each other survives the wire, in whatever pieces."""

from capture.links.framed_messages import framed
from capture.links.relay_messages import (
    Keyed,
    Outcome,
    Played,
    RelayCall,
    RelayEverything,
    RelayGone,
    RelayHello,
    RelayMessage,
    RelayStream,
    Side,
)
from tests.support.capture.relaying import END

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


def test_messages_survive_the_wire() -> None:
    """Each as it was said."""
    assert list(RelayStream().feed(b"".join(map(framed, SAID)))) == SAID
