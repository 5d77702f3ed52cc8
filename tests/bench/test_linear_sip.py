"""Tests of how growth is judged; the inputs are measured by `make bench`."""

import json
import sys
from pathlib import Path

import pytest

from bench.linear_sdp_xml import BODIES
from bench.linear_sip import SCANNERS, WHOLE, Growth, Worst, measured, report

QUICK = Worst("quick", lambda size: b"a" * size, len, 16)


def test_growth_is_the_larger_time_by_the_smaller() -> None:
    """8 is linear."""
    assert Growth("x", 8, 0.001, 0.008).ratio == 8.0


def test_every_input_is_about_as_large_as_it_says() -> None:
    """A ratio of times is one of sizes only if the sizes are what they should be."""
    for worst in [*SCANNERS, *WHOLE, *BODIES]:
        smaller, larger = (len(worst.build(size)) for size in (1 << 14, 1 << 17))
        assert 6.5 <= larger / smaller <= 8.5, worst.name


def test_input_that_grows_too_fast_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the exit code; the figures are written all the same."""
    path = tmp_path / "linear.json"
    monkeypatch.setattr(sys, "argv", ["bench", "--json", str(path)])
    squares = iter([1e-3, 64e-3] * 1_000)
    monkeypatch.setattr("bench.linear_sip.seconds", lambda _read, _data: next(squares))

    assert report([QUICK]) == 3
    assert json.loads(path.read_text())[0]["name"] == "quick"
    assert "| quick | 16 |" in capsys.readouterr().out


def test_each_input_is_measured_once() -> None:
    """In the order of the list."""
    assert [each.name for each in measured([QUICK, QUICK])] == ["quick", "quick"]
