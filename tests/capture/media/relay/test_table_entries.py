"""What a successor needs of a call."""

import msgspec

from capture.holder.relay_table import MAX_KEPT_BYTES
from capture.links.relay_messages import MAX_PLACES
from capture.media.relay.table_entries import DECODER
from tests.capture.media.relay_scene import Stage, call, order
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
