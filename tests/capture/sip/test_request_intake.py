"""Playbooks of requests that the peer sends: calls, cancellations, changes, questions."""

import pytest

from capture.sip.events import AckReceived, CancelReceived, RequestReceived
from capture.sip.parser import split_message
from tests.capture.sip.scenes import Scene, established, in_dialog, peer_request

INVITE = peer_request(b"INVITE")
# fmt: off


def test_a_call_is_answered_acknowledged_and_hung_up(scene: Scene) -> None:
    """The whole life of a plain call; afterwards nothing is remembered."""
    (
        scene
        .peer(INVITE).then("InviteReceived")
        .answer(200).then("200 INVITE")
        .peer(in_dialog(scene, b"ACK", 1)).then("AckReceived")
        .peer(in_dialog(scene, b"BYE", 2)).then("200 BYE", "ByeReceived")
        .until(40.0).then()
    )
    assert not scene.kept
    assert scene.core.next_deadline_s() is None


def test_a_repeated_invite_is_told_once_and_answered_with_the_same_bytes(scene: Scene) -> None:
    """A retransmission must never become a second recording."""
    scene.peer(INVITE).answer(180).then("180 INVITE")
    first = scene.sent()

    scene.peer(INVITE).then("180 INVITE")
    assert scene.sent() == first










def test_an_offerless_invite_hands_the_body_of_its_ack_on(scene: Scene) -> None:
    """The answer to our offer is in the ACK (RFC 3261 §13.2.1)."""
    scene.peer(INVITE).answer(200, body=b"v=0 offer")
    scene.peer(in_dialog(scene, b"ACK", 1, body=b"v=0 answer"))

    [told] = scene.outputs
    assert isinstance(told, AckReceived)
    assert told.request.body == b"v=0 answer"
    assert told.dialog == scene.dialog


def test_only_the_first_ack_is_told_and_strays_are_ignored(scene: Scene) -> None:
    """A duplicate would make the layer above set up its media twice."""
    (
        established(scene).then("AckReceived")
        .peer(in_dialog(scene, b"ACK", 1)).then()
        .peer(in_dialog(scene, b"ACK", 9)).then()
        .peer(peer_request(b"ACK", to_tag=b"nobody")).then()
    )


def test_an_ack_of_another_request_is_not_the_one_awaited(scene: Scene) -> None:
    """RFC 3261 §13.2.2.4: its CSeq number is that of the INVITE; a late one of before is not it."""
    established(scene).peer(in_dialog(scene, b"INVITE", 2)).answer(200)
    (
        scene
        .peer(in_dialog(scene, b"ACK", 1)).then()
        .until(0.5).then("200 INVITE")
        .peer(in_dialog(scene, b"ACK", 2)).then("AckReceived")
    )






def test_a_cancel_gets_200_and_its_invite_487(scene: Scene) -> None:
    """RFC 3261 §9.2; both carry the same tag of ours."""
    scene.peer(INVITE).answer(180)
    scene.peer(peer_request(b"CANCEL")).then("200 CANCEL", "487 INVITE", "CancelReceived")

    told = scene.outputs[-1]
    assert isinstance(told, CancelReceived)
    assert (told.key, told.dialog, told.request.method) == (scene.key, scene.dialog, b"CANCEL")
    tags = {split_message(scene.sent(index)).to_address.tag for index in (-1, -2)}
    assert tags == {scene.dialog.local_tag}
    assert not scene.core.has_dialog(scene.dialog)


def test_a_cancel_after_the_200_changes_nothing(scene: Scene) -> None:
    """RFC 3261 §9.2: the final response has won the race."""
    scene.peer(INVITE).answer(200).peer(peer_request(b"CANCEL")).then("200 CANCEL")
    assert scene.core.has_dialog(scene.dialog)


def test_a_cancel_for_nothing_gets_481(scene: Scene) -> None:
    """RFC 3261 §9.2."""
    scene.peer(peer_request(b"CANCEL")).then("481 CANCEL", "RequestRefused")




def test_a_reinvite_is_told_with_its_dialog_and_refreshes_the_target(scene: Scene) -> None:
    """Hold and resume come this way; our next request goes to the new Contact."""
    established(scene)
    moved = in_dialog(scene, b"INVITE", 2).replace(b"src@192.0.2.1:5060", b"moved@192.0.2.7:5070")
    (
        scene
        .peer(moved).then("ReinviteReceived")
        .answer(200).then("200 INVITE")
        .peer(in_dialog(scene, b"ACK", 2)).then("AckReceived")
        .ask(b"OPTIONS").then("OPTIONS")
    )
    assert scene.sent().startswith(b"OPTIONS sip:moved@192.0.2.7:5070 SIP/2.0\r\n")




def test_a_reinvite_during_another_gets_500_with_retry_after(scene: Scene) -> None:
    """RFC 3261 §14.2."""
    established(scene)
    scene.peer(in_dialog(scene, b"INVITE", 2)).then("ReinviteReceived")
    scene.peer(in_dialog(scene, b"INVITE", 3)).then("500 INVITE")
    assert b"\r\nRetry-After: " in scene.sent()


@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE"])
def test_a_change_that_crosses_ours_gets_491(scene: Scene, method: bytes) -> None:
    """RFC 3261 §14.2, RFC 3311 §5.2; a repetition gets the same even after ours is done."""
    established(scene).ask(b"INVITE")
    scene.peer(in_dialog(scene, method, 2)).then(f"491 {method.decode()}")


def test_a_lower_cseq_gets_500(scene: Scene) -> None:
    """RFC 3261 §12.2.2: what is out of order must not undo what came later."""
    established(scene).peer(in_dialog(scene, b"OPTIONS", 5)).answer(200)
    scene.peer(in_dialog(scene, b"OPTIONS", 4)).then("500 OPTIONS")




def test_a_bye_during_a_pending_reinvite_ends_both(scene: Scene) -> None:
    """RFC 3261 §15.1.2: what is pending gets 487."""
    established(scene).peer(in_dialog(scene, b"INVITE", 2))
    scene.peer(in_dialog(scene, b"BYE", 3)).then("200 BYE", "487 INVITE", "ByeReceived")


def test_a_repeated_bye_gets_the_same_200_though_the_dialog_is_gone(scene: Scene) -> None:
    """A 481 here would look like a lost call in the peer's log."""
    bye = in_dialog(established(scene), b"BYE", 2)
    first = scene.peer(bye).sent()

    scene.peer(bye).then("200 BYE")
    assert scene.sent() == first


def test_a_bye_of_an_early_dialog_ends_the_call(scene: Scene) -> None:
    """RFC 3261 §15: the caller may hang up before the answer."""
    scene.peer(INVITE).answer(180)
    scene.peer(in_dialog(scene, b"BYE", 2)).then("200 BYE", "487 INVITE", "ByeReceived")


@pytest.mark.parametrize("method", [b"BYE", b"OPTIONS", b"INVITE", b"UPDATE"])
def test_a_request_in_an_unknown_dialog_gets_481(scene: Scene, method: bytes) -> None:
    """After a loss of state the peer must learn that its session is gone (RFC 3261 §12.2.2)."""
    request = peer_request(method, to_tag=b"n1-gone")
    scene.peer(request).then(f"481 {method.decode()}", "RequestRefused")


def test_the_same_request_by_another_path_is_merged(scene: Scene) -> None:
    """RFC 3261 §8.2.2.2: a forked INVITE must not be recorded twice."""
    scene.peer(INVITE).peer(peer_request(b"INVITE", branch=b"z9hG4bKother"))
    scene.then("482 INVITE", "RequestRefused")


def test_options_outside_a_dialog_is_told_and_repeats_its_answer(scene: Scene) -> None:
    """Peers watch recorders by it."""
    options = peer_request(b"OPTIONS")
    (
        scene
        .peer(options).then("OptionsReceived")
        .peer(options).then()
        .answer(503).then("503 OPTIONS")
        .peer(options).then("503 OPTIONS")
        .until(32.0).then()
    )
    assert not scene.kept






def test_a_flood_of_transactions_in_one_call_meets_a_503(scene: Scene) -> None:
    """One peer's loop must not grow a call's state without end."""
    for number in range(64):
        scene.peer(peer_request(b"OPTIONS", cseq=number, branch=b"z9hG4bKf%d" % number))
    scene.then("OptionsReceived")

    scene.peer(peer_request(b"OPTIONS", cseq=99, branch=b"z9hG4bKlast"))
    scene.then("503 OPTIONS", "RequestRefused")


def test_an_invite_by_rfc_2543_is_matched_without_a_branch(scene: Scene) -> None:
    """RFC 3261 §17.2.3: its ACK and its repetition belong to it."""
    old = peer_request(b"INVITE").replace(b";branch=z9hG4bKa", b"")
    ack = peer_request(b"ACK", to_tag=b"n1-t1").replace(b";branch=z9hG4bKa", b"")
    (
        scene
        .peer(old).then("InviteReceived")
        .answer(486).then("486 INVITE")
        .peer(old).then("486 INVITE")
        .peer(ack).then()
        .until(4.9).then()
    )


@pytest.mark.parametrize("method", [b"REFER", b"NOTIFY", b"INFO", b"MESSAGE"])
def test_what_is_said_in_a_dialog_is_told_and_answered_from_above(
    scene: Scene, method: bytes
) -> None:
    """What a transfer is worth is not for this layer to say; a repetition gets the same answer."""
    said = in_dialog(established(scene), method, 2, body=b"x")
    scene.peer(said).then("RequestReceived")
    [told] = scene.outputs
    assert isinstance(told, RequestReceived)
    assert (told.dialog, told.request.body) == (scene.dialog, b"x")

    scene.peer(said).then()
    scene.answer(202, headers=((b"Refer-Sub", b"false"),)).then(f"202 {method.decode()}")
    assert b"\r\nRefer-Sub: false\r\n" in scene.sent()
    scene.peer(said).then(f"202 {method.decode()}")


@pytest.mark.parametrize("method", [b"REFER", b"NOTIFY", b"MESSAGE", b"SUBSCRIBE", b"REGISTER"])
@pytest.mark.parametrize("to_tag", [b"", b"n1-gone"])
def test_what_is_said_outside_of_a_dialog_is_refused(
    scene: Scene, method: bytes, to_tag: bytes
) -> None:
    """RFC 3261 §8.2.1: nobody is there to answer it."""
    request = peer_request(method, to_tag=to_tag)
    scene.peer(request).then(f"405 {method.decode()}", "RequestRefused")


def test_a_subscription_in_a_dialog_is_refused(scene: Scene) -> None:
    """RFC 3261 §8.2.1."""
    scene.peer(in_dialog(established(scene), b"SUBSCRIBE", 2))
    scene.then("405 SUBSCRIBE", "RequestRefused")
