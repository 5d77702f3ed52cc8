"""What a party asks within a call."""

from tests.capture.inline.stage import Stage, from_caller


def test_info_crosses(stage: Stage) -> None:
    """Keys by INFO are the parties' own business."""
    stage.talking()
    body = b"Signal=5\r\nDuration=100\r\n"
    info = from_caller(
        b"INFO", cseq=2, to_tag=stage.answer_to_a().to_address.tag, body=body
    ).replace(b"application/sdp", b"application/dtmf-relay")

    stage.a(info).then("b: INFO")
    assert stage.request_to_b(b"INFO").body == body


def test_options_inside_a_call_are_answered(stage: Stage) -> None:
    """They are about that dialog."""
    stage.talking().a_inside(b"OPTIONS", 2).then("a: 200 OPTIONS")
