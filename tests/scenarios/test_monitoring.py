"""Alerts and dashboards before Debian's own Prometheus, which scrapes a Rokuon that runs.

`make monitoring`. What promtool says of the rules, and whether every query of a dashboard answers.
"""

import json
import shutil
import socket
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.scenarios.server import HOST, Server, running
from tests.scenarios.waiting import met

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(
        shutil.which("prometheus") is None, reason="Debian's package `prometheus` is not here"
    ),
]

ROOT: Final = Path(__file__).parents[2]
ALERTS: Final = ROOT / "deploy" / "prometheus" / "alerts.yml"
CASES: Final = Path(__file__).with_name("alerts_test.yml")
DASHBOARDS: Final = sorted((ROOT / "deploy" / "grafana").glob("*.json"))
SETTINGS: Final = """\
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files: ["{rules}"]
scrape_configs:
  - job_name: rokuon
    static_configs:
      - targets: [{targets}]
"""
STARTED_WITHIN_S: Final = 60
SCRAPED_WITHIN_S: Final = 60


def free_port() -> int:
    """A port for Prometheus."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def scraping(folder: Path, *ports: int) -> Iterator[str]:
    """A Prometheus with our rules while the block lasts; the address of its API."""
    own = folder / "prometheus"
    own.mkdir()
    targets = ", ".join(f'"{HOST}:{port}"' for port in ports)
    (own / "prometheus.yml").write_text(SETTINGS.format(rules=ALERTS, targets=targets))
    port = free_port()
    command = ["prometheus", f"--config.file={own}/prometheus.yml"]
    command += [f"--storage.tsdb.path={own}/data", f"--web.listen-address={HOST}:{port}"]
    with (own / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            address = f"http://{HOST}:{port}"
            met(lambda: _answers(process, address, own / "log"), "it", within_s=STARTED_WITHIN_S)
            yield f"{address}/api/v1"
        finally:
            process.terminate()
            process.wait(30)


def _answers(process: subprocess.Popen[bytes], address: str, log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    try:
        return bool(urlopen(f"{address}/-/ready").status == 200)  # noqa: S310  # it is ours
    except OSError:
        return False


def asked(address: str, path: str, **about: str) -> Any:
    """What it answers."""
    with urlopen(f"{address}/{path}?{urlencode(about)}") as answer:  # noqa: S310  # it is ours
        return json.load(answer)["data"]


def queries() -> list[tuple[str, str]]:
    """Panel and expression of everything that the dashboards show."""
    boards = [json.loads(path.read_text("utf-8")) for path in DASHBOARDS]
    return [
        (f"{board['title']}: {panel['title']}", target["expr"])
        for board in boards
        for panel in board["panels"]
        for target in panel["targets"]
    ]


@pytest.fixture(scope="module")
def prometheus() -> Iterator[str]:
    """One that has scraped both pages of a Rokuon with a call behind it."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), peer=f"{HOST}/32") as server,
    ):
        pages = tomllib.loads(server.configuration.read_text())["metrics"]
        with scraping(Path(folder), pages["port"], pages["api_port"]) as address:
            _called(server)
            met(lambda: _scraped(address), "both pages", within_s=SCRAPED_WITHIN_S)
            yield address


def _called(server: Server) -> None:
    """A call has come and been archived, and the archive was verified."""
    server.command("selftest")
    server.command("verify")


def _scraped(address: str) -> bool:
    """Often enough for a rate of what the self-test has counted."""
    wanted = (
        "count(up == 1) == 2",
        "rokuon_keeper_told_timestamp_seconds > 0",
        "rokuon_verified_timestamp_seconds > 0",
        "sum(rate(rokuon_recordings_total[5m])) >= 0",
        "sum(rate(rokuon_http_answers_total[5m])) >= 0",
        "rokuon_retention_counted_timestamp_seconds",
    )
    return all(asked(address, "query", query=each)["result"] for each in wanted)


def test_the_alerts_are_what_prometheus_takes() -> None:
    """Names, durations, templates."""
    done = subprocess.run(
        ["promtool", "check", "rules", str(ALERTS)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "SUCCESS" in done.stdout


def test_each_alert_rings_by_its_series_and_not_before() -> None:
    """As promtool works them out over made-up hours."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ALERTS, folder)
        shutil.copy(CASES, folder)
        done = subprocess.run(
            ["promtool", "test", "rules", CASES.name],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_has_loaded_every_alert(prometheus: str) -> None:
    """And none of them fails over what a Rokuon really says."""
    groups = asked(prometheus, "rules")["groups"]
    rules = {rule["name"]: rule["health"] for group in groups for rule in group["rules"]}

    assert len(rules) == ALERTS.read_text().count("- alert:")
    assert set(rules.values()) <= {"ok", "unknown"}


def test_every_query_of_every_dashboard_answers_with_series(prometheus: str) -> None:
    """A panel without data is one that nobody notices the day it should show something."""
    found = {title: asked(prometheus, "query", query=query)["result"] for title, query in queries()}

    assert [title for title, series in found.items() if not series] == []
    assert len(found) > 30
    assert len(DASHBOARDS) == 3
