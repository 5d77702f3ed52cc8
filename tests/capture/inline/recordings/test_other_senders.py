"""A party whose media come from another place than its description names."""

from archive.call.events import Flagged
from capture.inline.recordings.other_senders import TALKING_PACKETS
from capture.links.relay_messages import Foreign, Place, Side
from tests.capture.inline.stage import Stage

ELSEWHERE = Place("198.51.100.9", 40_000)


def sends(stage: Stage, packets: int = TALKING_PACKETS, side: Side = Side.CALLER) -> Stage:
    """The relay has not heard so many packets in half a second."""
    call = stage.relay_call().call
    return stage.relay_says(Foreign(call=call, side=side, place=ELSEWHERE, packets=packets))


def flags(stage: Stage) -> list[tuple[str, str]]:
    """What its recording is flagged with, and the details."""
    return [(each.flag, each.detail) for each in stage.events(Flagged)]


def test_who_talks_unheard_is_a_flag_with_its_address_once_a_side() -> None:
    """Both are connected and hear nothing: the recording says why, and from where."""
    stage = Stage().talking()
    sends(sends(stage))
    assert flags(stage) == [("other_sender", "198.51.100.9 40000")]

    sends(stage, side=Side.CALLEE)
    assert flags(stage) == [("other_sender", "198.51.100.9 40000")] * 2


def test_a_few_packets_that_a_change_has_overtaken_are_no_flag() -> None:
    """A telephone that moves to another port has some on their way."""
    assert flags(sends(Stage().talking(), TALKING_PACKETS - 1)) == []


def test_before_both_talk_nothing_is_flagged() -> None:
    """Of several early dialogs one is heard at a time; the others send too."""
    assert flags(sends(Stage().answered())) == []


def test_who_sends_beside_a_party_that_is_heard_is_no_flag() -> None:
    """It is not heard, and nobody misses anything."""
    stage = Stage().talking()
    bridged = next(iter(stage.inline.calls))
    stage.arrivals[bridged.call.caller.pair] = stage.now.us

    assert flags(sends(stage)) == []
