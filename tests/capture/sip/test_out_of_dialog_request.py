"""Playbooks of requests that we send outside of dialogs, and of INVITEs that are given up."""

import msgspec
import pytest

from capture.sip.events import RequestPending, TooManyPending, TransactionTimedOut
from capture.sip.flow import Address, Flow
from capture.sip.limits import MAX_TRANSACTIONS_A_CALL
from tests.capture.sip.calls_out import OutScene, outgoing, phone_says
from tests.capture.sip.scenes import TCP
from tests.support.sip_dialog import dialogs_of

# fmt: off


def test_a_call_is_answered_acknowledged_and_hung_up(out: OutScene) -> None:
    """The whole life of a call of ours; afterwards nothing is remembered."""
    (
        out
        .call().then("INVITE")
        .phone(b"", 100).then("ResponseReceived")
        .phone(b"b", 180).then("ResponseReceived")
        .phone(b"b", 200).then("ACK", "ResponseReceived")
        .until(40.0).then()
        .tell(b"b", b"BYE").then("BYE")
        .replied(200).then("ResponseReceived")
        .until(50.0).then()
    )
    assert not out.kept
    assert out.core.next_deadline_s() is None


def test_the_layer_above_finds_its_call_by_every_response(out: OutScene) -> None:
    """A DialogId with the To-tag of the response, and the CSeq of what is answered."""
    out.call(cseq=4).phone(b"", 100).phone(b"b", 180).phone(b"b", 200)

    assert [each.dialog for each in out.told()] == [
        out.attempt, out.named(b"b"), out.named(b"b"),
    ]
    assert {each.dialog.attempt for each in out.told()} == {out.attempt}
    assert {each.cseq for each in out.told()} == {4}


def test_nobody_answers_and_the_attempt_is_over(out: OutScene) -> None:
    """RFC 3261 §17.1.1.2, timer B."""
    out.call().until(60.0).then(*["INVITE"] * 6, "TransactionTimedOut")

    assert out.outputs[-1] == TransactionTimedOut(dialog=out.attempt, method=b"INVITE", cseq=1)
    assert not out.kept


def test_who_cannot_be_reached_is_told_at_once(out: OutScene) -> None:
    """RFC 3261 §8.1.3.1, §17.1.4: on a connection that does not come about nothing is repeated."""
    out.call(flow=TCP).away(TCP).then("TransactionTimedOut")

    assert out.outputs == [
        TransactionTimedOut(dialog=out.attempt, method=b"INVITE", cseq=1, is_away=True)
    ]
    assert not out.kept


@pytest.mark.parametrize(
    "flow",
    [
        msgspec.structs.replace(TCP, remote=Address("192.0.2.1", 40_001)),
        msgspec.structs.replace(TCP, transport="tls"),
        msgspec.structs.replace(TCP, name="carrier.example"),
    ],
    ids=["another port", "another transport", "another name to prove"],
)
def test_who_is_asked_by_another_way_is_waited_for(out: OutScene, flow: Flow) -> None:
    """Each connection fails for itself."""
    out.call(flow=TCP).away(flow).then()

    assert out.kept


def test_what_went_by_a_connection_that_is_up_is_waited_for(out: OutScene) -> None:
    """The peer's own: that none of ours leads there is no news of it."""
    own = msgspec.structs.replace(TCP, connection=7)
    out.call(flow=own).away(TCP, 7, 8).then()
    assert out.kept

    out.away(TCP, 8).then("TransactionTimedOut")


PLACED = msgspec.structs.replace(TCP, connection=0)


def test_what_a_connection_took_with_it_goes_out_once_more(out: OutScene) -> None:
    """RFC 3261 §17.1.4, §18.4: an idle one was being closed; the same branch, so that who has read
    it knows it again.
    """
    out.call(flow=PLACED)
    first = out.sent()
    out.loses(TCP, 7).then("INVITE")
    assert out.sent() == first

    out.loses(TCP, 8).then("TransactionTimedOut")
    assert out.outputs[-1] == TransactionTimedOut(
        dialog=out.attempt, method=b"INVITE", cseq=1, is_away=True
    )
    assert not out.kept


@pytest.mark.parametrize(
    ("flow", "connection"),
    [
        (PLACED, 7),
        (TCP, 7),
        (msgspec.structs.replace(TCP, remote=Address("192.0.2.1", 5060)), 7),
        (TCP, 9),
    ],
    ids=["by the one there was", "its own", "its own, to a Contact", "by another, its own is gone"],
)
def test_whatever_connection_it_was_it_is_written_to_another_one(
    out: OutScene, flow: Flow, connection: int
) -> None:
    """A flow of a call that a peer has made names its connection; one of ours names a place."""
    out.call(flow=flow).loses(TCP, connection).then("INVITE")


@pytest.mark.parametrize(
    ("gone", "connection"),
    [
        (TCP, 9),
        (msgspec.structs.replace(TCP, remote=Address("192.0.2.1", 40_001)), 9),
        (msgspec.structs.replace(TCP, transport="tls"), 9),
    ],
    ids=["another of that place", "another place", "another transport"],
)
def test_what_another_connection_carries_is_not_sent_again(
    out: OutScene, gone: Flow, connection: int
) -> None:
    """Its own is up."""
    out.call(flow=TCP).loses(gone, connection, 7).then()
    assert out.kept


def test_who_has_said_something_needs_no_connection(out: OutScene) -> None:
    """He opens one for his answer (RFC 3261 §18.2.2)."""
    out.call(flow=PLACED).phone(b"b", 180).loses(TCP, 7).then()
    assert out.kept


def test_who_has_said_something_is_waited_for(out: OutScene) -> None:
    """Its answer may come on a connection of its own (RFC 3261 §18.2.2)."""
    out.call(flow=TCP).phone(b"b", 180).away(TCP).then()

    assert out.kept


def test_a_challenged_call_goes_out_again_under_the_same_name(out: OutScene) -> None:
    """RFC 3261 §8.1.3.5: same Call-ID and tag, next CSeq; the end of the first harms no fork."""
    out.call().phone(b"", 407).then("ACK", "ResponseReceived")
    out.call(cseq=2).then("INVITE").phone(b"b", 180).until(33.0).then()

    assert out.core.has_dialog(out.named(b"b"))


def test_two_invites_of_one_name_are_out_of_turn(out: OutScene) -> None:
    """Nobody could tell their responses apart."""
    out.call()
    with pytest.raises(RequestPending):
        out.call(cseq=2)


def test_a_call_of_ours_has_a_bound(out: OutScene) -> None:
    """A loop above would otherwise grow a call's state without end."""
    for cseq in range(MAX_TRANSACTIONS_A_CALL):
        out.core.ask(outgoing(b"OPTIONS", cseq=cseq), 0.0)
    with pytest.raises(TooManyPending):
        out.core.ask(outgoing(b"OPTIONS", cseq=99), 0.0)


def test_options_outside_of_a_dialog_makes_none(out: OutScene) -> None:
    """Trunks are watched by it."""
    asked = outgoing(b"OPTIONS")
    out._took(out.core.ask(asked, 0.0)).then("OPTIONS")
    out.peer(phone_says(out.sent(), 200, tag=b"b")).then("ResponseReceived")

    assert [(each.dialog, each.method) for each in out.told()] == [(out.named(b"b"), b"OPTIONS")]
    assert dialogs_of(out.core) == []
    out.until(40.0).then()
    assert not out.kept


def test_options_that_nobody_answers_is_told_by_its_name(out: OutScene) -> None:
    """Timer F."""
    out._took(out.core.ask(outgoing(b"OPTIONS"), 0.0)).until(40.0)
    assert out.outputs[-1] == TransactionTimedOut(dialog=out.named(b""), method=b"OPTIONS", cseq=1)


# -- CANCEL ----------------------------------------------------------------------------------------


def test_a_ringing_call_is_cancelled_at_once(out: OutScene) -> None:
    """RFC 3261 §9.1: same Request-URI, Via, From, To, Call-ID, Route and CSeq number."""
    routes = (b"<sip:p1;lr>",)
    out.call(routes=routes).phone(b"b", 180).cancel().then("CANCEL")
    cancel, invite = out.sent_request(), out.sent_request(0)

    assert cancel.uri == invite.uri
    for name in (b"via", b"from", b"to", b"call-id", b"route"):
        assert cancel.values(name) == invite.values(name)
    assert cancel.cseq.number == invite.cseq.number
    (
        out
        .replied(200).then()
        .phone(b"b", 487).then("ACK", "ResponseReceived")
        .until(60.0).then()
    )
    assert not out.kept


@pytest.mark.parametrize("ringing", [True, False])
def test_a_cancel_says_why(out: OutScene, ringing: bool) -> None:
    """RFC 3326: "completed elsewhere" keeps a missed call off the phones; also when it waits."""
    why = (b"Reason", b'SIP;cause=200;text="Call completed elsewhere"')
    if ringing:
        out.call().phone(b"b", 180).cancel(why)
    else:
        out.call().cancel(why).phone(b"b", 180)

    assert (out.sent_request().method, out.sent_request().values(b"reason")) == (
        b"CANCEL", [why[1]],
    )


def test_a_cancel_waits_for_a_provisional_response(out: OutScene) -> None:
    """RFC 3261 §9.1: a CANCEL that overtakes its INVITE would cancel nothing."""
    (
        out
        .call().cancel().then()
        .until(0.5).then("INVITE")
        .phone(b"", 100).then("ResponseReceived", "CANCEL")
        .phone(b"b", 180).then("ResponseReceived")
    )


def test_a_final_response_makes_a_waiting_cancel_needless(out: OutScene) -> None:
    """RFC 3261 §9.1: it would have no effect."""
    out.call().cancel().phone(b"b", 486).then("ACK", "ResponseReceived").until(40.0).then()


def test_a_cancel_is_sent_once_however_often_it_is_asked_for(out: OutScene) -> None:
    """Its own transaction repeats it."""
    out.call().phone(b"b", 180).cancel().then("CANCEL").cancel().then()
    out.until(0.5).then("CANCEL")


def test_a_2xx_that_crosses_the_cancel_is_a_call(out: OutScene) -> None:
    """RFC 3261 §9.1: the layer above hangs up; its ACK is sent."""
    out.call().phone(b"b", 180).cancel().phone(b"b", 200).then("ACK", "ResponseReceived")

    assert out.core.has_dialog(out.named(b"b"))
    out.cancel().then().tell(b"b", b"BYE").then("BYE")


def test_an_invite_that_nobody_ends_after_its_cancel_is_over(out: OutScene) -> None:
    """RFC 3261 §9.1: 64*T1; a phone that rings on prolongs nothing."""
    out.call().phone(b"b", 180).until(5.0).cancel().replied(200).until(30.0)
    out.phone(b"b", 180).until(36.9).then()

    out.until(37.0).then("TransactionTimedOut")
    assert out.outputs == [TransactionTimedOut(dialog=out.attempt, method=b"INVITE", cseq=1)]
    assert not out.core.has_dialog(out.named(b"b"))


def test_what_is_said_to_a_cancel_is_told_to_nobody(out: OutScene) -> None:
    """The INVITE's own response is what counts: also where the CANCEL is never answered."""
    out.call().phone(b"b", 180).cancel().replied(481).then()
    out.phone(b"b", 487).until(60.0).then()


def test_a_call_that_is_over_is_cancelled_without_a_word(out: OutScene) -> None:
    """Both may happen at once."""
    out.call().phone(b"b", 486).until(60.0).cancel().then()
