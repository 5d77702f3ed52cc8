"""The machine as a whole: broken input, deadlines, and state that goes through bytes."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from capture.errors import CaptureError
from capture.sip.build import Answer
from capture.sip.call import decode_call
from capture.sip.events import InviteReceived, MalformedReceived, SendMessage
from capture.sip.user_agent import SipCore
from tests.capture.sip.calls_out import OFFER, RELIABLE, OutScene, number as rseq
from tests.capture.sip.scenes import (
    TCP,
    UDP,
    Scene,
    established,
    in_dialog,
    peer_request,
    peer_response,
)
from tests.support.sip_dialog import dialogs_of

# fmt: off


def test_a_broken_request_is_answered_with_what_can_be_echoed(scene: Scene) -> None:
    """RFC 3261 §8.2.6: the peer's developer sees what we thought of it."""
    scene.peer(peer_request(b"OPTIONS").replace(b"CSeq: 1 OPTIONS", b"CSeq: one"))

    assert scene.sent().startswith(b"SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/UDP 192.0.2.1;")
    told = scene.outputs[-1]
    assert isinstance(told, MalformedReceived)
    assert told.answered_with == 400


def test_a_broken_request_gets_the_same_bytes_again(scene: Scene) -> None:
    """RFC 3261 §8.2.7: without state, the tag is derived from the request."""
    broken = peer_request(b"OPTIONS").replace(b"Max-Forwards: 70", b"Max-Forwards: 700")
    first = scene.peer(broken).sent()

    assert scene.peer(broken).sent() == first
    assert not scene.kept


def test_a_broken_ack_is_never_answered(scene: Scene) -> None:
    """RFC 3261 §17: nothing answers an ACK."""
    scene.peer(peer_request(b"ACK").replace(b"CSeq: 1 ACK", b"CSeq: ")).then("MalformedReceived")


@pytest.mark.parametrize("noise", [b"\x00\x01\x00\x08!\x12\xa4B", b"SIP/2.0 abc\r\n\r\n", b"<>"])
def test_noise_is_told_and_not_answered(scene: Scene, noise: bytes) -> None:
    """STUN, half responses and scans reach every SIP port."""
    scene.peer(noise).then("MalformedReceived")


def test_a_keep_alive_datagram_is_nothing(scene: Scene) -> None:
    """Phones send CRLF to keep a NAT open."""
    scene.peer(b"\r\n\r\n").then()


def test_calls_wake_up_in_the_order_of_their_timers() -> None:
    """The shell sleeps until the earliest of all calls, and no timer of another is run."""
    core = SipCore(node=b"n1", tokens=lambda: b"t")
    for number, at_s in enumerate([3.0, 1.0, 2.0]):
        invite = peer_request(b"INVITE").replace(b"one@peer", b"call-%d" % number)
        core.receive(invite, UDP, at_s)

    woken: list[float] = []
    while (deadline_s := core.next_deadline_s()) is not None:
        woken.append(deadline_s)
        [trying] = core.expire_timers(deadline_s)
        assert isinstance(trying, SendMessage)
    assert woken == [1.2, 2.2, 3.2]


def test_the_heap_of_deadlines_does_not_grow_with_what_is_over() -> None:
    """Thousands of refused calls within a second must not leave ten thousand timers behind."""
    core = SipCore(node=b"n1", tokens=lambda: b"t")
    for number in range(2_500):
        call_id = b"call-%d" % number
        [told] = core.receive(peer_request(b"INVITE").replace(b"one@peer", call_id), TCP, 0.0)
        assert isinstance(told, InviteReceived)
        core.respond(told.key, Answer(status=503), 0.0)
        core.receive(peer_request(b"ACK", to_tag=b"n1-t").replace(b"one@peer", call_id), TCP, 0.0)

    assert len(core._heap) < 2_000  # white box: growth has no outward sign until memory is gone


def test_what_changed_is_handed_over_once_and_its_end_too() -> None:
    """The shell stores one small value per Call-ID, and removes it when the call is over."""
    core = SipCore(node=b"n1", tokens=lambda: b"t")
    core.receive(peer_request(b"INVITE"), UDP, 0.0)

    assert list(core.take_changed()) == [b"one@peer"]
    assert core.take_changed() == {}
    core.receive(peer_request(b"CANCEL"), UDP, 0.0)
    while (deadline_s := core.next_deadline_s()) is not None:
        core.expire_timers(deadline_s)
    assert core.take_changed() == {b"one@peer": None}


def test_an_established_call_is_kept_in_under_a_kilobyte(scene: Scene) -> None:
    """The holder keeps thousands of them in memory that is never swapped."""
    established(scene).until(40.0)
    assert len(scene.kept[b"one@peer"]) < 1024


def test_a_dialog_whose_peer_is_gone_is_forgotten_without_a_word(scene: Scene) -> None:
    """The media timeout ends a call whose signalling no longer answers."""
    established(scene).until(40.0)
    scene.core.forget_dialog(scene.dialog)

    assert dialogs_of(scene.core) == []
    assert scene.core.take_changed() == {b"one@peer": None}


STEPS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.5, 2.0, 9.0, 33.0])),
    st.tuples(st.just("answer"), st.sampled_from([100, 180, 200, 488])),
    st.tuples(st.just("ask"), st.sampled_from([b"BYE", b"OPTIONS", b"INVITE", b"UPDATE"])),
    st.tuples(st.just("response"), st.sampled_from([100, 200, 481])),
    st.tuples(
        st.sampled_from([b"INVITE", b"ACK", b"BYE", b"CANCEL", b"OPTIONS", b"UPDATE", b"INFO"]),
        st.integers(1, 3),
    ),
)


def take_step(scene: Scene, kind: object, value: object) -> str:
    """Do one step of a random scene; what is out of turn says so instead."""
    try:
        match kind, value:
            case "wait", float(seconds):
                scene.until(scene.now_s + seconds)
            case "answer", int(status):
                provisional = scene.key.method == b"INVITE"  # RFC 4320: for nothing else
                scene.answer(status if provisional else max(status, 200))
            case "ask", bytes(method):
                scene.ask(method)
            case "response", int(status):
                scene.peer(peer_response(scene.sent(), status))
            case bytes(method), int(cseq):
                scene.peer(in_dialog(scene, method, cseq))
    except CaptureError as refused:
        return type(refused).__name__
    return "done"


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(STEPS, max_size=14))
def test_state_that_goes_through_bytes_at_every_step_changes_nothing(
    steps: list[tuple[object, object]],
) -> None:
    """Signalling may be killed after any step, with calls up; the next process goes on alike."""
    scenes = [Scene(reloaded=False), Scene(reloaded=True)]
    for scene in scenes:
        scene.peer(peer_request(b"INVITE")).answer(180)
    for kind, value in steps:
        one, other = [take_step(scene, kind, value) for scene in scenes]
        assert one == other

    assert scenes[0].log == scenes[1].log
    assert scenes[0].kept == scenes[1].kept


@pytest.mark.parametrize("option", [b"siprec", b"replaces", b"norefersub", b"100rel", b"timer"])
def test_what_the_layer_above_understands_may_be_required(option: bytes) -> None:
    """RFC 3891 §4, RFC 4488 §5: as options of the core; and what it does by itself."""
    options = frozenset({b"siprec", b"replaces", b"norefersub"})
    core = SipCore(node=b"n1", tokens=lambda: b"t", options=options)
    [told] = core.receive(peer_request(b"INVITE", headers=((b"Require", option),)), UDP, 0.0)

    assert isinstance(told, InviteReceived)


def test_what_is_understood_quietly_may_be_required_and_is_named_where_it_is_meant() -> None:
    """RFC 7866 section 6.3: not everybody is told that we want to be told."""
    core = SipCore(node=b"n1", tokens=lambda: b"t", quiet=frozenset({b"record-aware"}))
    required = ((b"Require", b"record-aware"),)
    [told] = core.receive(peer_request(b"INVITE", headers=required), UDP, 0.0)

    assert isinstance(told, InviteReceived)
    assert core.supporting() == (b"Supported", b"100rel, timer")
    assert core.supporting(b"record-aware") == (b"Supported", b"100rel, record-aware, timer")


TAGS = st.sampled_from([b"b", b"c", b""])
# Each kind of step in a random call of ours, its values, and what it does.
STEPS_OUT: dict[str, tuple[st.SearchStrategy[Any], Callable[[OutScene, Any], object]]] = {
    "wait": (
        st.sampled_from([0.1, 0.5, 9.0, 33.0]),
        lambda scene, value: scene.until(scene.now_s + value),
    ),
    "phone": (
        st.tuples(TAGS, st.sampled_from([100, 180, 183, 200, 407, 486])),
        lambda scene, value: scene.phone(*value, body=b"v=0"),
    ),
    "reliable": (
        st.integers(1, 3),
        lambda scene, value: scene.phone(b"b", 183, RELIABLE, rseq(value), body=OFFER),
    ),
    "asks": (
        st.tuples(TAGS, st.sampled_from([b"BYE", b"UPDATE", b"INVITE", b"REFER"])),
        lambda scene, value: scene.phone_asks(*value, 1 + len(scene.log)),
    ),
    "tell": (
        st.tuples(TAGS, st.sampled_from([b"BYE", b"INVITE", b"UPDATE", b"INFO"])),
        lambda scene, value: scene.tell(*value),
    ),
    "again": (
        st.integers(2, 4),
        lambda scene, value: scene.call(cseq=value, body=b""),
    ),
    "cancel": (st.none(), lambda scene, _value: scene.cancel()),
    "ack": (TAGS, lambda scene, value: scene.ack(value, b"v=0")),
    "replied": (st.sampled_from([200, 481]), lambda scene, value: scene.replied(value)),
}
STEP_OUT = st.one_of(
    *(st.tuples(st.just(kind), values) for kind, (values, _) in STEPS_OUT.items())
)


def take_step_out(scene: OutScene, kind: str, value: object) -> str:
    """Do one step; what is out of turn says so instead."""
    try:
        STEPS_OUT[kind][1](scene, value)
    except CaptureError as refused:
        return type(refused).__name__
    return "done"


@settings(max_examples=200, deadline=None)
@given(steps=st.lists(STEP_OUT, max_size=14), offer=st.sampled_from([OFFER, b""]))
def test_calls_of_ours_go_through_bytes_at_every_step_too(
    steps: list[tuple[str, object]], offer: bytes
) -> None:
    """A killed process leaves attempts, forks, kept ACKs and PRACKs that wait; none is lost."""
    scenes = [OutScene(reloaded=False), OutScene(reloaded=True)]
    for scene in scenes:
        scene.call(body=offer)
    for kind, value in steps:
        one, other = [take_step_out(scene, kind, value) for scene in scenes]
        assert one == other

    assert scenes[0].log == scenes[1].log
    assert scenes[0].kept == scenes[1].kept
    scenes[0].until(scenes[0].now_s + 400.0)
    assert [call for call in map(decode_call, scenes[0].kept.values()) if call.clients] == []
