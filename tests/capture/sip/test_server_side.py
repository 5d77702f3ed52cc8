"""Our answers: what stands in them, and when they are out of turn."""

import pytest

from capture.sip.agent import allowing
from capture.sip.events import AnsweredAlready, InviteReceived
from capture.sip.parser import split_message
from tests.capture.sip.scenes import Scene, established, in_dialog, peer_request
from tests.support.sip_dialog import dialogs_of

INVITE = peer_request(b"INVITE")
# fmt: off


def test_an_answer_after_a_cancel_is_out_of_turn(scene: Scene) -> None:
    """The layer above learns that its 200 was not sent, rather than recording nobody."""
    scene.peer(INVITE).peer(peer_request(b"CANCEL"))

    with pytest.raises(AnsweredAlready):
        scene.answer(200)


def test_a_refused_reinvite_leaves_the_dialog_as_it_was(scene: Scene) -> None:
    """RFC 3261 §14.2: a 488 keeps the session."""
    established(scene).peer(in_dialog(scene, b"INVITE", 2)).answer(488).then("488 INVITE")
    assert scene.core.has_dialog(scene.dialog)


def test_an_update_is_told_and_answered_with_contact(scene: Scene) -> None:
    """RFC 3311 §5.2: it is a target refresh, like a re-INVITE."""
    established(scene).peer(in_dialog(scene, b"UPDATE", 2)).then("UpdateReceived")
    scene.answer(200).then("200 UPDATE")
    assert b"\r\nContact: <sip:n1@192.0.2.9:5060>\r\n" in scene.sent()


def test_a_2xx_says_what_we_can_do_and_where_we_are(scene: Scene) -> None:
    """RFC 3261 §12.1.1 and §13.3.1.4; the Contact's parameters go out as they are given."""
    scene.peer(INVITE).answer(200, contact_params=b";+sip.srs")
    sent = scene.sent()

    assert b"\r\nContact: <sip:n1@192.0.2.9:5060>;+sip.srs\r\n" in sent
    assert b"\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, INFO\r\n" in sent
    assert b"\r\nSupported: 100rel, siprec, timer\r\n" in sent
    assert b";tag=n1-t1\r\n" in sent


def test_the_dialog_is_named_before_the_answer(scene: Scene) -> None:
    """The layer above opens its recording under this name while it makes up its mind."""
    scene.peer(INVITE)
    [told] = scene.outputs
    assert isinstance(told, InviteReceived)

    scene.answer(200)
    assert dialogs_of(scene.core) == [told.dialog]


def test_an_allow_of_the_layer_above_is_the_only_one(scene: Scene) -> None:
    """An inline call takes REFER; two headers would leave open which counts."""
    scene.peer(INVITE).answer(200, headers=(allowing(b"REFER", b"NOTIFY"),))

    assert split_message(scene.sent()).values(b"allow") == [
        b"INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, INFO, REFER, NOTIFY"
    ]
