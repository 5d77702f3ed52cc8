"""`rokuon doctor`."""

import json
import re

import pytest
from rich.console import Console

from rokuon.cli.terminal import output
from tests.rokuon.cli.command import run, run_at
from tests.rokuon.installation import Installation
from tests.support.cli.app import DOCUMENT


def test_a_passing_check_is_exit_0(site: Installation) -> None:
    """Green is silent about fixes."""
    result = run_at(site, "doctor", "--only", "KEY-001", "--only", "KEY-002")

    assert result.exit_code == 0
    assert "to fix" not in result.output


def test_the_whole_report_is_there_for_programs(site: Installation) -> None:
    """Every documented check once, with what was measured; and the sizing table."""
    rows = re.findall(r"^\| ([A-Z]+-[0-9]{3}) \|", DOCUMENT, re.MULTILINE)
    documented = sorted(each for each in rows if not each.startswith("PRM-"))
    report = json.loads(run_at(site, "doctor", "-o", "json").output)

    assert sorted(each["check"] for each in report["checks"]) == documented
    assert {"check", "severity", "measured", "threshold", "fix"} <= set(report["checks"][0])
    assert report["sizing"][0]["calls"] == 100


def test_a_finding_is_exit_3_with_the_fix_in_words(site: Installation) -> None:
    """A monitor needs no parser."""
    file = site.folder / "small.toml"
    file.write_text(f'[node]\ndata = "{site.config.node.data}"\n[rtp]\nlast_port = 10100\n')
    result = run("--config", str(file), "doctor", "--only", "RTP-001")

    assert result.exit_code == 3
    assert "RTP-001: error: " in result.output
    assert "to fix    set rtp.last_port" in result.output


def test_the_worst_stands_first_and_no_line_is_wider_than_a_terminal(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a terminal of 80 columns; what is well comes last."""
    monkeypatch.setattr(output, "_console", lambda: Console(width=80, highlight=False))
    file = site.folder / "small.toml"
    file.write_text(f'[node]\ndata = "{site.config.node.data}"\n[rtp]\nlast_port = 10100\n')
    told = run("--config", str(file), "doctor").output

    shown = [each.split(": ")[1] for each in told.splitlines() if re.match(r"[A-Z]+-\d{3}: ", each)]
    assert shown == sorted(shown, key=("error", "warning").index)
    assert "error" in shown
    assert max(map(len, told.splitlines())) <= 80
    assert told.index("error") < told.index("well: ")
    assert "firewall range" not in told
    assert "firewall range" in run("--config", str(file), "doctor", "--sizing").output
