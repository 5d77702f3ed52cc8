"""What every call of a node shares, above all how it is answered."""

from capture.metadata.message_bodies import find_bodies
from capture.recording.node_context import busy
from capture.sip.message import Request, Response
from capture.sip.parser import split_message
from tests.capture.siprec.stage import HELD, MIXED, PAIRS, Stage, described, invite


def last_answer(stage: Stage) -> Response:
    """The last response to an INVITE."""
    return stage.answers()[-1]


def test_a_repeated_invite_gets_the_same_bytes_and_no_second_recording(stage: Stage) -> None:
    """The answer was lost on the way; the next comes by its timer (RFC 6026 §7.1)."""
    first = stage.peer(invite()).answers()[-1]
    stage.peer(invite()).then()
    stage.until(0.6).then("200 INVITE")

    assert last_answer(stage) == first
    assert len(stage.server.sessions) == 1
    assert stage.ports.free() == PAIRS - 2


def test_the_answer_is_repeated_until_it_is_acknowledged(stage: Stage) -> None:
    """RFC 3261 §13.3.1.4; over UDP it may be lost too."""
    stage.peer(invite()).until(0.6).then("200 INVITE")
    stage.inside(b"ACK", 1).then()

    stage.until(40.0).then()


def test_an_acknowledgement_that_never_comes_is_flagged_once_where_media_does(stage: Stage) -> None:
    """The call goes on: audio that arrives is worth more than a message that does not."""
    stage.peer(invite()).until(20.0).media().until(100.0)

    assert stage.flags().count("ack_missing") == 1
    assert stage.server.sessions.live == 1
    assert [type(each) for each in stage.messages()].count(Request) == 0


def test_who_neither_acknowledges_nor_sends_is_hung_up_after_32_s(stage: Stage) -> None:
    """RFC 3261 §13.3.1.4; 34 such INVITEs a second would keep 4,500 calls up for two minutes."""
    stage.peer(invite()).until(31.9).then(*["200 INVITE"] * 10)
    stage.until(32.0).then("Record", "BYE", "Record", "Deafen 2", "Close")

    assert stage.flags() == ["ack_missing", "no_bye"]
    stage.closed()
    assert stage.server.sessions.live == 0


def test_a_change_that_is_not_acknowledged_ends_no_call(stage: Stage) -> None:
    """Its first INVITE was; on hold nothing is sent, for hours maybe."""
    stage.peer(invite()).inside(b"ACK", 1)
    stage.inside(b"INVITE", 2, MIXED, body=described(HELD)).until(100.0)

    assert stage.flags() == ["ack_missing"]
    assert stage.server.sessions.live == 1


def test_a_body_is_what_the_headers_say(stage: Stage) -> None:
    """The answer can be taken apart by whoever wrote the offer."""
    stage.peer(invite())

    answer = last_answer(stage)
    bodies = find_bodies(answer.value(b"content-type") or b"", answer.body)
    assert bodies.sdp == answer.body
    assert isinstance(split_message(invite()), Request)


def test_busy_says_when_to_come_again() -> None:
    """RFC 3261 §21.5.4."""
    assert busy().status == 503
    assert dict(busy().headers)[b"Retry-After"].isdigit()
