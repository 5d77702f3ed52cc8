"""What is asked of the key daemon for legal holds; see `KeyClient`.

Knows nothing of sockets, nor of what a hold is about.
"""

from collections.abc import Sequence
from typing import Never, Protocol

from archive.errors import KeyUnavailable
from archive.ids import HoldId, KeyId, TenantId
from archive.keys.store.legal_holds import Fence, HeldKeys, KeptHold


class HoldClient(Protocol):
    """Each may be asked again; each raises `KeyUnavailable`."""

    def hold_keys(self, hold: HoldId, keys: Sequence[KeyId]) -> HeldKeys:
        """Have the hold keep these keys, and say which came too late."""


class PlacingClient(HoldClient, Protocol):
    """The same, with what only the API may."""

    def place_hold(self, hold: HoldId, tenant: TenantId) -> int:
        """Raise the fence: from now on nothing of the tenant is destroyed."""

    def activate_hold(self, hold: HoldId) -> None:
        """Lower it again: the hold has all its keys."""

    def cancel_hold(self, hold: HoldId) -> None:
        """Give up a placing."""

    def release_hold(self, hold: HoldId) -> None:
        """Let go of all that an active hold keeps."""

    def fence(self, tenant: TenantId) -> Fence:
        """How many are being placed."""

    def holds(self, tenant: TenantId) -> Sequence[KeptHold]:
        """Those that the keystore has, with how many keys each."""


class NoKeyDaemon:
    """Where there is none: nothing can be held, and nothing is said to be."""

    def _refuse(self, *_: object, **__: object) -> Never:
        raise KeyUnavailable("there is no key daemon here")

    hold_keys = place_hold = activate_hold = cancel_hold = release_hold = fence = holds = _refuse
