"""What tests of recorder share."""

from capture.links.recorder_messages import (
    Close,
    Closed,
    Everything,
    Hello,
    Message,
    NumberedEvent,
    PartBegins,
    Record,
    StreamWanted,
)

STREAM = StreamWanted(
    stream=1, pair=7, clock_hz=16_000, masked_types=(101,), rtcp_to="192.0.2.1", rtcp_port=6001
)


MESSAGES: list[Message] = [
    Record(
        recording=b"r" * 16, tenant=b"t" * 16, created_us=5, streams=(STREAM,),
        events=(NumberedEvent(0, 5, 0xFFFF, b'{"type":"x"}'),), next_part=3,
    ),
    Close(recording=b"r" * 16, reason="bye", at_us=9),
    Everything(),
    Hello(worker=3),
    PartBegins(recording=b"r" * 16, part=4),
    Closed(recording=b"r" * 16),
]  # fmt: skip
