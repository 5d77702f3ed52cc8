"""What a refusal of one side is to the other."""

import pytest

from capture.inline.bridge.refusal_translation import across, refused_across
from capture.inline.state.call_events import Refused

Q850 = (b"Reason", b"Q.850;cause=21")
SIP = (b"Reason", b"SIP;cause=500")


@pytest.mark.parametrize("status", [401, 407])
def test_a_challenge_is_a_fault_of_ours(status: int) -> None:
    """RFC 3261 sections 20.27, 20.44: it would need a challenge, and that is not the caller's."""
    told = across(status, (Q850, SIP))

    assert told.status == 500
    assert told.headers == (Q850, (b"Reason", b"SIP;cause=%d" % status))


def test_a_party_that_is_overloaded_is_no_overload_of_ours() -> None:
    """RFC 3261 section 16.7 step 6: else who is before us calls it through another node too."""
    told = across(503, (Q850, (b"Retry-After", b"30")))

    assert told.status == 500
    assert told.headers == (Q850, (b"Reason", b"SIP;cause=503"))


@pytest.mark.parametrize("status", [403, 404, 480, 486, 500, 603])
def test_any_other_refusal_passes_as_it_is(status: int) -> None:
    """With its phrase and what says why."""
    refused = Refused(status, b"So It Is", (Q850,))

    assert refused_across(refused) == refused


@pytest.mark.parametrize("status", [300, 301, 302, 305, 380])
def test_a_redirection_that_is_not_followed_is_nobody_there(status: int) -> None:
    """RFC 3261 section 21.4.18: he is somewhere else just now."""
    told = across(status)

    assert (told.status, told.headers) == (480, ((b"Reason", b"SIP;cause=%d" % status),))


def test_another_status_has_another_phrase() -> None:
    """Unauthorized is none of 500's."""
    assert refused_across(Refused(401, b"Unauthorized")).reason == b""
