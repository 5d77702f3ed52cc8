"""What the recording server tells its shell to do, and what the shell tells it of the moment.

Frozen values. Knows nothing of who carries them out.
"""

from dataclasses import dataclass

from capture.links.recorder_messages import Command
from capture.links.relay_messages import RelayCommand
from capture.sip.events import SendMessage


@dataclass(frozen=True, slots=True)
class ToWorker:
    worker: int
    command: Command


@dataclass(frozen=True, slots=True)
class Listen:
    """Take the filter off these pairs' RTP sockets, before the answer is sent."""

    pairs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Deafen:
    """Put the filter back: the call is over."""

    pairs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ToRelay:
    worker: int
    command: RelayCommand


@dataclass(frozen=True, slots=True)
class Find:
    """Find out where a URI leads (RFC 3263): `where` is it, or has a host where `uri` has none.

    For the inline call of this key; what is found is called as `uri`.
    """

    key: bytes
    uri: bytes
    where: bytes


@dataclass(frozen=True, slots=True)
class Complain:
    """Say in the log that this target asks for a password that we have not, or have wrong."""

    target: str


Output = SendMessage | ToWorker | Listen | Deafen | ToRelay | Find | Complain


@dataclass(frozen=True, slots=True)
class Now:
    """One moment on both clocks: seconds monotonic, µs since 1970 UTC."""

    s: float
    us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the node receives: its id, the address it advertises, the first RTP port."""

    node: str
    address: str
    first_port: int

    def port(self, pair: int) -> int:
        return self.first_port + 2 * pair
