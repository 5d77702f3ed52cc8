"""Session keys against the test vectors of RFC 3711."""

import pytest

from archive.srtp.suites import SUITES, derive, session_keys

MASTER_KEY = bytes.fromhex("E1F97A0D3E018BE0D64FA32C06DE4139")
MASTER_SALT = bytes.fromhex("0EC675AD498AFEEBB6960B3AABE6")


def test_the_session_keys_are_those_of_rfc_3711() -> None:
    """Appendix B.3."""
    keys = session_keys(SUITES["AES_CM_128_HMAC_SHA1_80"], MASTER_KEY, MASTER_SALT, rtcp=False)

    assert keys.encryption == bytes.fromhex("C61E7A93744F39EE10734AFE3FF7A087")
    assert keys.salt == bytes.fromhex("30CBBC08863D8C85D49DB34A9AE1")
    assert keys.authentication == bytes.fromhex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4")


def test_a_long_key_goes_on_over_the_blocks() -> None:
    """Appendix B.3: 94 bytes in six blocks."""
    long = derive(MASTER_KEY, MASTER_SALT, 1, 94)

    assert long[80:] == bytes.fromhex("6B68642C59BBFC2F34DB60DBDFB2")


@pytest.mark.parametrize("name", SUITES)
def test_rtp_and_rtcp_have_keys_of_their_own(name: str) -> None:
    """One of them known does not open the other."""
    suite = SUITES[name]
    key, salt = bytes(range(suite.key_bytes)), bytes(range(suite.salt_bytes))
    rtp, rtcp = (session_keys(suite, key, salt, rtcp=each) for each in (False, True))

    assert len(rtp.encryption) == len(rtcp.encryption) == suite.key_bytes
    assert len(rtp.salt) == suite.salt_bytes
    assert rtp.encryption != rtcp.encryption
    assert (rtp.authentication == b"") is (suite.cipher == "gcm")


def test_keys_are_not_shown() -> None:
    """A log line with a key would open every copy of the packets."""
    keys = session_keys(SUITES["AES_CM_128_HMAC_SHA1_80"], MASTER_KEY, MASTER_SALT, rtcp=False)

    assert repr(keys) == "SessionKeys(…)"
