"""The part `capture` as it is put together."""

import asyncio
from pathlib import Path

import pytest

from rokuon.compose.capture import run_capture
from rokuon.compose.errors import NotReady
from rokuon.config.load import parse


async def test_a_build_without_capture_says_so_and_is_never_ready(tmp_path: Path) -> None:
    """A part that does nothing must not look like one that records."""
    said: list[str] = []

    with pytest.raises(NotReady):
        await run_capture(
            parse("", name="-", base=tmp_path), asyncio.Event(), lambda: said.append("ready")
        )

    assert said == []
