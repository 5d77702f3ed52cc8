"""The part `capture` as it is put together."""

from ipaddress import ip_address
from pathlib import Path

import pytest

from archive.ids import DEFAULT_TENANT
from rokuon.compose.capture import part_names, source_from, volumes_of, workers_of
from rokuon.config.load import parse


def test_the_holder_starts_first_and_signalling_last(tmp_path: Path) -> None:
    """Calls are answered when somebody is there to record them."""
    config = parse("[media]\nworkers = 2", name="-", base=tmp_path)

    assert part_names(config) == ("holder", "ingest-0", "ingest-1", "signalling")


def test_without_a_number_there_is_a_worker_for_each_core(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 in the configuration means what the machine has."""
    monkeypatch.setattr("os.cpu_count", lambda: 6)

    assert workers_of(parse("", name="-", base=tmp_path)) == 6


def test_a_source_keeps_its_settings_on_the_way_to_capture(tmp_path: Path) -> None:
    """Addresses as networks, the tenant as its id."""
    source = source_from(parse("", name="-", base=tmp_path).source[0])

    assert source.tenant == DEFAULT_TENANT.raw
    assert any(ip_address("127.0.0.1") in network for network in source.networks)
    assert source.allow_telephone_event is False


def test_a_second_spool_comes_behind_the_first(tmp_path: Path) -> None:
    """Calls go on there when the first fails."""
    both = parse('[spool]\npath = "a"\nsecond = "b"', name="-", base=tmp_path)

    assert volumes_of(both) == (tmp_path / "a", tmp_path / "b")
    assert len(volumes_of(parse("", name="-", base=tmp_path))) == 1
