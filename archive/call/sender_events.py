"""What is heard: by which key and of whom on a stream, and when parties may hear each other.

Pure values, as EVENT frames keep them. Knows nothing of other events, frames or packets.
"""

from archive.call.event_values import EventAt, LatchRule


class StreamKeyed(EventAt, frozen=True, kw_only=True, tag="stream_keyed"):
    """The stream comes as SRTP from now on, with a key of this `a=crypto` (RFC 4568 §9.1).

    `crypto` is "" outside of the sealed file: it opens what is said.
    """

    stream: int
    crypto: str = ""


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


class PartiesJoined(EventAt, frozen=True, kw_only=True, tag="parties_joined"):
    """Both have answered and every notice is over: who is silent from now on has said nothing."""


class PartiesParted(EventAt, frozen=True, kw_only=True, tag="parties_parted"):
    """One place of the call is vacant, or told of recording anew: nobody hears the other."""
