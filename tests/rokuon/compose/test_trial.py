"""Calls of our own."""

from pathlib import Path

import pytest

from rokuon.compose.errors import NotReady
from rokuon.compose.trial import run_bench
from rokuon.config.load import parse


def test_a_measurement_that_this_build_has_not_is_said_so(tmp_path: Path) -> None:
    """And not answered with a figure."""
    with pytest.raises(NotReady):
        run_bench(parse("", name="-", base=tmp_path), 5)
