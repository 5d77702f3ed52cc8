"""Places as the kernel names them: keys to compare sources by, and where to send to.

Pure. Knows nothing of sockets or of whose a place is.
"""

import socket
from typing import Final

from capture.links.relay_messages import Place

# A source address: of IPv4 the first word of its `sockaddr_in`; of IPv6 port and address.
Key = int | tuple[int, int, int]
Target = tuple[str, int]
NO_KEY: Final[Key] = 0
_MAPPED: Final = "::ffff:"
_PORT: Final = slice(2, 4)
_V4_HOST: Final = slice(4, 8)
_V4_BYTES: Final = 16
_V6_BYTES: Final = 28


class KernelAddresses:
    """Places in the family of our sockets; IPv6 sockets name IPv4 hosts by mapped addresses."""

    def __init__(self, *, is_wide: bool) -> None:
        self.is_wide = is_wide

    def accepts(self, place: Place) -> bool:
        """Whether the place is a numeric address that our sockets reach."""
        try:
            self.name(place)
        except OSError:
            return False
        return True

    def target(self, place: Place) -> Target:
        """What `sendto` is given."""
        host = place.host
        return (_MAPPED + host if self.is_wide and ":" not in host else host, place.port)

    def name(self, place: Place) -> bytes:
        """The `sockaddr` of a place."""
        return self.target_name(self.target(place))

    def target_name(self, target: Target) -> bytes:
        """The `sockaddr` of what `sendto` is given."""
        host, port = target
        big = port.to_bytes(2, "big")
        if self.is_wide:
            packed = socket.inet_pton(socket.AF_INET6, host)
            name = socket.AF_INET6.to_bytes(2, "little") + big + bytes(4) + packed
            return name.ljust(_V6_BYTES, b"\0")
        packed = socket.inet_pton(socket.AF_INET, host)
        return (socket.AF_INET.to_bytes(2, "little") + big + packed).ljust(_V4_BYTES, b"\0")

    def key(self, place: Place) -> Key:
        """By which a place's packets are known."""
        return self.key_of(self.name(place))

    def key_of(self, name: bytes) -> Key:
        """By which a source is known, from its `sockaddr`."""
        if not self.is_wide:
            return int.from_bytes(name[:8], "little")
        words = (int.from_bytes(name[at : at + 8], "little") for at in (8, 16))
        return (int.from_bytes(name[_PORT], "little"), *words)  # type: ignore[return-value]  # two words

    def place(self, key: Key) -> Place:
        if isinstance(key, int):
            name = key.to_bytes(8, "little")
            return Place(
                socket.inet_ntop(socket.AF_INET, name[_V4_HOST]), int.from_bytes(name[_PORT], "big")
            )
        port, low, high = key
        packed = low.to_bytes(8, "little") + high.to_bytes(8, "little")
        host = socket.inet_ntop(socket.AF_INET6, packed).removeprefix(_MAPPED)
        return Place(host, int.from_bytes(port.to_bytes(2, "little"), "big"))
