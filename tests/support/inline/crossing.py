"""What tests of crossing share."""

from capture.sip.build import Header
from capture.sip.message import Request
from tests.capture.inline.stage import Stage


def a_answers(stage: Stage, request: Request, status: int, *headers: Header) -> Stage:
    """The caller answers a request of ours."""
    kept = {b"via", b"from", b"to", b"call-id", b"cseq"}
    lines = [line.raw for line in request.lines if line.name in kept]
    more = [name + b": " + value for name, value in headers]
    answer = [b"SIP/2.0 %d Well" % status, *lines, *more, b"Content-Length: 0", b"", b""]
    return stage.a(b"\r\n".join(answer))
