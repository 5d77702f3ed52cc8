"""SRTCP both ways."""

import pytest

from archive.srtp.decryption import Opener, Unopened
from archive.srtp.directions import Direction
from archive.srtp.srtcp import MAX_INDEX, seal_report
from archive.srtp.suites import SUITES
from tests.support.srtp_opening import master

REPORT = bytes.fromhex("80c90001deadbeef") + bytes.fromhex("81ca0002deadbeef0103616263000000")


@pytest.mark.parametrize("name", SUITES)
@pytest.mark.parametrize("index", [0, 1, MAX_INDEX])
def test_a_report_that_was_sealed_is_opened(name: str, index: int) -> None:
    """With and without encryption, and with an identifier."""
    for about in ({}, {"rtcp_encrypted": False}, {"mki": b"\7\7"}):
        key = master(name, **about)
        sealed = seal_report(Direction.derived(key), REPORT, index)

        assert Opener([key]).open_rtcp(sealed) == REPORT
        assert (REPORT[8:] in sealed) is not key.rtcp_encrypted


@pytest.mark.parametrize("name", SUITES)
def test_a_report_that_was_changed_is_not_opened(name: str) -> None:
    """Nor one of another key."""
    key = master(name)
    sealed = seal_report(Direction.derived(key), REPORT, 5)
    for wrong in (sealed[:9] + b"\0\0" + sealed[11:], sealed[:-1], sealed[:12], b""):
        with pytest.raises(Unopened):
            Opener([key]).open_rtcp(wrong)
    with pytest.raises(Unopened):
        Opener([master(name, seed=9)]).open_rtcp(sealed)


@pytest.mark.parametrize("name", SUITES)
def test_the_index_names_the_report(name: str) -> None:
    """RFC 3711 §3.4: two of one content look unlike, or a listener could tell."""
    direction = Direction.derived(master(name))

    assert seal_report(direction, REPORT, 1)[8:20] != seal_report(direction, REPORT, 2)[8:20]
