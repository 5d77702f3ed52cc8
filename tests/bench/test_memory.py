"""Tests of how free memory is touched."""

import pytest

from bench import memory
from bench.memory import free_bytes, touch_free_memory


def test_free_memory_is_what_holds_nothing() -> None:
    """What holds files was touched when they were read."""
    assert 0 < free_bytes() < 1 << 50


def test_all_is_touched_but_what_the_others_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole chunks of what is free, less a margin; nothing where little is free."""
    monkeypatch.setattr(memory, "CHUNK_BYTES", 1 << 20)
    monkeypatch.setattr(memory, "LEFT_BYTES", 2 << 20)
    monkeypatch.setattr(memory, "free_bytes", lambda: (5 << 20) + 1)
    assert touch_free_memory() == 3 << 20

    monkeypatch.setattr(memory, "free_bytes", lambda: 1 << 20)
    assert touch_free_memory() == 0
