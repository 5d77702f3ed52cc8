"""Calls of our own."""

from pathlib import Path

import pytest

from rokuon.compose.errors import NotReady
from rokuon.compose.trial import run_bench, run_selftest
from rokuon.config.load import parse


def test_a_self_test_without_a_server_is_named_and_does_not_hang(tmp_path: Path) -> None:
    """Over TCP a closed port answers at once."""
    config = parse("[sip]\nport = 9", name="-", base=tmp_path)

    with pytest.raises(NotReady):
        run_selftest(config, 2)


def test_a_measurement_without_a_server_is_named(tmp_path: Path) -> None:
    """And not answered with a figure."""
    with pytest.raises(NotReady):
        run_bench(parse("[sip]\nport = 9", name="-", base=tmp_path), 5)
