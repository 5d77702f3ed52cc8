"""What legal holds ask of the key daemon, where there is none."""

import pytest

from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT, HoldId
from archive.keys.guard.hold_client import NoKeyDaemon, PlacingDesk


def test_without_a_key_daemon_nothing_is_said_to_be_held() -> None:
    """What cannot be guarded is refused, and not believed to be guarded."""
    desk: PlacingDesk = NoKeyDaemon()
    with pytest.raises(KeyUnavailable):
        desk.hold_keys(HoldId(b"h" * 16), ())
    with pytest.raises(KeyUnavailable):
        desk.place_hold(HoldId(b"h" * 16), DEFAULT_TENANT)
