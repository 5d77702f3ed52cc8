"""Scenes played at once over a server of their own, and who looks at them afterwards.

Knows nothing of what is true of them.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.scenarios.server import KNOWN_PEER, running
from tests.support.clients.desk import Desk, Told
from tests.support.clients.judged import Judged
from tests.support.clients.scene import Scene
from tests.support.clients.voices import packets
from tests.support.clients.wire import Act, Client, bye, play


@dataclass(frozen=True, slots=True)
class Played:
    """A scene that is over."""

    scene: Scene
    client: Client
    desk: Desk

    def told(self) -> list[Told]:
        """Its recordings, as soon as they can be found."""
        assert self.client.refused == 0
        count = len(self.scene.truths)
        found = self.desk.found(self.client.began_us, self.client.call_id, count)
        assert len(found) == count
        return found

    def faults(self) -> list[str]:
        """What is told otherwise than it was."""
        told, client = self.told(), self.client
        return [
            fault
            for truth in self.scene.truths
            for each in [own for own in told if len(told) == 1 or own.is_of(truth.ids)]
            for fault in Judged(truth, each, client.answered_us, client.ended_us).faults()
        ]


@contextmanager
def playing(scenes: Mapping[str, Scene]) -> Iterator[Mapping[str, Played]]:
    """All of them over, the server still up."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), timeout_s=60) as server,
    ):
        clients = {name: _client_of(scene, server.sip_port) for name, scene in scenes.items()}
        play(list(clients.values()))
        desk = Desk(server)
        yield {name: Played(scenes[name], client, desk) for name, client in clients.items()}


def _client_of(scene: Scene, port: int) -> Client:
    """It hangs up when the last of it is over."""
    until_s = max(each.until_s for each in scene.truths)
    acts = [*scene.acts, Act(until_s, bye(scene.acts[0].message))]
    return Client((KNOWN_PEER, port), acts, packets(scene.voices))
