"""A node whose signalling runs in the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.holder.client import HolderClient
from capture.signalling import daemon, garbage_collector
from tests.support.live_signalling import Node
from tests.support.media.holder import serving

PAIRS = 8


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setattr(daemon, "TICK_S", 0.01)
    # It looks at everything where few calls are up, which here would be all tests.
    monkeypatch.setattr(garbage_collector, "FEW_CALLS", -1)
    with serving(tmp_path, PAIRS) as plan, HolderClient(plan.socket_path) as holder:
        yield Node(tmp_path, plan, holder)
