"""One target between calls: the ways to it, its registration, and how it answered last.

A record that those who ask and register keep. Knows nothing of when either is done.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from capture.inline.routing.route import Target
from capture.sip.flow import Address
from capture.sip.outgoing_call import OutgoingCall
from capture.sip.registration import Registration, RegistrationState

Place = tuple[str, Address]
"""A hop: the transport, and where it leads."""


@dataclass(slots=True, eq=False)
class TargetCheck:
    """The question whether a target answers: under way, or due; hops that had it are `tried`."""

    request: OutgoingCall | None = None
    sent_s: float = 0.0
    due_s: float = 0.0
    tried: list[Place] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class TargetState:
    """`places` are its hops, the best first.

    `registrars` are those by which the REGISTER under way has been sent.
    """

    target: Target
    places: tuple[Place, ...] = ()
    found_s: float = 0.0
    looks: bool = False
    registration: Registration | None = None
    registrars: list[Place] = field(default_factory=list)
    check: TargetCheck = field(default_factory=TargetCheck)
    is_down: bool = False

    @property
    def is_bound(self) -> bool:
        """Is a registrar to be told something yet, or did it take us?"""
        return (
            self.registration is not None and self.registration.state is not RegistrationState.GONE
        )

    def has_host(self, host: str) -> bool:
        return any(place[1].host == host for place in self.places)


def untried(places: Iterable[Place], tried: Iterable[Place]) -> Place | None:
    """The next hop where those before have failed (RFC 3263 §4.3); None where all have."""
    passed = set(tried)
    return next((each for each in places if each not in passed), None)
