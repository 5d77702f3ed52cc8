"""Which coroutine is which part."""

import asyncio
import gc
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from rokuon.compose.start import foreground_part
from rokuon.compose.start.foreground_part import part_main, process_command, serve_part, stop_asked
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.messages.choices import Part


@pytest.mark.parametrize("part", ["keys", "keeper", "retention", "api"])
def test_every_part_with_an_event_loop_has_its_own_main(part: str) -> None:
    """What the supervisor starts exists."""
    assert part_main(part).__name__ == f"run_{part}"


def test_one_of_several_workers_is_called_by_its_number() -> None:
    """`ingest-1` is a name in logs; the command takes part and number apart."""
    worker = process_command("ingest-1", ("--config", "a.toml"))

    assert worker[-4:] == ("serve", "ingest", "--number", "1")
    assert process_command("holder", ())[-2:] == ("serve", "holder")
    assert "ingest" in set(Part)


def test_a_part_with_a_loop_of_its_own_sees_that_it_should_stop() -> None:
    """SIGTERM and Ctrl-C alike."""
    before = {what: signal.getsignal(what) for what in (signal.SIGTERM, signal.SIGINT)}
    asked = stop_asked()
    was_asked = asked()
    signal.raise_signal(signal.SIGTERM)
    for what, handler in before.items():
        signal.signal(what, handler)

    assert (was_asked, asked()) == (False, True)


def test_what_is_alive_when_a_part_is_ready_holds_up_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays alive; going through all of it took 0.2 s, and every answer of the time waited.

    What comes and goes afterwards is looked at often: of what waited for it a keeper grew by 4 %.
    """
    left_alone, often, usual = list[int](), list[int](), gc.get_threshold()

    async def main(_config: Config, _stop: asyncio.Event, ready: Callable[[], None]) -> None:
        before = gc.get_freeze_count()
        ready()
        left_alone.append(gc.get_freeze_count() - before)
        often.append(gc.get_threshold()[0])

    monkeypatch.setattr(foreground_part, "part_main", lambda _name: main)
    gc.set_threshold(50_000)
    serve_part("keys", lambda: parse("", name="-", base=tmp_path), (), 0)
    gc.set_threshold(*usual)

    assert left_alone[0] > 0
    assert often == [foreground_part.YOUNG_OBJECTS]
