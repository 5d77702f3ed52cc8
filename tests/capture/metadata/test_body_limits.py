"""The errors of a recording session's bodies."""

from capture.errors import PeerBrokeProtocol
from capture.metadata.body_limits import (
    BodyBroken,
    MetadataBroken,
    MetadataForbidden,
    MetadataTooLarge,
)


def test_broken_metadata_is_nothing_to_refuse_a_call_for() -> None:
    """Whoever answers every broken message with 400 must not catch it by accident."""
    for broken in (MetadataBroken, MetadataForbidden, MetadataTooLarge):
        assert issubclass(broken, MetadataBroken)
        assert not issubclass(broken, PeerBrokeProtocol)


def test_a_body_that_cannot_be_taken_apart_is_the_peers_fault() -> None:
    """There is neither SDP nor metadata to go on with."""
    assert issubclass(BodyBroken, PeerBrokeProtocol)
