"""What libsrtp seals, we open, and the reverse: an implementation that nobody here wrote."""

import base64

import numpy as np
import pytest
from pylibsrtp import Policy, Session

from archive.srtp.batches import open_packets
from archive.srtp.decryption import Opener
from archive.srtp.directions import Direction
from archive.srtp.keys import MasterKey, parse_crypto
from archive.srtp.srtcp import seal_report
from archive.srtp.suites import SUITES
from tests.archive.srtp.sender import rtp
from tests.support.srtp import open_rtp

PROFILES = {
    "AES_CM_128_HMAC_SHA1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AES_CM_128_HMAC_SHA1_32": Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
    "AEAD_AES_128_GCM": Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    "AEAD_AES_256_GCM": Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
}
REPORT = bytes.fromhex("80c80006deadbeef") + bytes(range(20))


def master(name: str) -> bytes:
    return bytes(range(7, 7 + SUITES[name].master_bytes))


def key(name: str) -> MasterKey:
    line = f"1 {name} inline:{base64.b64encode(master(name)).decode()}"
    return parse_crypto(line).keys[0]


def session(name: str, *, outbound: bool) -> Session:
    kind = Policy.SSRC_ANY_OUTBOUND if outbound else Policy.SSRC_ANY_INBOUND
    return Session(Policy(key=master(name), ssrc_type=kind, srtp_profile=PROFILES[name]))


@pytest.mark.parametrize("name", PROFILES)
def test_packets_are_opened_through_three_rollovers(name: str) -> None:
    """Each in its turn, and all at once; also by who begins to listen in the middle."""
    sender, opener = session(name, outbound=True), Opener([key(name)])
    plain = [rtp(number % 65_536) for number in range(65_000, 65_000 + 3 * 65_536, 300)]
    sealed = [sender.protect(packet) for packet in plain]
    assert [open_rtp(opener, packet) for packet in sealed] == plain

    half = len(sealed) // 2
    late = Opener([key(name)])
    assert [open_rtp(late, packet) for packet in sealed[half:]] == plain[half:]

    data = np.frombuffer(b"".join(sealed), np.uint8)
    lengths = np.array([len(packet) for packet in sealed])
    starts = np.cumsum(lengths) - lengths
    opened = open_packets(Opener([key(name)]), data, starts, lengths)
    assert opened.proved.all()
    assert [
        opened.data[start : start + length].tobytes()
        for start, length in zip(starts, opened.lengths, strict=True)
    ] == plain


@pytest.mark.parametrize("name", PROFILES)
def test_reports_are_opened_and_ours_are_taken(name: str) -> None:
    """SRTCP in both directions."""
    sent = session(name, outbound=True).protect_rtcp(REPORT)
    assert Opener([key(name)]).open_rtcp(sent) == REPORT

    ours = seal_report(Direction.derived(key(name)), REPORT, 77)
    assert session(name, outbound=False).unprotect_rtcp(ours) == REPORT
