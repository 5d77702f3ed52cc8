"""Playbooks of dialogs that responses to an INVITE of ours make."""

import pytest

from capture.sip.build import Header
from capture.sip.events import NoSuchDialog, RefreshDue, RequestPending
from capture.sip.flow import Address
from capture.sip.limits import MAX_FORKS
from tests.capture.sip.calls_out import OutScene
from tests.capture.sip.scenes import PEER
from tests.support.sip_dialog import dialogs_of

ROUTE: Header = (b"Record-Route", b"<sip:192.0.2.31;lr>, <sip:192.0.2.32;lr>")
TIMED: Header = (b"Session-Expires", b"1800;refresher=uac")
# fmt: off


def test_a_ringing_phone_is_an_early_dialog(out: OutScene) -> None:
    """RFC 3261 §12.1.2: route set reversed, target from Contact, CSeq of the INVITE."""
    out.call(cseq=5).phone(b"b", 180, ROUTE).tell(b"b", b"UPDATE").then("UPDATE")
    update = out.sent_request()

    assert update.uri == b"sip:b@192.0.2.77:5070"
    assert update.value(b"route") == b"<sip:192.0.2.32;lr>, <sip:192.0.2.31;lr>"
    assert update.cseq.number == 6
    assert (update.from_address.tag, update.to_address.tag) == (b"n1-out", b"b")
    assert update.value(b"contact") == out.sent_request(0).value(b"contact")
    assert out.sent_by().remote == Address("192.0.2.32", 5060)


@pytest.mark.parametrize("status", [100, 180])
def test_without_a_tag_or_with_100_there_is_no_dialog(out: OutScene, status: int) -> None:
    """RFC 3261 §12.1: between 101 and 199, with a tag."""
    out.call().phone(b"b" if status == 100 else b"", status).then("ResponseReceived")
    assert dialogs_of(out.core) == []


def test_each_phone_that_rings_has_a_dialog_of_its_own(out: OutScene) -> None:
    """A proxy forks; A may hear the early media of any."""
    out.call().phone(b"b", 180).phone(b"c", 183).tell(b"c", b"INFO").then("INFO")

    assert set(dialogs_of(out.core)) == {out.named(b"b"), out.named(b"c")}
    assert out.sent_request().uri == b"sip:c@192.0.2.77:5070"


def test_a_2xx_confirms_its_dialog_with_the_route_that_it_took(out: OutScene) -> None:
    """RFC 3261 §13.2.2.4: the route set is made anew, the CSeq goes on; the ACK takes it."""
    out.call().phone(b"b", 180, ROUTE).tell(b"b", b"UPDATE").replied(200)
    out.phone(b"b", 200, (b"Record-Route", b"<sip:192.0.2.33;lr>")).then("ACK", "ResponseReceived")
    ack = out.sent_request()

    assert (ack.cseq.number, ack.value(b"route")) == (1, b"<sip:192.0.2.33;lr>")
    assert ack.top_via.branch != out.sent_request(0).top_via.branch
    assert out.sent_by().remote == Address("192.0.2.33", 5060)
    assert out.tell(b"b", b"OPTIONS").sent_request().cseq.number == 3


def test_a_2xx_out_of_nothing_makes_its_dialog(out: OutScene) -> None:
    """Nobody has to ring before."""
    out.call().phone(b"b", 200).then("ACK", "ResponseReceived")
    assert dialogs_of(out.core) == [out.named(b"b")]


def test_a_phone_may_say_late_that_it_takes_update(out: OutScene) -> None:
    """RFC 3311 §4: a 180 without Allow says nothing of it."""
    out.call().phone(b"b", 180)
    assert not out.core.allows_update(out.named(b"b"))

    out.phone(b"b", 183, (b"Allow", b"INVITE, UPDATE"))
    assert out.core.allows_update(out.named(b"b"))


def test_a_second_fork_that_answers_is_a_call_too(out: OutScene) -> None:
    """RFC 3261 §13.2.2.4, RFC 6026: which one stays is for the layer above to say."""
    out.call().phone(b"b", 180).phone(b"c", 180).phone(b"b", 200)
    out.phone(b"c", 200).then("ACK", "ResponseReceived")
    assert out.sent_request().uri == b"sip:c@192.0.2.77:5070"

    out.tell(b"c", b"BYE").then("BYE").replied(200)
    assert dialogs_of(out.core) == [out.named(b"b")]


def test_each_repeated_2xx_gets_the_ack_of_its_own_dialog(out: OutScene) -> None:
    """The other one's would be for nobody: the phone would give up after 32 s."""
    acks = {b"b": out.call().phone(b"b", 200).sent(), b"c": out.phone(b"c", 200).sent()}

    for tag in (b"c", b"b"):
        assert out.phone(tag, 200).then("ACK").sent() == acks[tag]
        assert out.sent_by().remote == Address("192.0.2.77", 5070)
    assert out.sent_by() != PEER
    assert len(out.told()) == 2


def test_a_refusal_ends_every_early_dialog(out: OutScene) -> None:
    """RFC 3261 §12.3."""
    out.call().phone(b"b", 180).phone(b"c", 180).phone(b"c", 486).then("ACK", "ResponseReceived")

    assert dialogs_of(out.core) == []
    with pytest.raises(NoSuchDialog):
        out.tell(b"b", b"UPDATE")


def test_a_silence_after_ringing_ends_every_early_dialog(out: OutScene) -> None:
    """RFC 3261 §16.8, timer C: after three minutes it is cancelled, lest it ring on for nobody."""
    out.call().phone(b"b", 180).until(179.0).then()
    out.until(180.4).then("CANCEL").replied(481).until(213.0).then("TransactionTimedOut")

    assert not out.kept


def test_other_early_dialogs_stay_while_they_may_answer(out: OutScene) -> None:
    """RFC 6026 §7.2: 64*T1 after the first 2xx."""
    out.call().phone(b"b", 180).phone(b"c", 180).phone(b"b", 200).until(31.9)
    assert set(dialogs_of(out.core)) == {out.named(b"b"), out.named(b"c")}

    out.until(32.1).then()
    assert dialogs_of(out.core) == [out.named(b"b")]


def test_forks_have_a_bound_and_a_2xx_is_heard_beyond_it(out: OutScene) -> None:
    """What rings is ignored then, what answers is not: it may be the only one."""
    out.call()
    for number in range(MAX_FORKS):
        out.phone(b"p%d" % number, 180).then("ResponseReceived")
    out.phone(b"late", 180).then()
    assert len(dialogs_of(out.core)) == MAX_FORKS

    out.phone(b"late", 200).then("ACK", "ResponseReceived")
    for number in range(MAX_FORKS - 1):
        out.phone(b"p%d" % number, 200)
    out.phone(b"another", 200).then()


def test_a_phone_of_rfc_2543_answers_without_a_tag(out: OutScene) -> None:
    """RFC 3261 §12.1.2: the tag is null then."""
    out.call().phone(b"", 200).then("ACK", "ResponseReceived")

    assert dialogs_of(out.core) == [out.named(b"")]
    assert out.tell(b"", b"BYE").sent_request().uri == b"sip:bob@192.0.2.1"


def test_an_answer_with_a_broken_route_makes_no_dialog(out: OutScene) -> None:
    """Nothing could be sent in it."""
    out.call().phone(b"b", 180, (b"Record-Route", b"<nonsense>")).then("MalformedReceived")
    assert dialogs_of(out.core) == []


# -- what a phone asks -----------------------------------------------------------------------------


def test_a_phone_that_was_called_hangs_up(out: OutScene) -> None:
    """From and To are the other way round."""
    out.call().phone(b"b", 200)
    out.phone_asks(b"b", b"BYE", 1).then("200 BYE", "ByeReceived")

    assert dialogs_of(out.core) == []


def test_a_phone_changes_its_session(out: OutScene) -> None:
    """Its first CSeq may be any (RFC 3261 §12.1.2: the remote number is empty)."""
    out.call().phone(b"b", 200).phone_asks(b"b", b"INVITE", 0).then("ReinviteReceived")
    out.answer(200).then("200 INVITE")
    assert b"\r\nContact: <sip:n1@192.0.2.9:5060>\r\n" in out.sent()


def test_an_early_phone_may_update_and_not_reinvite(out: OutScene) -> None:
    """RFC 3311 §5.2; our own INVITE is under way (RFC 3261 §14.2)."""
    out.call().phone(b"b", 183)
    out.phone_asks(b"b", b"UPDATE", 1).then("UpdateReceived").answer(200).then("200 UPDATE")

    out.phone_asks(b"b", b"INVITE", 2).then("491 INVITE")
    with pytest.raises(RequestPending):
        out.tell(b"b", b"INVITE")


def test_a_bye_of_one_fork_leaves_what_another_asks(out: OutScene) -> None:
    """They share our tag; 487 is for what is pending in the same dialog (RFC 3261 §15.1.2)."""
    out.call().phone(b"b", 200).phone(b"c", 200).phone_asks(b"b", b"INVITE", 1)
    out.phone_asks(b"c", b"BYE", 1).then("200 BYE", "ByeReceived")

    out.answer(200).then("200 INVITE")


def test_we_may_hang_up_on_a_phone_that_only_rings(out: OutScene) -> None:
    """RFC 3261 §15: the caller may, and the other forks ring on."""
    out.call().phone(b"b", 180).phone(b"c", 180).tell(b"b", b"BYE").then("BYE")
    out.replied(200).then("ResponseReceived")

    assert dialogs_of(out.core) == [out.named(b"c")]


# -- session timers --------------------------------------------------------------------------------


def test_the_interval_of_a_2xx_begins_the_timer(out: OutScene) -> None:
    """RFC 4028 §7.2: half of it later it is ours to refresh, by UPDATE where that is allowed."""
    asked = ((b"Session-Expires", b"1800"), (b"Min-SE", b"600"))
    allow = (b"Allow", b"INVITE, ACK, UPDATE")
    out.call(headers=asked).phone(b"b", 200, TIMED, allow).until(899.0).then()

    out.until(901.0).then("RefreshDue")
    assert out.outputs == [RefreshDue(dialog=out.named(b"b"), by_update=True)]
    update = out.tell(b"b", b"UPDATE").sent_request()
    assert update.value(b"session-expires") == b"1800;refresher=uac"
    assert update.value(b"min-se") == b"600"


def test_no_timer_runs_where_none_was_agreed(out: OutScene) -> None:
    """RFC 4028 §7.2."""
    out.call(headers=((b"Session-Expires", b"1800"),)).phone(b"b", 200)
    out.until(3_600.0).then()


def test_a_phone_that_promised_to_refresh_is_missed_in_time_to_ask_it(out: OutScene) -> None:
    """RFC 4028 §10: 32 s before the session expires, where the interval is a long one."""
    promised = (b"Session-Expires", b"1800;refresher=uas")
    out.call(headers=((b"Session-Expires", b"1800"),)).phone(b"b", 200, promised)
    out.until(1_767.0).then()

    out.until(1_769.0).then("RefreshMissed")
