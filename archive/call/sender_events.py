"""Events that say whose packets a stream hears: the rule, and whom its worker has come to hear.

Pure values. Knows nothing of the rule itself (`archive.format.media_latch`).
"""

from archive.call.event_values import EventAt, LatchRule


class StreamLatched(EventAt, frozen=True, kw_only=True, tag="stream_latched"):
    """Whose packets are heard on the stream from now on (docs/format.md, EVENT); all are kept.

    `address` and `port` are where the last description says that its author is, "" where it names
    no IP address.
    """

    stream: int
    rule: LatchRule
    address: str = ""
    port: int = 0


class StreamHeard(EventAt, frozen=True, kw_only=True, tag="stream_heard"):
    """Whom the stream's worker has come to hear; a later part begins with the last one."""

    stream: int
    address: str
    port: int
    ssrc: int
