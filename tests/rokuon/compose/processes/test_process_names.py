"""Which processes capture has."""

from pathlib import Path

import pytest

from rokuon.compose.processes.process_names import has_spare, part_names, workers_of
from rokuon.config.load import parse


def test_the_holder_starts_first_and_signalling_last(tmp_path: Path) -> None:
    """Calls are answered when somebody is there to record them."""
    config = parse("[media]\nworkers = 2", name="-", base=tmp_path)

    assert part_names(config) == ("holder", "ingest-0", "ingest-1", "signalling")


def test_with_inline_calls_each_worker_has_a_relay_beside_it(
    tmp_path: Path,
) -> None:
    """Started when somebody is there to seal, and before signalling needs it."""
    text = '[media]\nworkers = 2\n[inline]\nemergency_to = ["pbx"]\n'
    text += '[[target]]\nname = "pbx"\nuri = "sip:192.0.2.2"\n'
    config = parse(text, name="-", base=tmp_path)

    assert part_names(config) == (
        *("holder", "ingest-0", "ingest-1", "relay-0", "relay-1", "signalling"),
    )


def test_who_would_be_missed_while_he_loads_has_a_spare() -> None:
    """An ingest worker's packets wait in the kernel, or in the ring."""
    names = ("holder", "ingest-0", "relay-0", "relay-11", "signalling")

    assert [name for name in names if has_spare(name)] == ["relay-0", "relay-11", "signalling"]


def test_without_a_number_there_is_a_worker_for_each_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 in the configuration means what the machine has."""
    monkeypatch.setattr("os.cpu_count", lambda: 6)

    assert workers_of(parse("", name="-", base=tmp_path)) == 6
