"""One end of a call."""

import msgspec

from tests.capture.inline.playbook import a_call, sdp


def test_a_party_listens_unless_it_holds_or_is_nowhere() -> None:
    """Only to such a party may anything be sent."""
    end = a_call().caller

    assert end.listens
    for held in (
        sdp(0, direction="sendonly"),
        sdp(0, direction="inactive"),
        sdp(0, host="0.0.0.0"),  # noqa: S104 - an old hold
    ):
        assert not msgspec.structs.replace(end, theirs=held).listens
    assert not msgspec.structs.replace(end, theirs=None).listens


def test_a_party_speaks_unless_it_only_listens() -> None:
    """The other half of a hold."""
    end = a_call().caller

    assert end.speaks
    assert not msgspec.structs.replace(end, theirs=sdp(0, direction="recvonly")).speaks
