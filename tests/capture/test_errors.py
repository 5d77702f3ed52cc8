"""What an error of `capture` carries."""

from capture.errors import CaptureError, PeerBrokeProtocol


def test_a_broken_protocol_names_the_clause_and_the_answer() -> None:
    """The caller answers the peer from the error alone, without looking at the message again."""
    broken = PeerBrokeProtocol("RFC 3261 §8.2.2.1", "scheme of the Request-URI", answer_with=416)

    assert isinstance(broken, CaptureError)
    assert (broken.clause, broken.detail) == ("RFC 3261 §8.2.2.1", "scheme of the Request-URI")
    assert broken.answer_with == 416


def test_a_broken_protocol_is_a_bad_request_unless_said_otherwise() -> None:
    """400 is the answer that RFC 3261 §21.4.1 gives to what cannot be understood."""
    assert PeerBrokeProtocol("RFC 3261 §20.16", "CSeq").answer_with == 400
