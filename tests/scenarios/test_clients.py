"""Sixty-odd clients of our own at once over one server, judged by a tone in each second.

What is true of each stands in `tests/support/clients`; what Rokuon tells is read over HTTP.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.scenarios.server import KNOWN_PEER, running
from tests.support.clients.desk import Desk
from tests.support.clients.judged import Judged
from tests.support.clients.people import PEOPLE
from tests.support.clients.scene import Scene
from tests.support.clients.streams import STREAMS
from tests.support.clients.texts import TEXTS
from tests.support.clients.voices import packets
from tests.support.clients.wire import Act, Client, bye, play

pytestmark = pytest.mark.scenario

SCENES = {**PEOPLE, **STREAMS, **TEXTS}


def client_of(scene: Scene, port: int) -> Client:
    """Who plays it; it hangs up when the last of it is over."""
    until_s = max(each.until_s for each in scene.truths)
    acts = [*scene.acts, Act(until_s, bye(scene.acts[0].message))]
    return Client((KNOWN_PEER, port), acts, packets(scene.voices))


Played = Mapping[str, tuple[Scene, Client, Desk]]


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    """All of them at once."""
    scenes = {name: make() for name, make in SCENES.items()}
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), timeout_s=60) as server,
    ):
        clients = {name: client_of(scene, server.sip_port) for name, scene in scenes.items()}
        play(list(clients.values()))
        desk = Desk(server)
        yield {name: (scenes[name], client, desk) for name, client in clients.items()}


@pytest.mark.parametrize("name", SCENES)
def test_what_is_told_of_a_client_is_what_was_so(played: Played, name: str) -> None:
    """Who was there when, by which numbers and names, what each second sounds like, its end."""
    scene, client, desk = played[name]
    assert client.refused == 0
    told = desk.found(client.began_us, client.call_id, len(scene.truths))
    assert len(told) == len(scene.truths)
    faults = [
        fault
        for truth in scene.truths
        for each in [own for own in told if len(told) == 1 or own.is_of(truth.ids)]
        for fault in Judged(truth, each, client.answered_us, client.ended_us).faults()
    ]

    assert faults == []
