"""The ciphers of a relayed call's SRTP, one for each key: packets opened and sealed at an index.

Made once, for what is done here is done per packet (RFC 3711 §4, RFC 7714). Pure bytes: whose a
packet is and which index it has, others know.
"""

from hmac import compare_digest
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.srtp.directions import FIXED_HEADER_BYTES, Direction, header_bytes
from archive.srtp.suites import BLOCK_BYTES

# Contributors or an extension behind the fixed header (RFC 3550 §5.1).
_MORE_HEADER: Final = 0x1F
_NONCE_BYTES: Final = 12
_COUNT_BYTES: Final = 4


class CounterMode:
    """AES in counter mode and HMAC-SHA1 (RFC 3711 §4.1.1, §4.2)."""

    def __init__(self, direction: Direction) -> None:
        keys, master = direction.rtp, direction.master
        self._tag = direction.rtp_tags.tag
        self._mki, self._tag_bytes = master.mki, master.suite.rtp_tag_bytes
        self._content_end = -(master.suite.rtp_tag_bytes + len(master.mki))
        self._is_clear = not master.rtp_encrypted
        self._salt = int.from_bytes(keys.salt, "big") << 16
        mode = modes.CTR(bytes(BLOCK_BYTES))
        encryptor = Cipher(algorithms.AES(keys.encryption), mode).encryptor()
        self._begin, self._cipher = encryptor.reset_nonce, encryptor.update
        self._rollovers, self._count = 0, bytes(_COUNT_BYTES)

    def opened(self, packet: bytes, ssrc: int, index: int) -> bytes | None:
        """The RTP packet; None where its tag is not of this key and index."""
        content = packet[: self._content_end]
        if len(content) < FIXED_HEADER_BYTES:
            return None
        if self._mki and packet[self._content_end : -self._tag_bytes] != self._mki:
            return None
        tag = self._tag(content, self._counted(index))[: self._tag_bytes]
        if not compare_digest(tag, packet[-self._tag_bytes :]):
            return None
        return self._ciphered(content, ssrc, index)

    def sealed(self, packet: bytes, ssrc: int, index: int) -> bytes:
        content = self._ciphered(packet, ssrc, index)
        return content + self._mki + self._tag(content, self._counted(index))[: self._tag_bytes]

    def _ciphered(self, packet: bytes, ssrc: int, index: int) -> bytes:
        """Either way: header as it is, content under the key stream."""
        if self._is_clear:
            return packet
        start = header_bytes(packet) if packet[0] & _MORE_HEADER else FIXED_HEADER_BYTES
        counter = self._salt ^ (ssrc << 64) ^ (index << 16)
        self._begin(counter.to_bytes(BLOCK_BYTES, "big"))
        return packet[:start] + self._cipher(packet[start:])

    def _counted(self, index: int) -> bytes:
        """The rollover counter, which is as a rule that of the packet before."""
        if index >> 16 != self._rollovers:
            self._rollovers = index >> 16
            self._count = self._rollovers.to_bytes(_COUNT_BYTES, "big")
        return self._count


class Galois:
    """AES-GCM: the header is associated data, the tag part of the cipher text (RFC 7714 §8)."""

    def __init__(self, direction: Direction) -> None:
        self._salt = int.from_bytes(direction.rtp.salt, "big")
        self._mki = direction.master.mki
        self._gcm = AESGCM(direction.rtp.encryption)

    def opened(self, packet: bytes, ssrc: int, index: int) -> bytes | None:
        """The RTP packet; None where its tag is not of this key and index."""
        start = header_bytes(packet) if packet[0] & _MORE_HEADER else FIXED_HEADER_BYTES
        end = len(packet) - len(self._mki)
        if end < start or packet[end:] != self._mki:
            return None
        head = packet[:start]
        try:
            return head + self._gcm.decrypt(self._nonce(ssrc, index), packet[start:end], head)
        except InvalidTag:
            return None

    def sealed(self, packet: bytes, ssrc: int, index: int) -> bytes:
        start = header_bytes(packet) if packet[0] & _MORE_HEADER else FIXED_HEADER_BYTES
        head = packet[:start]
        sealed = self._gcm.encrypt(self._nonce(ssrc, index), packet[start:], head)
        return head + sealed + self._mki

    def _nonce(self, ssrc: int, index: int) -> bytes:
        """RFC 7714 §8.1."""
        return (self._salt ^ (ssrc << 48) ^ index).to_bytes(_NONCE_BYTES, "big")


PacketCipher = CounterMode | Galois


def cipher_of(direction: Direction) -> PacketCipher:
    return Galois(direction) if direction.is_aead else CounterMode(direction)
