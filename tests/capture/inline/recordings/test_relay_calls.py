"""What the relay is told of a call."""

import msgspec

from capture.inline.recordings.relay_calls import hear_each_other, relay_call
from capture.inline.state.call_events import Began, HopsFound, Progressed, Reanswered, Reoffered
from capture.inline.state.ends import Fork
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Place, Side
from tests.capture.inline.playbook import (
    ANSWER,
    CALLEE,
    CALLER,
    HOP,
    LATER,
    PLAIN,
    Playbook,
    a_call,
    planned,
    sdp,
)


def test_each_end_has_its_place_its_numbers_and_what_it_hears() -> None:
    """The caller's notice, the callee's ringback."""
    call = Playbook(a_call()).answered().call
    told = relay_call(call, is_landed=True)
    caller, callee = told.ends

    assert caller.places == (Place("192.0.2.1", 4000),)
    assert callee.places == (Place("192.0.2.30", 5000),)
    assert callee.reports_to == Place("192.0.2.30", 5001)
    assert (caller.ssrc, callee.ssrc) == (1, 2)
    assert caller.event_types == (101,)
    assert caller.playing is not None
    assert (told.is_joined, told.is_landed) == (False, True)


def test_numbers_that_differ_are_mapped_for_who_sends_them() -> None:
    """A caller who was answered before, and a callee who wants another number."""
    plan = planned(prompts=(), order="answer-first", codecs=())
    offer = sdp(97, maps="a=rtpmap:97 PCMU/8000\r\n")
    answer = sdp(96, host="192.0.2.30", maps="a=rtpmap:96 PCMU/8000\r\n")
    play = Playbook(a_call(plan, offer=offer))
    call = play.dialled().call
    callee = msgspec.structs.replace(call.callee, theirs=answer)
    told = relay_call(call.with_end(callee), is_landed=False)

    assert told.ends[Side.CALLER].types == ((97, 96),)


def test_forks_are_places_beside_the_one_in_force() -> None:
    """The relay follows the one that sends."""
    call = Playbook(a_call(PLAIN)).dialled().when(Progressed(b"callee", 183, ANSWER)).call
    fork = Fork(b"fork", sdp(0, host="192.0.2.40", port=6000))
    callee = msgspec.structs.replace(call.callee, forks=(*call.callee.forks, fork))

    assert relay_call(call.with_end(callee), is_landed=False).ends[Side.CALLEE].places == (
        Place("192.0.2.30", 5000),
        Place("192.0.2.40", 6000),
    )


def test_early_media_is_heard_before_the_answer() -> None:
    """The network's own announcements; the notice comes after it."""
    play = Playbook(a_call()).dialled()

    assert not hear_each_other(play.call)
    assert hear_each_other(play.when(Progressed(b"callee", 183, ANSWER)).call)


def test_an_early_notice_goes_before_early_media() -> None:
    """Who is still being told hears nothing else."""
    play = Playbook(a_call(planned(order="early"))).when(Began())
    told = msgspec.structs.replace(play.call.caller, notice=NoticeStage.DUE)

    play.noticed().when(HopsFound((HOP,))).when(Progressed(b"callee", 183, ANSWER))
    assert hear_each_other(play.call)
    assert not hear_each_other(play.call.with_end(told))


def test_a_party_on_hold_neither_hears_nor_speaks_as_it_said() -> None:
    """Both halves of a hold."""
    held = sdp(0, 101, version=2, direction="sendonly")
    holding = sdp(0, 101, host="192.0.2.30", port=5000, version=2, direction="recvonly")
    play = Playbook(a_call()).joined().when(Reoffered(CALLER, LATER, b"INVITE", held))
    play.when(Reanswered(CALLEE, 200, holding))
    caller, callee = relay_call(play.call, is_landed=True).ends

    assert (caller.hears, caller.speaks) == (False, True)
    assert (callee.hears, callee.speaks) == (True, False)


def test_keys_of_srtp_are_the_peers_and_ours_of_the_same_tag() -> None:
    """Each side with its own."""
    crypto = "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40 + "\r\n"
    offer = sdp(0, 101, maps=crypto)
    media = msgspec.structs.replace(offer.media[0], protocol=b"RTP/SAVP")
    play = Playbook(a_call(PLAIN, offer=msgspec.structs.replace(offer, media=(media,))))
    play.dialled().when(Progressed(b"callee", 183, ANSWER))
    caller, callee = relay_call(play.call, is_landed=False).ends

    assert [key.split()[0] for key in caller.keys] == ["3"]
    assert caller.own_key.split()[0] == "3"
    assert (callee.keys, callee.own_key) == ((), "")


def test_a_packet_time_beyond_all_reason_is_the_usual_one() -> None:
    """The player would wait for it."""
    slow = sdp(0)
    attributes = tuple(each for each in slow.media[0].attributes if each.name != b"ptime")
    media = msgspec.structs.replace(slow.media[0], attributes=attributes)
    call = a_call(PLAIN, offer=msgspec.structs.replace(slow, media=(media,)))

    assert relay_call(call, is_landed=False).ends[Side.CALLER].packet_ms == 20


def test_while_a_prompt_is_played_the_clock_is_that_of_its_codec() -> None:
    """Two codecs are agreed on; the notice is prepared in the second."""
    opus = "a=rtpmap:111 opus/48000/2\r\n"
    offer, answer = sdp(111, 0, maps=opus), sdp(111, 0, host="192.0.2.30", maps=opus)
    play = Playbook(a_call(planned(codecs=()), offer=offer)).answered(answer)
    caller = relay_call(play.call, is_landed=True).ends[Side.CALLER]

    assert caller.playing is not None
    assert (caller.playing.payload_type, caller.clock_hz) == (0, 8_000)
    joined = relay_call(play.noticed().call, is_landed=True)
    assert [each.clock_hz for each in joined.ends] == [48_000, 48_000]
