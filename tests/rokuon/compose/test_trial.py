"""Calls of our own."""

import re
from pathlib import Path

import pytest

from rokuon.compose.errors import NotReady
from rokuon.compose.trial import run_bench, run_selftest
from rokuon.config.load import parse


def test_a_self_test_without_a_server_is_named_and_does_not_hang(tmp_path: Path) -> None:
    """Over TCP a closed port answers at once."""
    config = parse("[sip]\nport = 9", name="-", base=tmp_path)

    with pytest.raises(NotReady, match="is rokuon serve running"):
        run_selftest(config, 2)


def test_a_self_test_that_belongs_to_no_source_names_its_address(tmp_path: Path) -> None:
    """It gets no answer, as any stranger; Rokuon is as well as can be."""
    text = '[sip]\nport = 9\n[[source]]\nname = "pbx"\naddress = ["192.0.2.10/32"]\n'

    with pytest.raises(NotReady, match=re.escape("calls from 127.0.0.1, which no [[source]] has")):
        run_selftest(parse(text, name="-", base=tmp_path), 2)


def test_a_measurement_without_a_server_is_named(tmp_path: Path) -> None:
    """And not answered with a figure."""
    with pytest.raises(NotReady):
        run_bench(parse("[sip]\nport = 9", name="-", base=tmp_path), 5)
