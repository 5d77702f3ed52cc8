"""Playbooks of reliable provisional responses (RFC 3262)."""

import pytest

from capture.sip.build import Header
from capture.sip.events import AnsweredAlready, PrackMissing
from capture.sip.parser import split_message
from tests.capture.sip.scenes import Scene, in_dialog, peer_request

NEEDS: Header = (b"Require", b"100rel")
KNOWS: Header = (b"Supported", b"100rel")
# fmt: off


def ringing(scene: Scene, *headers: Header, body: bytes = b"") -> int:
    """A call that rings; the number of the 180."""
    scene.peer(peer_request(b"INVITE", headers=headers)).answer(180, body=body).then("180 INVITE")
    number = split_message(scene.sent()).value(b"rseq")
    return int(number or 0)


def prack(scene: Scene, number: int, *, rack: bytes = b"", body: bytes = b"") -> bytes:
    """The PRACK of the response with this number."""
    value = rack or b"%d 1 INVITE" % number
    return in_dialog(scene, b"PRACK", 2, headers=((b"RAck", value),), body=body)


def test_who_insists_gets_every_ringing_until_its_prack(scene: Scene) -> None:
    """RFC 3262 §3: T1, doubled without a ceiling."""
    number = ringing(scene, NEEDS)

    assert 1 <= number < 1 << 31
    assert split_message(scene.sent()).require == (b"100rel",)
    scene.until(8.0).then(*["180 INVITE"] * 4)
    assert [at_s for at_s, _ in scene.log[-4:]] == [0.5, 1.5, 3.5, 7.5]
    scene.peer(prack(scene, number)).then("200 PRACK").until(31.0).then()
    scene.answer(200).then("200 INVITE")


def test_who_only_knows_of_it_gets_what_carries_a_description(scene: Scene) -> None:
    """An answer in a 183 must arrive; a ringing need not."""
    assert ringing(scene, KNOWS) == 0
    scene.until(9.0).then()

    scene.answer(183, body=b"v=0").then("183 INVITE").until(9.5).then("183 INVITE")


def test_who_does_not_know_of_it_is_not_asked(scene: Scene) -> None:
    """RFC 3262 §3: MUST NOT."""
    assert ringing(scene, body=b"v=0") == 0
    scene.until(31.0).then()


def test_a_100_is_never_reliable(scene: Scene) -> None:
    """RFC 3262 §3."""
    scene.peer(peer_request(b"INVITE", headers=(NEEDS,))).until(0.2).then("100 INVITE")

    assert split_message(scene.sent()).value(b"rseq") is None


def test_the_next_number_is_one_more_and_waits_for_the_first_prack(scene: Scene) -> None:
    """RFC 3262 §3: one at a time, in order."""
    first = ringing(scene, NEEDS)
    scene.answer(183).then()

    scene.peer(prack(scene, first)).then("200 PRACK", "183 INVITE")
    assert split_message(scene.sent()).value(b"rseq") == b"%d" % (first + 1)


def test_of_what_waits_for_a_prack_the_last_goes_out_with_what_is_still_unsaid(
    scene: Scene,
) -> None:
    """A description is never lost to a ringing that comes behind it."""
    first = ringing(scene, NEEDS)
    scene.answer(182).answer(183, body=b"v=0").answer(180).then()

    scene.peer(prack(scene, first)).then("200 PRACK", "180 INVITE")
    assert split_message(scene.sent()).body == b"v=0"


def test_a_2xx_leaves_nothing_of_a_call_that_rings(scene: Scene) -> None:
    """What waited is not said behind it."""
    number = ringing(scene, NEEDS)
    scene.answer(183).answer(200).then("200 INVITE")

    scene.peer(prack(scene, number)).then("200 PRACK")


def test_a_2xx_that_waits_takes_the_place_of_what_waited(scene: Scene) -> None:
    """One PRACK, then the answer."""
    number = ringing(scene, KNOWS, body=b"v=0")
    scene.answer(180).answer(200).then()

    scene.peer(prack(scene, number)).then("200 PRACK", "200 INVITE")


@pytest.mark.parametrize("rack", [b"1 1 INVITE", b"%d 2 INVITE", b"%d 1 UPDATE"])
def test_a_prack_of_nothing_that_waits_is_told_so(scene: Scene, rack: bytes) -> None:
    """RFC 3262 §3: 481, and the repetitions go on."""
    number = ringing(scene, NEEDS)
    wrong = rack % number if b"%" in rack else rack

    scene.peer(prack(scene, number, rack=wrong)).then("481 PRACK")
    scene.until(0.5).then("180 INVITE")


def test_a_prack_without_a_rack_is_refused(scene: Scene) -> None:
    """It says nothing."""
    ringing(scene, NEEDS)

    scene.peer(in_dialog(scene, b"PRACK", 2)).then("400 PRACK", "MalformedReceived")


def test_a_repeated_prack_gets_the_same_answer(scene: Scene) -> None:
    """It is a request like any other."""
    number = ringing(scene, NEEDS)
    scene.peer(prack(scene, number)).then("200 PRACK")
    first = scene.sent()

    scene.peer(prack(scene, number)).then("200 PRACK")
    assert scene.sent() == first


def test_a_description_that_is_not_acknowledged_holds_the_2xx_back(scene: Scene) -> None:
    """RFC 3262 §5: else its answer could get lost."""
    number = ringing(scene, KNOWS, body=b"v=0")
    scene.answer(200).then()

    scene.peer(prack(scene, number)).then("200 PRACK", "200 INVITE")
    with pytest.raises(AnsweredAlready):
        scene.answer(200)


def test_a_ringing_that_is_not_acknowledged_holds_nothing_back(scene: Scene) -> None:
    """RFC 3262 §3: it is no longer repeated then, and its PRACK is still right."""
    number = ringing(scene, NEEDS)
    scene.answer(200).then("200 INVITE").peer(in_dialog(scene, b"ACK", 1)).then("AckReceived")

    scene.until(20.0).then()
    scene.peer(prack(scene, number)).then("200 PRACK")


def test_a_prack_with_a_body_is_for_the_layer_above(scene: Scene) -> None:
    """RFC 3262 §5: an offer in it is answered in its 2xx."""
    number = ringing(scene, NEEDS)

    scene.peer(prack(scene, number, body=b"v=0")).then("PrackReceived")
    scene.answer(200, body=b"v=0 answer").then("200 PRACK")


def test_a_ringing_that_nobody_acknowledges_ends_the_call(scene: Scene) -> None:
    """RFC 3262 §3: a 5xx after 32 s."""
    ringing(scene, NEEDS)

    scene.until(31.9)
    scene.until(32.0).then("504 INVITE", "PrackMissing")
    assert isinstance(scene.outputs[-1], PrackMissing)
    scene.peer(peer_request(b"ACK")).until(80.0)
    assert not scene.kept


def test_a_call_that_is_given_up_is_no_longer_rung(scene: Scene) -> None:
    """Neither repetitions nor a held answer outlive the INVITE."""
    ringing(scene, KNOWS, body=b"v=0")
    scene.answer(200).then()

    scene.peer(peer_request(b"CANCEL")).then("200 CANCEL", "487 INVITE", "CancelReceived")
    scene.peer(peer_request(b"ACK")).until(80.0)
    assert not scene.kept
