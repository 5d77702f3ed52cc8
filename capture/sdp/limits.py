"""How large a session description may become, and the error of one that cannot be read.

Knows no line of a description; past any of these the peer is told 400.
"""

from typing import Final

from capture.errors import PeerBrokeProtocol

# Two hundred streams with a dozen codecs each fit; a call has two.
MAX_DESCRIPTION_BYTES: Final = 64 << 10
# Long lines are ICE candidates and codec parameters, some hundred bytes.
MAX_LINE_BYTES: Final = 8 << 10
# A conference bridge that copies every party stays far below.
MAX_MEDIA: Final = 256
# Payload types have seven bits (RFC 3550 §5.1).
MAX_FORMATS: Final = 128
MAX_PAYLOAD_TYPE: Final = 127
MAX_PORT: Final = 65_535
# Clocks in use end at 192 kHz; this only keeps a number a number.
MAX_CLOCK_HZ: Final = 1_000_000
MAX_CHANNELS: Final = 255
# A packet of a minute is none; the attribute is milliseconds (RFC 8866 §6.4).
MAX_PTIME_MS: Final = 60_000
# Enough for a 64-bit session id (RFC 8866 §5.2), so that no peer makes us convert a long number.
MAX_DIGITS: Final = 20


class DescriptionBroken(PeerBrokeProtocol):
    """A session description that cannot be answered line by line."""


class AnswerMismatched(PeerBrokeProtocol):
    """An answer whose m-lines are not those of our offer (RFC 3264 §6)."""
