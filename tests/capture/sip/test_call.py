"""One Call-ID's state as a value."""

import msgspec
import pytest

from capture.sip.call import CallSignalling, decode_call, encode_call
from tests.capture.sip.scenes import Scene, established, in_dialog, peer_request


def test_a_call_in_the_middle_of_everything_is_equal_after_its_way_through_bytes() -> None:
    """Dialog, both kinds of transactions, a 2xx without ACK and a waiting BYE at once."""
    scene = established(Scene(reloaded=False)).ask(b"OPTIONS")
    scene.peer(in_dialog(scene, b"UPDATE", 2)).peer(in_dialog(scene, b"INVITE", 3)).answer(200)
    scene.ask(b"BYE")
    call = decode_call(scene.kept[b"one@peer"])

    assert call.dialogs
    assert len(call.servers) >= 2
    assert call.clients
    assert call.awaited_acks
    assert call.waiting
    assert decode_call(encode_call(call)) == call


def test_bytes_that_are_no_call_are_refused() -> None:
    """A damaged value must not become half a call."""
    whole = encode_call(CallSignalling(call_id=b"c"))
    with pytest.raises(msgspec.DecodeError):
        decode_call(whole[:-1])


def test_a_call_without_members_is_over_and_has_no_deadline() -> None:
    """What is over is forgotten by the machine."""
    assert CallSignalling(call_id=b"c").is_over
    assert CallSignalling(call_id=b"c").next_deadline_s is None


def test_the_deadline_of_a_call_is_the_earliest_of_its_members() -> None:
    """The shell sleeps until it."""
    scene = Scene(reloaded=False).peer(peer_request(b"INVITE"))
    assert decode_call(scene.kept[b"one@peer"]).next_deadline_s == 0.2
    scene.answer(200)
    assert decode_call(scene.kept[b"one@peer"]).next_deadline_s == 0.5
