"""What tests of keying share."""

from tests.capture.sdp.offers import stream
from tests.support.sdp.crypto import USUAL


def secure(crypto: bytes = USUAL, *attributes: bytes, label: bytes = b"96") -> bytes:
    """An m-line of SRTP with one key."""
    return stream(b"crypto:" + crypto, *attributes, label=label).replace(b"RTP/AVP", b"RTP/SAVP")
