"""What we ask a client of our own accord: to refresh, to tell everything again."""

import pytest

from capture.metadata.snapshot import NAMESPACE
from capture.sdp.parser import parse_description
from capture.sip.build import Header
from capture.sip.message import Request
from capture.siprec.client_requests import MAX_SNAPSHOTS
from tests.capture.siprec.documents import recording
from tests.capture.siprec.stage import (
    HELD,
    METADATA,
    MIXED,
    OFFER,
    SDP,
    SIPREC,
    Stage,
    described,
    request,
)

ALLOW: Header = (b"Allow", b"INVITE, ACK, BYE, CANCEL, UPDATE")
TIMER: Header = (b"Session-Expires", b"1800")
PARTIAL = recording(
    "<datamode>partial</datamode>",
    '<participantstreamassoc participant_id="nobody"><send>nothing</send></participantstreamassoc>',
)


def up(stage: Stage, *headers: Header, metadata: bytes = METADATA) -> Stage:
    """A call with these headers in its INVITE."""
    body = described(OFFER, metadata)
    stage.peer(request(b"INVITE", SIPREC, MIXED, *headers, body=body))
    return stage.inside(b"ACK", 1)


def asked(stage: Stage) -> Request:
    """The last request of ours."""
    return next(each for each in reversed(stage.messages()) if isinstance(each, Request))


# -- refresh --------------------------------------------------------------------------------------


def test_a_client_that_takes_update_is_refreshed_by_one_without_a_body(stage: Stage) -> None:
    """RFC 4028 §7.4: nothing is negotiated by it."""
    up(stage, ALLOW, TIMER).until(900.0).then("UPDATE")

    assert asked(stage).body == b""
    assert asked(stage).value(b"session-expires") == b"1800;refresher=uac"


def test_another_is_refreshed_by_the_description_that_it_has(stage: Stage) -> None:
    """RFC 4028 §7.4: an offer whose origin says that nothing has changed."""
    up(stage, TIMER)
    ours = stage.answers()[-1].body
    stage.until(900.0).then("INVITE")
    assert asked(stage).body == ours
    assert parse_description(asked(stage).body).origin == parse_description(ours).origin

    stage.response(200, SDP, body=OFFER).then("ACK", "Record")
    assert not stage.session.waits_for_answer
    assert "media_refused" not in stage.flags()


def test_a_description_that_came_back_on_hold_is_a_hold(stage: Stage) -> None:
    """The answer counts, whoever asked."""
    up(stage, TIMER).until(900.0).response(200, SDP, body=HELD)

    assert stage.session.liveness.held_since_us > 0


@pytest.mark.parametrize("status", [481, 488, 491, 500])
def test_a_refresh_that_is_refused_changes_and_ends_nothing(stage: Stage, status: int) -> None:
    """A recording goes on while its media does; silence has its own clock."""
    up(stage, TIMER).media().until(900.0).response(status)

    assert stage.session.ended is None
    assert not stage.session.waits_for_answer
    stage.until(1350.0).then("INVITE")


def test_a_client_that_promised_to_refresh_and_does_not_is_left_alone(stage: Stage) -> None:
    """Its recording goes on while media comes; silence has a clock of its own."""
    promised: Header = (b"Session-Expires", b"90;refresher=uac")
    up(stage, ALLOW, (b"Supported", b"timer"), promised).until(59.0).then()

    stage.until(200.0).then()
    assert stage.session.ended is None


def test_a_refresh_that_nobody_answers_ends_nothing(stage: Stage) -> None:
    """OpenSIPS #2167: a recording was lost for it."""
    up(stage, ALLOW, TIMER).media().until(1200.0)

    assert stage.session.ended is None
    assert stage.closes() == []


def test_no_offer_goes_out_while_another_waits(stage: Stage) -> None:
    """RFC 3264 §4."""
    stage.peer(request(b"INVITE", SIPREC, TIMER)).until(900.0)

    assert not any(isinstance(m, Request) and m.method == b"INVITE" for m in stage.messages())


# -- everything again -----------------------------------------------------------------------------

REQUEST = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<requestsnapshot xmlns="{NAMESPACE}"/>\n'.encode()
)


def test_a_change_to_what_nobody_has_told_makes_us_ask(stage: Stage) -> None:
    """RFC 7866 §9.2: by UPDATE, with the request alone in it, after the answer."""
    up(stage, ALLOW, metadata=PARTIAL).then("UPDATE")

    assert asked(stage).body == REQUEST
    assert asked(stage).value(b"content-type") == b"application/rs-metadata+xml"
    assert asked(stage).value(b"content-disposition") == b"recording-session"
    assert b"application/sdp" in (asked(stage).value(b"accept") or b"")


def test_a_change_that_names_whom_nobody_has_described_makes_us_ask(stage: Stage) -> None:
    """One document of several was lost, or never sent."""
    up(stage, ALLOW).inside(b"UPDATE", 2, MIXED, body=described(OFFER, PARTIAL))

    assert asked(stage).method == b"UPDATE"


def test_a_complete_document_is_all_that_we_want(stage: Stage) -> None:
    """Nothing is asked for then, and nothing is flagged."""
    up(stage, ALLOW, metadata=PARTIAL)
    stage.inside(b"UPDATE", 2, (b"Content-Type", b"application/rs-metadata+xml"), body=METADATA)

    assert not stage.session.metadata.is_lacking
    assert "metadata_incomplete" not in stage.flags()


def test_who_does_not_take_update_is_not_asked_and_the_call_says_so(stage: Stage) -> None:
    """RFC 7866 §9.2 knows no other way."""
    up(stage, metadata=PARTIAL)

    assert not any(isinstance(m, Request) for m in stage.messages())
    assert stage.flags().count("metadata_incomplete") == 1


def test_who_never_tells_is_asked_a_few_times_and_no_oftener(stage: Stage) -> None:
    """Half a minute apart; then the recording says what it lacks."""
    up(stage, ALLOW, metadata=PARTIAL)
    for turn in range(2, 12):
        stage.until(31.0 * turn)
        stage.inside(b"UPDATE", turn, MIXED, body=described(OFFER, PARTIAL))

    updates = [m for m in stage.messages() if isinstance(m, Request) and m.method == b"UPDATE"]
    assert len({update.cseq.number for update in updates}) == MAX_SNAPSHOTS
    assert stage.flags().count("metadata_incomplete") == 1


def test_a_successor_asks_all_clients_once() -> None:
    """Its predecessor may have been told something in its last moment."""
    stage = up(Stage(reloaded=True), ALLOW)

    stage.asked_again().then("UPDATE")
    assert asked(stage).body == REQUEST


def test_a_refresh_that_nobody_answers_is_not_the_last(stage: Stage) -> None:
    """One lost re-INVITE had ended all refreshing, and the peer its session."""
    up(stage, (b"Session-Expires", b"180;refresher=uas"), (b"Supported", b"timer"))
    stage.until(90.0).then("INVITE")
    stage.until(130.0)
    begun = len(stage.messages())
    stage.until(400.0)

    assert [each.method for each in stage.messages()[begun:] if isinstance(each, Request)]


def test_an_answer_without_a_description_is_flagged_and_refreshed_again(stage: Stage) -> None:
    """What it meant cannot be known; the call goes on as it was."""
    up(stage, (b"Session-Expires", b"180;refresher=uas"), (b"Supported", b"timer"))
    stage.until(90.0).then("INVITE")
    stage.response(200, (b"Contact", b"<sip:src@192.0.2.1>"))

    assert "media_refused" in stage.flags()
    assert not stage.session.waits_for_answer
