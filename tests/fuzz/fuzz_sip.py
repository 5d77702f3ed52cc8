"""Fuzz target for everything that reads SIP from the network: messages, streams, the machine.

Run `python -m tests.fuzz.fuzz_sip -max_total_time=600 -rss_limit_mb=512 <corpus>`; the messages of
`tests/vectors/rfc4475` make a good corpus. Only errors of `capture` may come out.
"""

import sys

import atheris

with atheris.instrument_imports(include=["capture"]):
    from capture.errors import CaptureError
    from capture.metadata.header_mentions import told_by_callee, told_by_recorder, told_by_request
    from capture.sip.build import Answer, serialize
    from capture.sip.call import OutgoingRequest, decode_call, encode_call
    from capture.sip.events import InviteReceived, OptionsReceived, UpdateReceived
    from capture.sip.flow import Address, Flow
    from capture.sip.message import Request
    from capture.sip.stream_framer import StreamFramer
    from capture.sip.user_agent import SipCore
    from tests.support.sip import parse_message

FLOW = Flow(transport="udp", local=Address("192.0.2.9", 5060), remote=Address("192.0.2.1", 5060))


def read_message(data: bytes) -> None:
    """Every view of a message, and the way back to bytes."""
    message = parse_message(data)
    assert serialize(parse_message(serialize(message))) == serialize(message)
    _ = message.vias, message.expires_s, message.record_routes
    _ = message.require, message.supported, message.rack
    _ = told_by_callee(message)
    if isinstance(message, Request):
        _ = told_by_request(message), told_by_recorder(message)


def read_stream(data: bytes) -> None:
    """The same frames whole and byte by byte."""
    slow = StreamFramer()
    in_pieces = [
        frame for index in range(len(data)) for frame in slow.feed(data[index : index + 1])
    ]
    assert StreamFramer().feed(data) == in_pieces


def run_call(data: bytes) -> None:
    """A peer's message, our answer, a request of ours, and all timers; state goes through bytes."""
    core = SipCore(node=b"n1", tokens=lambda: b"token", options=frozenset({b"siprec"}))
    for output in core.receive(data, FLOW, 0.0):
        if isinstance(output, InviteReceived | OptionsReceived | UpdateReceived):
            core.respond(output.key, Answer(status=200), 0.1)
        if isinstance(output, InviteReceived):
            core.send_request(output.dialog, OutgoingRequest(method=b"BYE"), 0.2)
    for kept in core.take_changed().values():
        assert kept is None or encode_call(decode_call(kept)) == kept
    core.receive(data, FLOW, 0.3)
    while (deadline_s := core.next_deadline_s()) is not None:
        core.expire_timers(deadline_s)


def read_everything(data: bytes) -> None:
    """One input through all three; `CaptureError` is the answer that bad input deserves."""
    for target in (read_message, read_stream, run_call):
        try:
            target(data)
        except CaptureError:
            continue


def main() -> None:
    """Fuzz until told to stop by libFuzzer's options."""
    atheris.Setup(sys.argv, read_everything)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
