"""What tests of relay secrecy share."""

import base64

import pylibsrtp

from archive.srtp.suites import SUITES
from capture.media.relay.srtp import SrtpOpener, SrtpSealer
from tests.capture.media.relay_scene import header
from tests.capture.media.scene import rtp

PROFILES = {
    "AES_CM_128_HMAC_SHA1_80": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AES_CM_128_HMAC_SHA1_32": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
    "AEAD_AES_128_GCM": pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    "AEAD_AES_256_GCM": pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
}


SUITE = "AES_CM_128_HMAC_SHA1_80"


def line(suite: str = SUITE, fill: int = 7, more: str = "") -> str:
    key = bytes([fill]) * SUITES[suite].master_bytes
    return f"1 {suite} inline:{base64.b64encode(key).decode()}{more}"


def session(suite: str = SUITE, fill: int = 7, *, inbound: bool = False) -> pylibsrtp.Session:
    kind = pylibsrtp.Policy.SSRC_ANY_INBOUND if inbound else pylibsrtp.Policy.SSRC_ANY_OUTBOUND
    key = bytes([fill]) * SUITES[suite].master_bytes
    return pylibsrtp.Session(pylibsrtp.Policy(key, kind, 0, PROFILES[suite]))


def seal(sealing: SrtpSealer, index: int) -> bytes:
    packet = rtp(index)
    return sealing.seal(packet, header(packet)[4], index)


def opening(*lines: str) -> SrtpOpener:
    made = SrtpOpener()
    made.learn(lines)
    return made
