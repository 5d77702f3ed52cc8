"""A node whose signalling runs in the test."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture import daemon
from capture.media.handover import Handover
from tests.capture.media.test_holder import serving
from tests.capture.signalling import Node

PAIRS = 8


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    monkeypatch.setattr(daemon, "TICK_S", 0.01)
    with serving(tmp_path, PAIRS) as plan, Handover(plan.socket_path) as handover:
        yield Node(tmp_path, plan, handover)
    gc.unfreeze()
