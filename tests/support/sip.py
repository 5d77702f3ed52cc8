"""A SIP message read whole. Knows nothing of sockets."""

from capture.sip.message import Request, Response
from capture.sip.parser import check_request, check_response, split_message


def parse_message(data: bytes) -> Request | Response:
    """One whole message (a datagram, or a frame of a stream) into its checked form.

    Raises `PeerBrokeProtocol`; its `answer_with` is what a request should be answered with.
    """
    message = split_message(data)
    if isinstance(message, Request):
        check_request(message)
    else:
        check_response(message)
    return message
