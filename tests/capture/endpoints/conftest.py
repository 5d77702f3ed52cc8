"""The holder that the endpoints have their sockets from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.holder.client import HolderClient
from tests.capture.endpoints.stage import Node
from tests.support.media.holder import serving


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with serving(tmp_path, 1) as plan, HolderClient(plan.socket_path) as holder:
        made = Node(holder)
        yield made
        for sock in made.peers:
            sock.close()
