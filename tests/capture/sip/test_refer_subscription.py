"""NOTIFYs of a REFER: in the dialog, and in what is left of it."""

import pytest

from capture.sip.call import OutgoingRequest
from capture.sip.events import NoSuchDialog
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.capture.sip.scenes import Scene, established, in_dialog, peer_response

# fmt: off


def tell(scene: Scene, for_s: float = 240.0) -> Scene:
    """A NOTIFY; 0: the last one."""
    told = OutgoingRequest(method=b"NOTIFY", body=b"SIP/2.0 100 Trying\r\n")
    return scene._took(
        scene.core.notify(scene.dialog, told, scene.now_s + for_s, scene.now_s)
    )


def request(scene: Scene) -> Request:
    """Our last one."""
    message = split_message(scene.sent())
    assert isinstance(message, Request)
    return message


def test_who_is_told_hears_more_after_his_bye(scene: Scene) -> None:
    """RFC 5057 section 4.1: BYE ends the usage of the INVITE alone; numbers go on."""
    tell(established(scene)).then("NOTIFY")
    first = request(scene)
    scene.peer(in_dialog(scene, b"BYE", 2)).then("200 BYE", "ByeReceived")
    assert not scene.core.has_dialog(scene.dialog)
    tell(scene).then("NOTIFY")
    second = request(scene)

    assert second.cseq.number == first.cseq.number + 1
    assert (second.to_address.tag, second.call_id) == (first.to_address.tag, first.call_id)
    tell(scene, 0).then("NOTIFY")
    assert request(scene).cseq.number == second.cseq.number + 1


def test_who_is_told_hears_more_after_our_bye(scene: Scene) -> None:
    """It is as much his subscription then."""
    tell(established(scene)).ask(b"BYE")
    scene.peer(peer_response(scene.sent(), 200))

    tell(scene, 0).then("NOTIFY")


def test_after_the_last_word_nothing_is_left(scene: Scene) -> None:
    """The call is forgotten once its transactions are."""
    tell(established(scene))
    scene.peer(peer_response(scene.sent(), 200)).peer(in_dialog(scene, b"BYE", 2))
    tell(scene, 0).peer(peer_response(scene.sent(), 200)).then("ResponseReceived")
    with pytest.raises(NoSuchDialog):
        tell(scene)

    scene.until(64.0)
    assert not scene.kept


@pytest.mark.parametrize("status", [481, 489, 501])
def test_who_does_not_want_to_hear_is_not_told(scene: Scene, status: int) -> None:
    """RFC 6665 section 4.2.2; many a phone has forgotten all with its BYE."""
    tell(established(scene)).peer(peer_response(scene.sent(), 200))
    scene.peer(in_dialog(scene, b"BYE", 2))
    tell(scene).peer(peer_response(scene.sent(), status)).then("ResponseReceived")

    with pytest.raises(NoSuchDialog):
        tell(scene)


def test_who_does_not_answer_is_not_told(scene: Scene) -> None:
    """The same."""
    established(scene).peer(in_dialog(scene, b"OPTIONS", 2)).answer(200)
    tell(scene).peer(in_dialog(scene, b"BYE", 3)).until(40.0)

    with pytest.raises(NoSuchDialog):
        tell(scene)


def test_nobody_is_told_for_longer_than_was_said(scene: Scene) -> None:
    """What nobody ends is over by itself."""
    tell(established(scene), 90.0).peer(peer_response(scene.sent(), 200))
    scene.peer(in_dialog(scene, b"BYE", 2)).until(89.0)
    assert scene.kept

    scene.until(91.0).then()
    assert not scene.kept


def test_who_was_never_told_hears_nothing_after_his_bye(scene: Scene) -> None:
    """Without a REFER a BYE ends all."""
    established(scene).peer(in_dialog(scene, b"BYE", 2))

    with pytest.raises(NoSuchDialog):
        tell(scene)


def test_a_dialog_that_is_forgotten_takes_its_subscription_along(scene: Scene) -> None:
    """The peer is known to be gone."""
    tell(established(scene))
    scene.core.forget_dialog(scene.dialog)

    with pytest.raises(NoSuchDialog):
        tell(scene)
