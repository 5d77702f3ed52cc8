"""One secure packet opened. Knows nothing of blocks."""

from archive.srtp.decryption import Opener, Unopened
from archive.srtp.srtcp import ciphered


def open_rtp(opener: Opener, packet: bytes) -> bytes:
    """The RTP packet inside; raises `Unopened`."""
    found = opener.fit(packet)
    if found is None:
        raise Unopened("no key fits a packet")
    plain = packet[found.start : found.stop] if found.plain is None else found.plain
    if found.plain is None and found.direction.master.rtp_encrypted:
        counter = (found.ssrc << 64) ^ (found.index << 16)
        plain = ciphered(found.direction.rtp, plain, counter)
    return packet[: found.start] + plain
