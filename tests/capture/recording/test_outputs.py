"""What the server and its shell say to each other."""

import dataclasses

import pytest

from capture.recording.outputs import Deafen, Listen, Now, Place


def test_the_port_of_a_pair_follows_from_its_number() -> None:
    """RTP on even ports, RTCP on the next (RFC 3550 §11)."""
    place = Place(node="n1", address="192.0.2.9", first_port=10_000)

    assert [place.port(pair) for pair in (0, 1, 7)] == [10_000, 10_002, 10_014]


@pytest.mark.parametrize("value", [Listen((1,)), Deafen((1,)), Now(1.0, 1)])
def test_what_was_said_cannot_be_changed(value: object) -> None:
    """A list of outputs tells what happened, also later."""
    first = dataclasses.fields(value)[0].name  # type: ignore[arg-type]  # each is a dataclass

    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, first, ())
