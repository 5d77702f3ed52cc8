"""Calls of our own."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rokuon.compose.selftest import own_calls, siprec_trial
from rokuon.compose.selftest.siprec_trial import run_selftest
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.messages.errors import NotReady
from rokuon.selftest.client import CallResult
from tests.archive.reading.scenes import START_US
from tests.rokuon.installation import Installation


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


async def _answered(_config: Config, calls: int) -> list[CallResult]:
    """As many calls were answered; the first of them is in the archive."""
    ids = ("one@example", "two@example")[:calls]
    return [
        CallResult(call_id=each, setup_s=0.1, ended_by_server=False, streams=()) for each in ids
    ]


def test_a_self_test_whose_call_is_kept_nowhere_is_an_error(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call was answered and recorded by nobody: a page had become root's."""
    monkeypatch.setattr(siprec_trial, "_all", _answered)
    monkeypatch.setattr(
        siprec_trial.clock, "now", lambda: datetime.fromtimestamp(START_US / 1e6, UTC)
    )
    found = run_selftest(site.config, 1)
    monkeypatch.setattr(own_calls, "FOUND_WITHIN_S", 0.01)

    assert (found["calls"], found["found"]) == (1, 1)
    with pytest.raises(NotReady, match="1 of 2 calls were answered and are not found"):
        run_selftest(site.config, 2)
