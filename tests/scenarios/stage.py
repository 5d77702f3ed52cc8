"""Where a scenario plays: a server, the witness, and a client whose call both of them see.

Knows nothing of what a recording must be.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from tests.scenarios.bodies import EMPTY, Content
from tests.scenarios.scene import Scene
from tests.scenarios.server import KNOWN_PEER, Server
from tests.scenarios.sipp import Client, Transport, client
from tests.scenarios.witness import Witness


@dataclass(frozen=True, slots=True)
class Call:
    """A client's call, and what is seen of it."""

    client: Client
    scene: Scene

    def hang_up(self) -> None:
        """Let the client end the call, and wait until it has."""
        self.client.go_on()
        self.client.finish()


@dataclass(frozen=True, slots=True)
class Stage:
    """A server that is watched."""

    server: Server
    witness: Witness

    @contextmanager
    def call(
        self,
        scenario: str,
        invite: Content = EMPTY,
        *,
        later: Mapping[str, Content] | None = None,
        transport: Transport = "udp",
        host: str = KNOWN_PEER,
    ) -> Iterator[Call]:
        """A call by `sipp/<scenario>.xml`, ended by force if the block leaves it."""
        with client(
            self.server, scenario, invite=invite, later=later, transport=transport, host=host
        ) as started:
            yield Call(started, Scene(self.server, self.witness, started.call_id))


def fresh_number() -> str:
    """A customer's number that no other call has; its exchange begins with 0, nobody has it."""
    return f"+8130{secrets.randbelow(10**7):08d}"
