"""What was said of a call stands in its recordings."""

import msgspec

from archive.call.events import SipMessage, decode_event
from capture.recording.node_context import LAST_SAID, MAX_SAID, MAX_SAID_BYTES, laddered
from capture.recording.outputs import Output
from capture.recording.session import RecordingSession
from capture.sip.events import SendMessage
from tests.capture.sdp.offers import stream
from tests.capture.siprec.calls import Call
from tests.capture.siprec.stage import CALL_ID, UDP, Stage, invite, request


def heard(stage: Stage, data: bytes) -> None:
    """A message as the shell takes it: noted, then obeyed; what is sent at once is noted too."""
    stage.node.ladder.received(data, UDP, stage.now.us)
    outputs = stage.core.receive(data, UDP, stage.now_s)
    done: list[Output] = []
    for output in outputs:
        if isinstance(output, SendMessage):
            stage.node.ladder.sent(output.data, output.flow, stage.now.us)
            done.append(output)
        else:
            done += stage.server.handle(output, stage.now)
    stage._did(done)


def said(session: RecordingSession) -> list[str]:
    """The messages of the only recording: ">INVITE", "<200 OK"."""
    (recording,) = session.recordings
    events = [decode_event(event.payload) for event in recording.events]
    lines = [
        (event.is_received, event.data.split(b"\r\n")[0].decode())
        for event in events
        if isinstance(event, SipMessage)
    ]
    return [
        (">" if received else "<") + line.replace("SIP/2.0 ", "").split(" sip:")[0]
        for received, line in lines
    ]


def test_a_call_has_all_that_was_said_of_it() -> None:
    """From the INVITE that made it to the answer of the BYE that ended it."""
    stage = Stage()
    heard(stage, invite())
    tag = stage.dialog.local_tag
    heard(stage, request(b"ACK", to_tag=tag))
    stage._did(stage.server.settle_ladders())
    assert said(stage.session) == [">INVITE", "<200 OK", ">ACK"]

    heard(stage, request(b"BYE", cseq=2, to_tag=tag))
    assert said(stage.session) == [">INVITE", "<200 OK", ">ACK", ">BYE", "<200 OK"]
    assert stage.session.ended == "bye"


def test_a_repetition_is_said_again() -> None:
    """Who looks for loss on the way wants to see it."""
    stage = Stage()
    heard(stage, invite())
    heard(stage, invite())
    stage._did(stage.server.settle_ladders())

    assert said(stage.session) == [">INVITE", "<200 OK", ">INVITE"]


def test_what_is_of_no_recording_is_forgotten() -> None:
    """A call that was refused, half a second later."""
    stage = Stage()
    stage.node.ladder.received(invite(), UDP, stage.now.us)
    stage._did(stage.server.settle_ladders())

    assert stage.outputs == []
    assert stage.node.ladder.calls() == []


def test_a_ladder_is_bounded_and_keeps_room_for_the_end() -> None:
    """A client that says something every second fills neither memory nor the recording."""
    call = Call().offer(stream())
    info = SipMessage(
        at_us=1, is_received=True, transport="udp", local="a:1", remote="b:2", data=b"INFO x"
    )
    bye = SipMessage(
        at_us=2, is_received=True, transport="udp", local="a:1", remote="b:2", data=b"BYE x"
    )
    session = laddered(call.session, [info] * (MAX_SAID + 5) + [bye] * (LAST_SAID + 5))
    assert session.messages.count == MAX_SAID + LAST_SAID

    large = SipMessage(
        at_us=1, is_received=True, transport="udp", local="a:1", remote="b:2",
        data=bytes(MAX_SAID_BYTES // 2),
    )  # fmt: skip
    assert laddered(call.session, [large] * 5).messages.count == 2


def test_messages_wait_while_there_is_no_recording() -> None:
    """A persistent session between two calls: what is said then belongs to the next."""
    stage = Stage()
    heard(stage, invite())
    stage.node.ladder.received(request(b"INFO", cseq=9), UDP, 5)
    between = msgspec.structs.replace(stage.session, recordings=())

    assert stage.node.with_ladder(between) is between
    assert stage.node.ladder.calls() == [CALL_ID]
