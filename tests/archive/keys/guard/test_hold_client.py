"""What legal holds ask of the key daemon, where there is none."""

import pytest

from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT, HoldId
from archive.keys.guard.hold_client import NoKeyDaemon, PlacingClient


def test_without_a_key_daemon_nothing_is_said_to_be_held() -> None:
    """What cannot be guarded is refused, and not believed to be guarded."""
    key_client: PlacingClient = NoKeyDaemon()
    with pytest.raises(KeyUnavailable):
        key_client.hold_keys(HoldId(b"h" * 16), ())
    with pytest.raises(KeyUnavailable):
        key_client.place_hold(HoldId(b"h" * 16), DEFAULT_TENANT)
