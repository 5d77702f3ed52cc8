"""What the ends of a call may do, and what a successor needs of them."""

import msgspec

from capture.media.relay_calls import DECODER, LOOK
from capture.media.relay_table import MAX_KEPT_BYTES
from capture.relaying import MAX_PLACES, Latch
from tests.capture.media.relay_scene import CALL, Stage, call, order
from tests.capture.media.scene import rtp


def test_what_a_successor_finds_is_what_there_was(stage: Stage) -> None:
    """Everything but numbers of the hot loop, which lie beside it."""
    wanted = call(stage)
    stage.tell(wanted)
    stage.send(stage.caller, rtp(5, ssrc=7), to=0)
    ((pair, data),) = stage.table.kept()
    kept = DECODER.decode(data)

    assert pair == 0
    assert kept.call == wanted
    assert kept.ends[0].heard_from == stage.caller.place
    assert (kept.ends[1].source, kept.ends[1].begun) == (7, True)
    assert stage.table.next_index[1] == 1_001


def test_the_largest_call_has_room_in_the_table(stage: Stage) -> None:
    """Forks, six suites on each side, and a prompt."""
    keys = tuple("1 AEAD_AES_256_GCM inline:" + "x" * 60 + "|2^31|1:4" for _ in range(12))
    places = tuple(("2001:db8:1111:2222:3333:4444:5555:6666", 60_000) for _ in range(MAX_PLACES))
    change = {"places": (*places[1:], stage.caller.place), "keys": keys, "own_key": keys[0]}
    wanted = call(stage, {"playing": order(prompt="x" * 100)} | change, change)

    assert len(msgspec.msgpack.encode(wanted)) < MAX_KEPT_BYTES - 1_000


def test_kinds_that_need_a_look_are_marked_whatever_their_marker(stage: Stage) -> None:
    """Keys, and RTCP on the same port."""
    stage.tell(call(stage, {"event_types": (101,), "is_muxed": True, "types": ((101, 97),)}))
    end = stage.relay.roster.calls[CALL].ends[0]
    looked = [kind for kind, sent in enumerate(end.kinds) if sent == LOOK]

    assert looked == [*range(64, 96), 101, *range(192, 224), 229]
    assert (end.sent_kinds[101], end.sent_kinds[229]) == (97, 225)


def test_an_end_is_sent_to_where_it_is_heard_from(stage: Stage) -> None:
    """Before that where the SDP says; nowhere while there is none, or none that we can reach."""
    stage.tell(call(stage, {"latch": Latch.ANY}))
    end, other = stage.relay.roster.calls[CALL].ends[0], stage.party()
    assert end.target == tuple(stage.caller.place)
    stage.send(other, rtp(1), to=0)
    assert end.target == tuple(other.place)
    for places in ((), (("pbx.example", 9),), (("::1", 9),)):
        stage.tell(call(stage, {"latch": Latch.ANY, "places": places}))
        assert end.target is None


def test_jitter_is_that_of_the_packets_that_were_looked_at(stage: Stage) -> None:
    """In units of what the other end hears."""
    stage.tell(call(stage))
    end = stage.relay.roster.by_pair[0]
    stage.send(stage.caller, rtp(1), to=0)
    for number in range(2, 40):
        stage.send(stage.caller, rtp(number), to=0)

    assert end.jitter > 0  # they came at once, and claim to be 20 ms apart
