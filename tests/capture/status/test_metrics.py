"""Metrics as Prometheus reads them."""

import re

from prometheus_client import generate_latest

from capture.status.metrics import Figures, Metrics, WorkerFigures

FIGURES = Figures(
    calls=7,
    begun={("pbx",): 12},
    refused={("pbx", "full"): 3},
    strangers=2,
    troubles={("pbx", "lossy"): 1},
    full="cpu",
    workers=WorkerFigures(busy_permille={("0",): 250}, loops={("0", "native"): 1}),
    silent_sources=("pbx",),
    outsiders={("pbx", "stranger"): 4},
)


def shown(metrics: Metrics) -> list[str]:
    return generate_latest(metrics.registry).decode().splitlines()


def test_every_figure_has_a_line() -> None:
    """Names and labels are what dashboards and alarms are written against."""
    metrics = Metrics()
    metrics.now = FIGURES
    lines = shown(metrics)

    for line in (
        "rokuon_calls 7.0",
        "rokuon_full 1.0",
        'rokuon_recordings_total{source="pbx"} 12.0',
        'rokuon_refused_calls_total{reason="full",source="pbx"} 3.0',
        "rokuon_stranger_calls_total 2.0",
        'rokuon_troubled_calls{source="pbx",trouble="lossy"} 1.0',
        'rokuon_worker_busy_ratio{worker="0"} 0.25',
        'rokuon_relay_loop{loop="native",worker="0"} 1.0',
        'rokuon_source_silent{source="pbx"} 1.0',
        'rokuon_outsider_requests_total{source="pbx",standing="stranger"} 4.0',
    ):
        assert line in lines


def test_no_figure_tells_who_is_on_which_side() -> None:
    """What is a guess of one call would be a fact of a thousand (docs/siprec.md)."""
    metrics = Metrics()
    metrics.now = FIGURES
    told = [line for line in shown(metrics) if line.startswith("rokuon_")]

    assert told
    assert not re.search(r"(?<!out)side|direction|customer|agent|inbound|outbound", " ".join(told))


def test_a_node_that_has_just_begun_has_figures_too() -> None:
    """Nothing is missing where nothing has happened."""
    assert "rokuon_calls 0.0" in shown(Metrics())
