"""The alerts that come with Rokuon: what they ask for is said by a Rokuon that runs."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from api.health.judge import ALL, AlarmCode
from tests.monitoring import exported, monitored, page_of_capture, page_of_retention
from tests.promql import NotUnderstood, asked_by

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8")
BOARDS = sorted((ROOT / "deploy" / "grafana").glob("*.json"))
RULES = {rule["alert"]: rule for group in yaml.safe_load(TEXT)["groups"] for rule in group["rules"]}
HEALTH = (ROOT / "docs" / "health.md").read_text("utf-8")
# Alarms with a threshold of their own here; the others are looked for by their code.
BY_FIGURES = {
    "parts_stuck": "RokuonPartsStuck",
    "disk_refuses": "RokuonDiskRefuses",
    "calls_refused": "RokuonRefusesCalls",
}


@pytest.fixture(scope="module")
def pages() -> Iterator[Mapping[str, set[str]]]:
    """What is on the pages, name by name."""
    with monitored() as page:
        yield exported(page, page_of_capture(), page_of_retention())


def test_an_alert_asks_for_nothing_that_is_not_exposed(pages: Mapping[str, set[str]]) -> None:
    """One on a name or label that nobody exposes never rings."""
    for rule in RULES.values():
        for metric, labels in asked_by(rule["expr"]).items():
            assert labels <= pages[metric], metric


@pytest.mark.parametrize("board", BOARDS, ids=lambda path: path.stem)
def test_a_dashboard_asks_for_nothing_that_is_not_exposed(
    board: Path, pages: Mapping[str, set[str]]
) -> None:
    """A panel without data looks like a day on which all is well."""
    found = json.loads(board.read_text("utf-8"))
    queries = [each["expr"] for panel in found["panels"] for each in panel["targets"]]

    for query in queries:
        for metric, labels in asked_by(query).items():
            assert labels <= pages[metric], query
    assert len(queries) > 9


def test_dashboards_can_be_imported_side_by_side() -> None:
    """By their own names, over any Prometheus, and no panel on another."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in BOARDS}

    assert {stem: board["uid"] for stem, board in found.items()} == {
        stem: f"rokuon-{stem}" for stem in ("archive", "capture", "retention")
    }
    for board in found.values():
        places = [
            (panel["gridPos"]["x"] + x, panel["gridPos"]["y"] + y)
            for panel in board["panels"]
            for x in range(panel["gridPos"]["w"])
            for y in range(panel["gridPos"]["h"])
        ]
        sources = {target["datasource"]["uid"] for p in board["panels"] for target in p["targets"]}
        assert len(set(places)) == len(places)
        assert max(x for x, _ in places) < 24
        assert sources == {"${datasource}"}


def test_every_metric_that_the_documents_name_is_exposed(pages: Mapping[str, set[str]]) -> None:
    """Somebody builds a dashboard of his own after them."""
    named = re.findall(r"`(rokuon_\w+)(?:\{([\w,]+)\})?`", HEALTH)

    assert {name for name, _ in named} <= pages.keys()
    assert all(set(labels.split(",")) <= pages[name] for name, labels in named if labels)
    assert len(named) > 15


def test_every_alarm_has_its_alert_and_its_line() -> None:
    """And no alert is for an alarm that there is not."""
    codes = {each.value for each in AlarmCode}
    matched = {
        code
        for rule in RULES.values()
        for _, listed in re.findall(r'alarm(=~|=)"([^"]+)"', rule["expr"])
        for code in listed.split("|")
    }
    lines = re.findall(r"^\| `(\w+)`(?: \(|\s\|)", HEALTH, re.MULTILINE)

    assert matched == codes - BY_FIGURES.keys()
    assert set(BY_FIGURES.values()) <= RULES.keys()
    assert set(lines) == codes == {each.code.value for each in ALL}
    assert set(re.findall(r"\| (Rokuon\w+) \|$", HEALTH, re.MULTILINE)) <= RULES.keys()


def test_an_alert_names_only_commands_that_there_are() -> None:
    """Whoever is woken by it types them."""
    named = set(re.findall(r"rokuon ((?:audit|hold|retention|backup) [a-z-]+)", TEXT))
    documented = (ROOT / "docs" / "cli.md").read_text("utf-8")

    assert {each for each in named if f"rokuon {each}" not in documented} == set()
    assert len(named) == 6


@pytest.mark.parametrize(
    ("expression", "asked"),
    [
        ('increase(a_total{x="1", y=~"b|c"}[5m]) > 0', {"a_total": {"x", "y"}}),
        ('sum by (r) (a{q!="1"}) / on (r) b * 2 - time()', {"a": {"q", "r"}, "b": {"r"}}),
        ("(a or b) and c == bool 1", {"a": set(), "b": set(), "c": set()}),
        ("max(a) by (d)", {"a": {"d"}}),
        ("-rate(a[$__rate_interval])", {"a": set()}),
    ],
)
def test_the_walker_finds_names_and_labels(expression: str, asked: dict[str, set[str]]) -> None:
    """Matched, grouped or joined by."""
    assert asked_by(expression) == asked


@pytest.mark.parametrize("broken", ["sum(a", "a{b=}", "nonsense(a)", "a b", "a >", "a @ 5"])
def test_the_walker_refuses_what_it_does_not_know(broken: str) -> None:
    """Else a broken query would pass as one that asks for nothing."""
    with pytest.raises(NotUnderstood):
        asked_by(broken)
